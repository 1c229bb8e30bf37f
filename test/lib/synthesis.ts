import { App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, HIPAASecurityChecks } from 'cdk-nag';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentName } from '../../lambda/names/environments';
import { environmentConfig } from '../../lib/config/environments';
import { addEnvironment } from '../../lib/medical-codes';
import type { Variables } from '../../lib/config/variables';

const { context } = JSON.parse(readFileSync(join(__dirname, '../../cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

/** An app with the project's own context. Bundling is left out by default: templates do not depend on it. */
export function app({ bundled = false } = {}): App {
  return new App({ context: { ...context, ...(!bundled && { 'aws:cdk:bundling-stacks': [] }) } });
}

export function environmentApp(name: EnvironmentName, variables: Variables = {}): App {
  const it = app();
  addEnvironment(it, environmentConfig(name, variables));
  return it;
}

/** The same with both rule packs watching; `synth()` throws on a finding. */
export function checkedApp(name: EnvironmentName, variables: Variables = {}): App {
  const it = environmentApp(name, variables);
  Validations.of(it).addPlugins(
    new AwsSolutionsChecks(it, { verbose: true }),
    new HIPAASecurityChecks(it, { verbose: true }),
  );
  return it;
}

const apps = new Map<string, App>();

/** The template of one stack, by the last word of its name. Each environment is synthesized once. */
export function template(name: EnvironmentName, part: string, variables: Variables = {}): Template {
  const key = JSON.stringify([name, variables]);
  const made = apps.get(key) ?? environmentApp(name, variables);
  apps.set(key, made);
  const stack = made.node.findChild(`MedicalCodes-${name}-${part}`);
  if (!Stack.isStack(stack)) throw new Error(`${part} is no stack`);
  return Template.fromStack(stack);
}
