/** Every `type` the service answers, in the order documents list them. */
export const CODE_TYPES = ['icd10', 'cpt', 'hcpcs'] as const;
export type CodeType = (typeof CODE_TYPES)[number];

/** Whether a path or body value names a code system. */
export function isCodeType(value: unknown): value is CodeType {
  return CODE_TYPES.some((type) => type === value);
}
