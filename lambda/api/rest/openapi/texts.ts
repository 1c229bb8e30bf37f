/** Words and an example for a schema of the document. */
export interface SchemaText {
  readonly description: string;
  readonly members?: Readonly<Record<string, string>>;
  readonly example?: Readonly<Record<string, unknown>>;
}

export const EXAMPLE_RECORD = {
  type: 'icd10',
  code: 'Z00.00',
  description: 'Encounter for general adult medical examination without abnormal findings',
  shortDescription: 'Encntr for general adult medical exam w/o abnormal findings',
  category: 'Z00',
  billable: true,
  status: 'active',
  validFrom: null,
  validTo: null,
};

const CODE = 'Canonical spelling of the code, e.g. `Z00.00`, `99213`, `J1100`.';
const LINK = {
  relationship: 'How the two go together, in the words of the source; coverage articles say `covered`.',
  sources: 'Where the relation comes from, e.g. `MCD A12345`.',
};

export const SCHEMA_TEXTS = {
  CodeType: { description: 'Code system: ICD-10-CM, CPT, or HCPCS Level II.' },
  CodeRecord: {
    description: 'One medical code of the live release, as it is on the date asked for.',
    members: {
      type: 'The code system.',
      code: CODE,
      description: 'Long description. For CPT, the descriptor of the licensed file.',
      shortDescription: 'Short description.',
      category:
        'ICD-10-CM: the first three characters. CPT: the section, e.g. `surgery`. HCPCS: the first letter.',
      billable: 'Whether the code may stand on a claim of that date; false for header codes.',
      status: 'What the code is on that date.',
      validFrom: 'First day of what is answered; null where the code was there when the first edition began.',
      validTo: 'Last day of what is answered; null while no end is known.',
      replacedBy: 'Codes to use instead on that date, where a conversion table or an addendum names them.',
      states: 'All that the code ever said, oldest first; with `history=true`.',
      notes: 'Instructional notes of the tabular list (ICD-10-CM).',
    },
    example: EXAMPLE_RECORD,
  },
  Status: {
    description: '`active`: in force on that date. `future`: not yet, or again later. `ended`: no more.',
  },
  CodeState: {
    description: 'What a code says from one day to another.',
    members: {
      validFrom: 'First day; null where the code was there when the first edition began.',
      validTo: 'Last day; null while no end is known.',
      billable: 'Whether the code may stand on a claim of these days.',
      description: 'Long description.',
      shortDescription: 'Short description.',
    },
  },
  Notes: {
    description: 'Instructional notes of an ICD-10-CM code, in the words of the tabular list.',
    members: {
      inclusionTerms: 'Conditions the code is used for.',
      includes: 'What the category includes.',
      excludes1: 'Never coded here: the two cannot occur together.',
      excludes2: 'Not part of this code; may be coded besides.',
      codeFirst: 'Code the underlying condition first.',
      codeAlso: 'A second code may be needed.',
      useAdditionalCode: 'Add a code for further detail.',
      notes: 'Other notes.',
    },
  },
  ListedCode: {
    description: 'One code of a category.',
    members: {
      code: CODE,
      shortDescription: 'Short description.',
      billable: 'Whether the code may stand on a claim of the date asked for.',
      status: 'What the code is on that date.',
      validTo: 'Last day of what is listed; null while no end is known.',
    },
  },
  CategoryPage: {
    description: 'One page of a category, in official order.',
    members: {
      type: 'The code system.',
      category: 'Canonical spelling of the category.',
      total: 'How many codes match the filter, on all pages together.',
      codes: 'The codes of this page.',
      nextCursor: 'Pass as `cursor` to get the next page; null on the last.',
    },
    example: {
      type: 'icd10',
      category: 'Z00',
      total: 21,
      codes: [
        {
          code: 'Z00',
          shortDescription: 'Encntr for general exam w/o complaint, susp or reprtd dx',
          billable: false,
          status: 'active',
          validTo: null,
        },
      ],
      nextCursor: 'MTppY2QxMDpaMDA6WjAw',
    },
  },
  HotCode: {
    description: 'One of the codes a team uses most.',
    members: {
      rank: '1 for the most used.',
      type: 'The code system.',
      code: CODE,
      shortDescription: 'Short description.',
      uses: 'Uses, older ones counting less.',
      status: 'What the code is on the date asked for.',
    },
  },
  HotCodes: {
    description: "A team's most used codes.",
    members: {
      teamId: 'The team.',
      generatedAt: 'When the list was made; null while the team has none.',
      codes: 'The codes, most used first.',
    },
    example: {
      teamId: 'demo',
      generatedAt: '2026-11-01T06:00:00.000Z',
      codes: [
        {
          rank: 1,
          type: 'icd10',
          code: 'Z00.00',
          shortDescription: EXAMPLE_RECORD.shortDescription,
          uses: 412,
          status: 'active',
        },
      ],
    },
  },
  CrosswalkLink: {
    description: 'A procedure that an ICD-10-CM code supports.',
    members: { cpt: 'A CPT code, or a HCPCS code where the source has one.', ...LINK },
  },
  Crosswalk: {
    description: 'Every procedure that an ICD-10-CM code supports.',
    members: { icd10: 'The ICD-10-CM code.', cpts: 'The procedures; empty when none is known.' },
    example: {
      icd10: 'Z00.00',
      cpts: [{ cpt: '99395', relationship: 'covered', sources: ['MCD A12345'] }],
    },
  },
  CrosswalkPair: {
    description: 'Whether an ICD-10-CM code supports a procedure.',
    members: {
      icd10: 'The ICD-10-CM code.',
      cpt: 'The CPT or HCPCS code.',
      related: 'Whether the crosswalk links the two.',
      relationship: `${LINK.relationship} Null when not related.`,
      sources: LINK.sources,
    },
    example: {
      icd10: 'Z00.00',
      cpt: '99395',
      related: true,
      relationship: 'covered',
      sources: ['MCD A12345'],
    },
  },
  BatchRequest: {
    description: 'Up to 200 codes of any systems.',
    members: {
      on: 'Date of service of all; today in New York by default.',
      codes: 'The codes, in any accepted spelling.',
    },
    example: {
      on: '2026-10-01',
      codes: [
        { type: 'icd10', code: 'z0000' },
        { type: 'cpt', code: '99213' },
      ],
    },
  },
  BatchResult: {
    description: 'The answer to one code of a batch.',
    members: {
      type: 'The code system.',
      code: CODE,
      found: 'Whether the live release holds the code.',
      record: 'The record; absent when not found.',
      error: 'What is wrong with this item; absent where it could be looked up.',
    },
  },
  BatchError: {
    description: 'What is wrong with one item of a batch.',
    members: {
      code: 'Stable code for programs, as in a problem.',
      detail: 'What is wrong, and what to do.',
      suggestion: 'A code that may have been meant.',
    },
  },
  BatchAnswer: {
    description: 'One result per code, in the order asked.',
    members: { results: 'The results.' },
    example: { results: [{ type: 'icd10', code: 'Z00.00', found: true, record: EXAMPLE_RECORD }] },
  },
  Health: {
    description: 'Whether the service runs as it should.',
    members: { status: '`degraded`: the cache or the catalog is out; lookups may still answer.' },
    example: { status: 'ok' },
  },
  Problem: {
    description: 'What went wrong, as problem details (RFC 9457).',
    members: {
      type: 'URN of the kind of problem.',
      title: 'The kind of problem in words.',
      status: 'The HTTP status.',
      detail: 'What is wrong with this request, and what to do.',
      code: 'Stable code for programs.',
      field: 'The part of the request that is wrong, e.g. `limit` or `codes[3].code`.',
      expected: 'What the field should look like.',
      suggestion: 'A code that may have been meant.',
      codeType: 'Code system of an unknown code.',
      value: 'The unknown code or category, or the date that is before every edition.',
      firstDay: 'First day that is known of the code system.',
      allow: 'Methods the route takes.',
    },
    example: {
      field: 'code',
      expected: 'four digits, then a digit or one of F, T, U, M, such as 99213 or 0001F',
      type: 'urn:medical-codes:problem:invalid-code',
      title: 'Invalid code',
      status: 400,
      detail:
        'code "9921" is no CPT code; expected four digits, then a digit or one of F, T, U, M, such as 99213 or 0001F.',
      code: 'INVALID_CODE',
    },
  },
} as const satisfies Readonly<Record<string, SchemaText>>;
