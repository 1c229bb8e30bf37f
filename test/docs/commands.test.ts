import type { Command } from 'commander';
import { DEPLOY_HELP } from '../../bin/deploy/arguments';
import { operatorProgram } from '../../cli/operator-program';
import { ENVIRONMENTS } from '../../lambda/names/environments';
import { scripts } from '../../package.json';
import { DOCUMENTS } from './documents';

const program = operatorProgram();

/** A command and those it stands under, without the program's own name: `catalog build`. */
function commandsOf(command: Command, path: readonly string[] = []): [string, Command][] {
  if (command.commands.length === 0) return [[path.join(' '), command]];
  return command.commands.flatMap((each) => commandsOf(each, [...path, each.name()]));
}
const commands = new Map(commandsOf(program));

const optionsOf = (command: Command): string[] => [
  '--help',
  ...command.options.flatMap(({ long }) => long ?? []),
];
const deployOptions: readonly string[] = DEPLOY_HELP.match(/--[a-z][a-z-]+/g) ?? [];

/** What the docs tell a reader to run: lines of shell blocks, and code in the text. */
const invocations = DOCUMENTS.flatMap(({ path, shellLines, code }) =>
  [...shellLines, ...code].flatMap((line) =>
    line.split(/ && | \| |; /).map((command) => ({ path, command: command.trim() })),
  ),
);

/** `<env>` and `{dev,staging}` stand for each of them. */
function spelledOut(command: string): string[] {
  const choice = /<env>|<[a-z|]+>|\{([a-z,]+)\}/.exec(command.split(' -- ')[0] ?? '');
  if (choice === null) return [command];
  const words = choice[1]?.split(',') ?? ENVIRONMENTS;
  return words.flatMap((word) => spelledOut(command.replace(choice[0], word)));
}

const told = invocations.flatMap(({ path, command }) =>
  spelledOut(command).map((each) => ({ path, command: each })),
);

function npmProblem(command: string): string | undefined {
  const words = /^(?:[A-Z_]+=\S+ )*npm (?:run (?:-s )?)?([\w:]+)/.exec(command);
  if (words === null || command === 'npm run -s') return undefined;
  const [, script = ''] = words;
  return script in scripts || ['ci', 'install', 'view'].includes(script)
    ? undefined
    : `npm knows no ${script}`;
}

/** The operator's command in a line, if it holds one; code in the text may leave `npm run` out. */
function operatorWords(command: string): string[] | undefined {
  const found = /^(?:[A-Z_]+=\S+ )*(?:npm run (?:-s )?codes --|codes) (.+)$/.exec(command);
  if (found?.[1] !== undefined) return found[1].split(' ');
  const words = command.split(' ');
  return commands.has(words.slice(0, 2).join(' ')) ? words : undefined;
}

function operatorProblem(command: string): string | undefined {
  const words = operatorWords(command);
  if (words === undefined || words[0] === '--help') return undefined;
  const found = commands.get(words.slice(0, 2).join(' ')) ?? commands.get(words[0] ?? '');
  if (found === undefined) return `codes knows no ${words.slice(0, 2).join(' ')}`;
  const known = optionsOf(found);
  const strange = words.filter((word) => word.startsWith('--') && !known.includes(word.replace(/=.*/, '')));
  return strange.length === 0 ? undefined : `${found.name()} knows no ${strange.join(', ')}`;
}

function deployProblem(command: string): string | undefined {
  const found = /^npm run cdk:deploy:\w+ -- (.+)$/.exec(command);
  const strange = found?.[1]
    ?.split(' ')
    .filter((word) => word.startsWith('--') && !deployOptions.includes(word));
  return strange === undefined || strange.length === 0
    ? undefined
    : `the script knows no ${strange.join(', ')}`;
}

/** What the docs say to run and nobody could, each with the reason. */
function refused(problem: (command: string) => string | undefined): string[] {
  return told.flatMap(({ path, command }) => {
    const reason = problem(command);
    return reason === undefined ? [] : [`${path}: ${command}: ${reason}`];
  });
}

describe('commands in the docs', () => {
  it('of npm are scripts of the project', () => {
    expect(told.filter(({ command }) => /^npm /.test(command)).length).toBeGreaterThan(40);
    expect(refused(npmProblem)).toEqual([]);
  });

  it('of the operator exist, with their options', () => {
    expect(told.filter(({ command }) => operatorWords(command) !== undefined).length).toBeGreaterThan(40);
    expect(refused(operatorProblem)).toEqual([]);
  });

  it('of the deployment take the options that are shown', () => {
    expect(told.filter(({ command }) => /cdk:deploy:\w+ -- /.test(command)).length).toBeGreaterThan(2);
    expect(refused(deployProblem)).toEqual([]);
  });

  it('have the options that the text names by themselves', () => {
    const known = new Set([...[...commands.values()].flatMap(optionsOf), ...deployOptions]);
    const named = DOCUMENTS.flatMap(({ path, code }) =>
      code
        .filter((each) => /^--[a-z]/.test(each))
        .map((each) => ({ path, option: each.replace(/[ =].*/, '') })),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter(({ option }) => !known.has(option))).toEqual([]);
  });
});

describe('the docs say', () => {
  it('of every command of the operator that it is there', () => {
    const named = told.flatMap(({ command }) => `${operatorWords(command)?.join(' ') ?? ''} `);
    const missing = [...commands.keys()].filter((path) => !named.some((line) => line.startsWith(`${path} `)));
    expect(missing).toEqual([]);
  });

  it('of every npm script that it is there', () => {
    const named = (script: string): boolean =>
      told.some(({ command }) => new RegExp(`\\bnpm (run (-s )?)?${script}(?![\\w:])`).test(command));
    expect(Object.keys(scripts).filter((script) => !named(script))).toEqual([]);
  });
});
