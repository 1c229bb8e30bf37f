export const SYSTEM_NAMES = { icd10: 'ICD-10-CM', cpt: 'CPT', hcpcs: 'HCPCS Level II' };
