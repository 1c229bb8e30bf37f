/** Where the section of an alarm stands: its name is the heading, which viewers turn into a lower-case anchor. */
export function runbookSection(alarmName: string): string {
  return `docs/runbook.md#${alarmName.toLowerCase()}`;
}
