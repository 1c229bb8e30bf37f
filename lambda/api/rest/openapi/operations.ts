import { CODE_TYPES } from '../../../names/code-types';
import type { ErrorCode } from '../../../names/errors';
import { MAX_BODY_BYTES } from '../../body';
import { TEAM_HEADER } from '../../identity';
import {
  BATCH_LIMIT,
  categoryQuerySchema,
  codeQuerySchema,
  dayQuerySchema,
  hotCodesQuerySchema,
} from '../requests';
import { type Json, queryParameters, type schemaRef } from './schemas';

type SchemaName = Parameters<typeof schemaRef>[0];

/** What the document says of one route besides its method and path. */
export interface Operation {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly Json[];
  readonly request?: SchemaName;
  /** Schema of the answer; undefined for a document that describes itself. */
  readonly answer?: SchemaName;
  readonly errors: readonly ErrorCode[];
  /** Whether the answer comes through the cache and says so in its headers. */
  readonly lookup: boolean;
  /** False for what needs no credentials. */
  readonly authenticated: boolean;
}

export const TAGS = [
  { name: 'Codes', description: 'One code, a category of codes, or many codes at once.' },
  { name: 'Crosswalk', description: 'Which procedures a diagnosis supports.' },
  { name: 'Teams', description: 'What a team uses most.' },
  { name: 'Service', description: 'Health and this description.' },
] as const;

function inPath(name: string, description: string, example: string, schema: Json = { type: 'string' }): Json {
  return { name, in: 'path', required: true, description, schema, example };
}

const type = inPath('type', 'Code system.', 'icd10', { type: 'string', enum: [...CODE_TYPES] });
const icd10 = inPath('icd10', 'ICD-10-CM code; the dot and the case do not matter.', 'Z00.00');

const countFor: Json = {
  name: TEAM_HEADER,
  in: 'header',
  required: false,
  description:
    "Team whose use of the code is counted, for callers without a token's team claim. It gives access to nothing.",
  schema: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$' },
};

const QUERY_TEXTS = {
  limit: 'Most codes to answer.',
  cursor: '`nextCursor` of the previous page; leave it out for the first.',
  billable: '`true` for codes that are billable on the date only, `false` for the others.',
  on: 'Date of service, `YYYY-MM-DD`; today in New York by default.',
  history: '`true` adds all states of the code, oldest first.',
  status: '`all` adds codes that are future or ended on the date.',
};

const common = { lookup: true, authenticated: true } as const;

/** By path. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  '/v1/{type}/{code}': {
    ...common,
    operationId: 'getCode',
    tag: 'Codes',
    summary: 'Look up one code',
    description:
      'Case and surrounding space do not matter, nor does the dot of an ICD-10-CM code: `z0000` is `Z00.00`.',
    parameters: [
      type,
      inPath('code', 'The code.', 'Z00.00'),
      ...queryParameters(codeQuerySchema, QUERY_TEXTS),
      countFor,
    ],
    answer: 'CodeRecord',
    errors: ['INVALID_CODE', 'INVALID_REQUEST', 'UNKNOWN_CODE', 'NO_EDITION'],
  },
  '/v1/{type}/categories/{category}': {
    ...common,
    operationId: 'listCategory',
    tag: 'Codes',
    summary: 'List the codes of a category',
    description: 'Codes in force on the date, in official order, page by page.',
    parameters: [
      type,
      inPath(
        'category',
        'ICD-10-CM: first three characters. CPT: section, e.g. `surgery`. HCPCS: first letter.',
        'Z00',
      ),
      ...queryParameters(categoryQuerySchema, QUERY_TEXTS),
    ],
    answer: 'CategoryPage',
    errors: ['INVALID_REQUEST', 'UNKNOWN_CODE', 'NO_EDITION'],
  },
  '/v1/teams/{teamId}/hot-codes': {
    ...common,
    operationId: 'getHotCodes',
    tag: 'Teams',
    summary: "List a team's most used codes",
    description:
      "Under JWT authentication the token's team claim must be this team. A team nobody has counted for yet has an empty list.",
    parameters: [inPath('teamId', 'The team.', 'demo'), ...queryParameters(hotCodesQuerySchema, QUERY_TEXTS)],
    answer: 'HotCodes',
    errors: ['INVALID_REQUEST', 'FORBIDDEN_TEAM'],
  },
  '/v1/crosswalk/{icd10}': {
    ...common,
    operationId: 'getCrosswalk',
    tag: 'Crosswalk',
    summary: 'List the procedures a diagnosis supports',
    description: 'A known diagnosis without links answers an empty list.',
    parameters: [icd10, ...queryParameters(dayQuerySchema, QUERY_TEXTS)],
    answer: 'Crosswalk',
    errors: ['INVALID_CODE', 'INVALID_REQUEST', 'UNKNOWN_CODE', 'NO_EDITION'],
  },
  '/v1/crosswalk/{icd10}/{cpt}': {
    ...common,
    operationId: 'getCrosswalkPair',
    tag: 'Crosswalk',
    summary: 'Tell whether a diagnosis supports a procedure',
    description: 'The procedure is a CPT code or a HCPCS Level II code.',
    parameters: [
      icd10,
      inPath('cpt', 'CPT or HCPCS code.', '99395'),
      ...queryParameters(dayQuerySchema, QUERY_TEXTS),
    ],
    answer: 'CrosswalkPair',
    errors: ['INVALID_CODE', 'INVALID_REQUEST', 'UNKNOWN_CODE', 'NO_EDITION'],
  },
  '/v1/codes/batch': {
    ...common,
    operationId: 'getCodes',
    tag: 'Codes',
    summary: 'Look up many codes',
    description: `Up to ${BATCH_LIMIT} codes in ${MAX_BODY_BYTES / 1024} KB of JSON. An unknown code is \`found: false\`; one that can be no code has an \`error\` of its own.`,
    parameters: [countFor],
    request: 'BatchRequest',
    answer: 'BatchAnswer',
    errors: ['INVALID_REQUEST', 'PAYLOAD_TOO_LARGE'],
  },
  '/v1/health': {
    operationId: 'getHealth',
    tag: 'Service',
    summary: 'Tell whether the service is well',
    description: 'Always 200; `degraded` while the cache or the catalog is out.',
    parameters: [],
    answer: 'Health',
    errors: ['INVALID_REQUEST'],
    lookup: false,
    authenticated: false,
  },
  '/openapi.json': {
    operationId: 'getOpenApi',
    tag: 'Service',
    summary: 'This document',
    description: 'OpenAPI 3.1.',
    parameters: [],
    errors: ['INVALID_REQUEST'],
    lookup: false,
    authenticated: true,
  },
};
