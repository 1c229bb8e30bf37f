import { parseCategory, parseCode, parseProcedure, parseTeamId } from '../../codes/parse';
import { type CodeType, isCodeType } from '../../names/code-types';
import type { BatchQuestion, CodeRef } from '../../lookup/questions';
import { AppError, InvalidCode } from '../../names/errors';
import type { ApiHost } from '../host';
import { type Identity, requireIdentity, requireTeam, usageTeam } from '../identity';
import openApi from '../../../docs/openapi.json';
import type { Reply } from './reply';
import {
  batchBodySchema,
  categoryQuerySchema,
  codeQuerySchema,
  dayQuerySchema,
  hotCodesQuerySchema,
  noQuerySchema,
} from './requests';
import { parseBody, parseQuery } from './validate';

/** A request as routes see it. */
export interface RouteRequest {
  /** Part of the path, percent-decoded. */
  param(name: string): string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly identity: Identity;
  json(): Promise<unknown>;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Pattern as in OpenAPI, e.g. `/v1/{type}/{code}`; `{type}` is one of the code systems. */
  readonly path: string;
  /** False for what must be asked anew each time. */
  readonly cacheable?: false;
  handle(request: RouteRequest, host: ApiHost): Promise<Reply>;
}

function typeOf(request: RouteRequest): CodeType {
  const type = request.param('type');
  // The router lets nothing else through.
  if (!isCodeType(type)) throw new AppError('NOT_FOUND', `There is no code system ${JSON.stringify(type)}.`);
  return type;
}

/** Identity first: nobody learns from a 400 what a 401 should have kept. */
function admit(request: RouteRequest): string | undefined {
  requireIdentity(request.identity);
  return usageTeam(request.identity, request.headers);
}

const record: Route = {
  method: 'GET',
  path: '/v1/{type}/{code}',
  async handle(request, { lookups }) {
    const team = admit(request);
    const type = typeOf(request);
    const code = parseCode(type, request.param('code'));
    const query = parseQuery(codeQuerySchema, request.query);
    return await lookups.record({ type, code, ...query }, team);
  },
};

const category: Route = {
  method: 'GET',
  path: '/v1/{type}/categories/{category}',
  async handle(request, { lookups }) {
    admit(request);
    const type = typeOf(request);
    const name = parseCategory(type, request.param('category'));
    const page = parseQuery(categoryQuerySchema, request.query);
    return await lookups.category({ type, category: name, ...page });
  },
};

const hotCodes: Route = {
  method: 'GET',
  path: '/v1/teams/{teamId}/hot-codes',
  async handle(request, { lookups }) {
    requireIdentity(request.identity);
    const teamId = parseTeamId(request.param('teamId'));
    requireTeam(request.identity, teamId);
    const { limit, on } = parseQuery(hotCodesQuerySchema, request.query);
    return await lookups.hotCodes(teamId, limit, on);
  },
};

const crosswalk: Route = {
  method: 'GET',
  path: '/v1/crosswalk/{icd10}',
  async handle(request, { lookups }) {
    admit(request);
    const icd10 = parseCode('icd10', request.param('icd10'), 'icd10');
    const { on } = parseQuery(dayQuerySchema, request.query);
    return await lookups.crosswalk(icd10, on);
  },
};

const crosswalkPair: Route = {
  method: 'GET',
  path: '/v1/crosswalk/{icd10}/{cpt}',
  async handle(request, { lookups }) {
    admit(request);
    const icd10 = parseCode('icd10', request.param('icd10'), 'icd10');
    const procedure = parseProcedure(request.param('cpt'), 'cpt');
    const { on } = parseQuery(dayQuerySchema, request.query);
    return await lookups.crosswalkPair(icd10, procedure, on);
  },
};

/** An item as it is looked up; one that can be no code says what is wrong with it. */
function batchItem({ type, code }: CodeRef, field: string): BatchQuestion['items'][number] {
  try {
    return { type, code: parseCode(type, code, field) };
  } catch (problem) {
    if (problem instanceof InvalidCode) return { type, code, problem };
    throw problem;
  }
}

const batch: Route = {
  method: 'POST',
  path: '/v1/codes/batch',
  async handle(request, { lookups }) {
    const team = admit(request);
    parseQuery(noQuerySchema, request.query);
    const { on, codes } = parseBody(batchBodySchema, await request.json());
    const items = codes.map((each, index) => batchItem(each, `codes[${index}].code`));
    const answer = await lookups.batch({ on, items }, team);
    return { ...answer, value: { results: answer.value } };
  },
};

const health: Route = {
  method: 'GET',
  path: '/v1/health',
  cacheable: false,
  async handle(request, host) {
    parseQuery(noQuerySchema, request.query);
    return { value: { status: await host.health() } };
  },
};

const description: Route = {
  method: 'GET',
  path: '/openapi.json',
  handle(request) {
    requireIdentity(request.identity);
    return Promise.resolve({ value: openApi });
  },
};

/** Every route of the service, in the order documents list them. */
export const ROUTES: readonly Route[] = [
  record,
  category,
  hotCodes,
  crosswalk,
  crosswalkPair,
  batch,
  health,
  description,
];
