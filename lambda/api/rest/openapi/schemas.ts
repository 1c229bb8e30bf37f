import * as z from 'zod/mini';
import { datedRecordSchema, datedStateSchema, statusSchema } from '../../../codes/dated-record';
import { codeTypeSchema, crosswalkLinkSchema, notesSchema } from '../../../codes/record';
import {
  batchErrorSchema,
  batchResultSchema,
  categoryPageSchema,
  crosswalkPairSchema,
  crosswalkSchema,
  hotCodeAnswerSchema,
  hotCodesAnswerSchema,
  listedCodeSchema,
} from '../../../lookup/answers';
import { batchAnswerSchema, healthSchema } from '../answers';
import { problemSchema } from '../../problem';
import { batchBodySchema } from '../requests';
import { SCHEMA_TEXTS, type SchemaText } from './texts';

/** A JSON Schema, or any other part of the document, as plain JSON. */
export type Json = Record<string, unknown>;

const NAMED = {
  CodeType: codeTypeSchema,
  Status: statusSchema,
  CodeRecord: datedRecordSchema,
  CodeState: datedStateSchema,
  Notes: notesSchema,
  ListedCode: listedCodeSchema,
  CategoryPage: categoryPageSchema,
  HotCode: hotCodeAnswerSchema,
  HotCodes: hotCodesAnswerSchema,
  CrosswalkLink: crosswalkLinkSchema,
  Crosswalk: crosswalkSchema,
  CrosswalkPair: crosswalkPairSchema,
  BatchRequest: batchBodySchema,
  BatchResult: batchResultSchema,
  BatchError: batchErrorSchema,
  BatchAnswer: batchAnswerSchema,
  Health: healthSchema,
  Problem: problemSchema,
} satisfies Record<keyof typeof SCHEMA_TEXTS, z.core.$ZodType>;

/** Where the document keeps a named schema. */
export function schemaRef(name: keyof typeof NAMED): Json {
  return { $ref: `#/components/schemas/${name}` };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Descriptions of an object's members, put where the schemas themselves would only grow the bundle. */
function describe(schema: Json, texts: Readonly<Record<string, string>>): void {
  if (!isJson(schema.properties)) return;
  for (const [name, member] of Object.entries(schema.properties)) {
    if (isJson(member)) member.description = texts[name];
  }
}

/** `components.schemas`: what the handlers validate and answer, from the very same zod schemas. */
export function componentSchemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      // Answers may gain members; only requests are closed.
      if (def.type === 'object' && !('catchall' in def && def.catchall !== undefined)) {
        delete jsonSchema.additionalProperties;
      }
    },
  });
  const components: Json = {};
  const texts: Readonly<Record<string, SchemaText>> = SCHEMA_TEXTS;
  for (const [name, { description, members, example }] of Object.entries(texts)) {
    const { $schema: _schema, $id: _id, ...schema } = { ...schemas[name] };
    describe(schema, members ?? {});
    components[name] = { description, ...schema, ...(example === undefined ? {} : { examples: [example] }) };
  }
  return components;
}

/** The parameters of a query schema, in its order. */
export function queryParameters(schema: z.ZodMiniObject, texts: Readonly<Record<string, string>>): Json[] {
  const { properties = {} } = z.toJSONSchema(schema);
  return Object.entries(properties).map(([name, member]) => ({
    name,
    in: 'query',
    required: false,
    description: texts[name],
    schema: member,
  }));
}
