import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { batchAnswerSchema } from '../../../lambda/api/rest/answers';
import { openApiDocument } from '../../../lambda/api/rest/openapi/document';
import { PROBLEMS, problemSchema } from '../../../lambda/api/problem';
import { batchBodySchema } from '../../../lambda/api/rest/requests';
import { ROUTES } from '../../../lambda/api/rest/routes';
import { datedRecordSchema } from '../../../lambda/codes/dated-record';
import {
  categoryPageSchema,
  crosswalkPairSchema,
  crosswalkSchema,
  hotCodesAnswerSchema,
} from '../../../lambda/lookup/answers';
import { type Loose, smallService } from '../../support/small-service';

const document: Loose = openApiDocument();
const operations: [string, Loose][] = Object.entries<Loose>(document.paths).flatMap(([path, methods]) =>
  Object.entries<Loose>(methods).map(([method, operation]): [string, Loose] => [
    `${method.toUpperCase()} ${path}`,
    operation,
  ]),
);

test('docs/openapi.json is what the build would write', () => {
  const committed = readFileSync(join(__dirname, '../../../docs/openapi.json'), 'utf8');
  expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(document)));
});

test('the service answers it', async () => {
  const response = await smallService().send('/openapi.json');
  expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)));
  expect(response.headers.get('etag')).not.toBeNull();
});

test('it describes every route, and no other', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(operations.map(([name]) => name).sort()).toEqual(
    ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
  );
});

test.each(operations)('%s is described in full', (name, operation) => {
  expect(operation).toMatchObject({
    operationId: expect.any(String),
    summary: expect.any(String),
    description: expect.any(String),
    tags: [expect.any(String)],
  });
  const inPath = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  const declared = operation.parameters.filter((each: Loose) => each.in === 'path');
  expect(declared.map((each: Loose) => each.name)).toEqual(inPath);
  for (const parameter of operation.parameters) {
    expect(parameter).toMatchObject({ description: expect.any(String), schema: expect.any(Object) });
  }
  expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['200', '405', '429', '503']));
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
  expect(references.length).toBeGreaterThan(20);
  for (const reference of references) {
    const target = reference
      .replace('#/', '')
      .split('/')
      .reduce<Loose>((value, part) => value?.[part], document);
    expect([reference, typeof target]).toEqual([reference, 'object']);
  }
});

test('every member of every schema has a description', () => {
  for (const [name, schema] of Object.entries<Loose>(document.components.schemas)) {
    expect([name, typeof schema.description]).toEqual([name, 'string']);
    for (const [member, { description }] of Object.entries<Loose>(schema.properties ?? {})) {
      expect([`${name}.${member}`, typeof description]).toEqual([`${name}.${member}`, 'string']);
    }
  }
});

test('every error the service knows has its status described', () => {
  for (const { status } of Object.values(PROBLEMS)) {
    expect(document.components.responses).toHaveProperty(`Error${status}`);
  }
});

test('only health goes without credentials', () => {
  expect(document.security).toEqual([{ jwt: [] }, { sigv4: [] }]);
  const open = operations.filter(([, operation]) => operation.security !== undefined);
  expect(open.map(([name]) => name)).toEqual(['GET /v1/health']);
});

test('the examples are valid', () => {
  const schemas: Record<string, z.core.$ZodType> = {
    CodeRecord: datedRecordSchema,
    CategoryPage: categoryPageSchema,
    HotCodes: hotCodesAnswerSchema,
    Crosswalk: crosswalkSchema,
    CrosswalkPair: crosswalkPairSchema,
    BatchRequest: batchBodySchema,
    BatchAnswer: batchAnswerSchema,
    Problem: problemSchema,
  };
  for (const [name, schema] of Object.entries(schemas)) {
    const [example] = document.components.schemas[name].examples;
    expect([name, z.safeParse(schema, example).error]).toEqual([name, undefined]);
  }
});
