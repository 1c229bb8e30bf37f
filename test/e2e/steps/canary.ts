import { deepEqual } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import type { Step } from '../step';

/** Where it belongs: the variables' files, which git ignores; and where staging's was put, with a warning. */
const MAY_HOLD_IT = /^checkout\/(\.env\.(dev|staging|prod)|cdk\.json)$/;

export const canary: Step = {
  title: 'no password is in a file, log, template, parameter or function configuration',
  async run(world) {
    const leaks = (text: Buffer | string): boolean => world.secrets.some((secret) => text.includes(secret));
    const files = filesUnder(world.folder);
    const holding = files
      .filter((path) => leaks(readFileSync(path)))
      .map((path) => relative(world.folder, path))
      .filter((path) => !MAY_HOLD_IT.test(path));
    deepEqual(holding, []);
    const deployed = await deployedTexts();
    deepEqual(
      deployed.filter(([, text]) => leaks(text)).map(([name]) => name),
      [],
    );
    return `${files.length} files, ${deployed.length} stacks and functions`;
  },
};

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function deployedTexts(): Promise<[name: string, text: string][]> {
  const cloudFormation = new CloudFormationClient({});
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
  const texts: [string, string][] = [];
  for (const stack of Stacks) {
    const name = stack.StackName ?? '';
    const { TemplateBody = '' } = await cloudFormation.send(new GetTemplateCommand({ StackName: name }));
    texts.push([name, TemplateBody + JSON.stringify(stack)]);
  }
  const { Functions = [] } = await new LambdaClient({}).send(new ListFunctionsCommand({}));
  for (const each of Functions) texts.push([each.FunctionName ?? '', JSON.stringify(each)]);
  return texts;
}
