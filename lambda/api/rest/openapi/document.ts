import type { ErrorCode } from '../../../names/errors';
import { OUTCOMES } from '../../../names/outcomes';
import { PROBLEMS, RETRY_AFTER_SECONDS } from '../../problem';
import { MAX_AGE } from '../reply';
import { ROUTES } from '../routes';
import { type Operation, OPERATIONS, TAGS } from './operations';
import { componentSchemas, type Json, schemaRef } from './schemas';

const ABOUT = [
  'Looks up medical codes: ICD-10-CM diagnoses, CPT and HCPCS Level II procedures, the codes of a category,',
  "a team's most used codes, and which procedures a diagnosis supports.",
  '',
  'Paths have no trailing slash. HEAD works wherever GET does. Query parameters a route does not know, and',
  'repeated ones, are refused. Every response carries `x-request-id`.',
].join('\n');

const SECURITY_SCHEMES = {
  jwt: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Where an issuer is configured: a token of that issuer for the configured audience.',
  },
  sigv4: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'Otherwise: AWS Signature Version 4, service `execute-api`.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
};

const HEADERS = {
  'x-request-id': { description: 'Id of the request in the logs.', schema: { type: 'string' } },
  'x-cache': {
    description:
      'Where the answer came from: `memory` and `redis` are hits; `miss` read the catalog; `bypass` read it because Redis was out; `stale` is an expired value because the catalog was out too. Of several values, the farthest.',
    schema: { type: 'string', enum: [...OUTCOMES] },
  },
  'x-catalog-release': {
    description: 'Release the answer belongs to.',
    schema: { type: 'string' },
    example: '2026.1',
  },
  etag: { description: 'Send it as If-None-Match to get 304 while it holds.', schema: { type: 'string' } },
  'x-catalog-edition': {
    description:
      'First day of the edition that answers for the date; of several systems, where it is the same.',
    schema: { type: 'string', format: 'date' },
    example: '2026-10-01',
  },
  'cache-control': {
    description: `\`private, max-age=${MAX_AGE}\`; less where no date is given and midnight in New York is nearer.`,
    schema: { type: 'string' },
  },
  'retry-after': {
    description: 'Seconds to wait before trying again.',
    schema: { type: 'integer' },
    example: RETRY_AFTER_SECONDS,
  },
  allow: { description: 'Methods the route takes.', schema: { type: 'string' } },
  'www-authenticate': { description: 'How to authenticate.', schema: { type: 'string' } },
};

function headers(...names: (keyof typeof HEADERS)[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const EXTRA_HEADERS: Partial<Record<number, keyof typeof HEADERS>> = {
  401: 'www-authenticate',
  405: 'allow',
  503: 'retry-after',
};

/** One shared response per error status, naming each `code` it may carry. */
function errorComponents(): Json {
  const components: Json = {};
  for (const { status } of Object.values(PROBLEMS)) {
    const named = Object.entries(PROBLEMS).filter(([, problem]) => problem.status === status);
    const extra = EXTRA_HEADERS[status];
    components[`Error${status}`] = {
      description: named.map(([code, { title }]) => `${title} (\`${code}\`).`).join(' '),
      headers: headers('x-request-id', ...(extra === undefined ? [] : [extra])),
      content: { 'application/problem+json': { schema: schemaRef('Problem') } },
    };
  }
  return components;
}

function errorResponses(codes: readonly ErrorCode[]): Json {
  return Object.fromEntries(
    codes.map((code) => {
      const { status } = PROBLEMS[code];
      return [String(status), { $ref: `#/components/responses/Error${status}` }];
    }),
  );
}

function operation(method: string, about: Operation): Json {
  const lookupHeaders = headers(
    'x-request-id',
    'x-cache',
    'x-catalog-release',
    'x-catalog-edition',
    'etag',
    'cache-control',
  );
  const okHeaders = about.lookup ? lookupHeaders : headers('x-request-id', 'cache-control');
  const schema = about.answer === undefined ? { type: 'object' } : schemaRef(about.answer);
  const errors: ErrorCode[] = [...about.errors, 'METHOD_NOT_ALLOWED', 'TOO_MANY_REQUESTS', 'UNAVAILABLE'];
  if (about.authenticated) errors.push('UNAUTHORIZED');
  return {
    operationId: about.operationId,
    tags: [about.tag],
    summary: about.summary,
    description: about.description,
    ...(about.authenticated ? {} : { security: [] }),
    parameters: about.parameters,
    ...(about.request === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaRef(about.request) } },
          },
        }),
    responses: {
      200: {
        description: 'The answer.',
        headers: okHeaders,
        content: { 'application/json': { schema } },
      },
      ...(method === 'GET' && about.operationId !== 'getHealth'
        ? { 304: { description: 'The answer named by If-None-Match still holds.', headers: okHeaders } }
        : {}),
      ...errorResponses(errors),
    },
  };
}

/**
 * The API's OpenAPI 3.1 document, made from the routes and the schemas that serve requests. The build writes
 * it to `docs/openapi.json`, so that no handler carries what generates it.
 */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const { method, path } of ROUTES) {
    const about = OPERATIONS[path];
    if (about === undefined)
      throw new Error(`lambda/api/rest/openapi/operations.ts does not describe ${path}`);
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(method, about) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Medical codes',
      version: '1',
      description: ABOUT,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'Where this document was found.' }],
    security: [{ jwt: [] }, { sigv4: [] }],
    tags: TAGS,
    paths,
    components: {
      schemas: componentSchemas(),
      responses: errorComponents(),
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}
