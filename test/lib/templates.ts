import type { Template } from 'aws-cdk-lib/assertions';

/** A piece of a template, for tests that know what they look for in it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, Loose>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: string[];
}

/** Resources of a type, by logical id. */
export function resources(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type) as Record<string, Resource>);
}

/** The only resource of a type, or the only one whose logical id begins like this. */
export function resource(template: Template, type: string, idPrefix = ''): Resource {
  const found = resources(template, type).filter(([id]) => id.startsWith(idPrefix));
  if (found.length !== 1) throw new Error(`${found.length} of ${type} ${idPrefix}`);
  return found[0]![1];
}

/** An intrinsic as one line of text, references as their names. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const {
    'Fn::Join': join,
    Ref: ref,
    'Fn::GetAtt': attribute,
    'Fn::GetStackOutput': output,
  } = value as Record<string, Loose>;
  if (join) return (join[1] as unknown[]).map(text).join(join[0] as string);
  if (ref) return `<${ref}>`;
  if (attribute) return `<${attribute.join('.')}>`;
  if (output) return `<${output.StackName}:${output.OutputName}>`;
  return JSON.stringify(value);
}
