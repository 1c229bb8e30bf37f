import { type CodeType, isCodeType } from '../names/code-types';

/** A use of one code, as a member of `usage:<teamId>`: `icd10:Z00.00`. */
export function usageMember(type: CodeType, code: string): string {
  return `${type}:${code}`;
}

/** The code behind a member; undefined for anything else. */
export function parseUsageMember(member: string): { type: CodeType; code: string } | undefined {
  const colon = member.indexOf(':');
  const type = member.slice(0, colon);
  return isCodeType(type) && colon + 1 < member.length ? { type, code: member.slice(colon + 1) } : undefined;
}
