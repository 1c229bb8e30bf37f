import { InvalidCode, InvalidRequest } from '../names/errors';
import { CODE_SYSTEMS, CPT_CATEGORIES, type CodeSystem } from './systems';
import { CODE_TYPES, type CodeType } from '../names/code-types';

/** Longest input worth looking at; longer ones are refused before any pattern runs. */
const MAX_INPUT = 64;

/** Upper case of ASCII letters alone: Unicode's rules would turn ſ82 into the real code S82. */
function upper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/**
 * Brings user input to a system's canonical spelling without judging it: surrounding space and a leading
 * system name go (` cpt 99213 `), letters become upper case, ICD-10 gets its dot after the third character.
 */
function normalise(system: CodeSystem, input: string): string {
  let code = upper(input.trim());
  for (const prefix of system.prefixes) {
    const rest = code.startsWith(prefix) ? code.slice(prefix.length) : '';
    if (/^[\s:]+\S/.test(rest)) {
      code = rest.replace(/^[\s:]+/, '');
      break;
    }
  }
  if (system.type !== 'icd10') return code;
  const undotted = code.length > 3 && code[3] !== '.' && !code.includes('.');
  return undotted ? `${code.slice(0, 3)}.${code.slice(3)}` : code;
}

/** A code the input may have meant: a misplaced dot or inner space, the letter O for a zero, a modifier. */
function near(system: CodeSystem, code: string): string | undefined {
  const squeezed = code.replace(/[\s.\-_]/g, '');
  const zeroed = squeezed.replace(/O/g, '0');
  const candidates = [
    squeezed,
    zeroed,
    system.type === 'icd10' ? squeezed.slice(0, 1) + zeroed.slice(1) : zeroed,
    code.replace(/-[0-9A-Z]{2}$/, ''),
  ];
  return candidates.map((each) => normalise(system, each)).find((each) => system.format.test(each));
}

/** Another system that would take this input, so that the error can point there. */
function otherSystem(type: CodeType, input: string): { type: CodeType; code: string } | undefined {
  // ICD-10-CM last: its pattern takes HCPCS codes too, by giving them a dot.
  for (const other of CODE_TYPES.toReversed()) {
    if (other === type) continue;
    const code = normalise(CODE_SYSTEMS[other], input);
    if (CODE_SYSTEMS[other].format.test(code)) return { type: other, code };
  }
  return undefined;
}

/**
 * The canonical code behind user input, e.g. `z0000` → `Z00.00`, ` cpt 99213 ` → `99213`.
 * @param field name of the request part, for the error
 * @throws InvalidCode with the expected form and, where one is near, a suggestion
 */
export function parseCode(type: CodeType, input: string, field = 'code'): string {
  const system = CODE_SYSTEMS[type];
  if (input.length > MAX_INPUT) {
    throw new InvalidCode(`${field} is longer than ${MAX_INPUT} characters; expected ${system.expected}.`, {
      field,
      expected: system.expected,
    });
  }
  const code = normalise(system, input);
  if (system.format.test(code)) return code;
  const shown = JSON.stringify(input);
  const suggestion = near(system, code);
  if (suggestion !== undefined) {
    throw new InvalidCode(
      `${field} ${shown} is no ${system.name} code; expected ${system.expected}. Did you mean ${suggestion}?`,
      { field, expected: system.expected, suggestion },
    );
  }
  const other = otherSystem(type, input);
  const hint =
    other === undefined
      ? ''
      : ` It looks like ${CODE_SYSTEMS[other.type].name}: ask for ${other.type} ${other.code}.`;
  throw new InvalidCode(`${field} ${shown} is no ${system.name} code; expected ${system.expected}.${hint}`, {
    field,
    expected: system.expected,
  });
}

/**
 * The procedure code behind user input where CPT and HCPCS Level II both may stand, as in a crosswalk. The
 * systems share no code: CPT starts with a digit, HCPCS with a letter.
 * @throws InvalidCode as parseCode does for CPT, unless the input is a HCPCS code
 */
export function parseProcedure(input: string, field = 'cpt'): { type: 'cpt' | 'hcpcs'; code: string } {
  const hcpcs = input.length > MAX_INPUT ? '' : normalise(CODE_SYSTEMS.hcpcs, input);
  if (CODE_SYSTEMS.hcpcs.format.test(hcpcs)) return { type: 'hcpcs', code: hcpcs };
  return { type: 'cpt', code: parseCode('cpt', input, field) };
}

/**
 * The canonical category behind user input, e.g. `s82` → `S82`, `Surgery` → `surgery`.
 * @throws InvalidRequest naming `category`
 */
export function parseCategory(type: CodeType, input: string): string {
  const system = CODE_SYSTEMS[type];
  const trimmed = input.trim();
  const category = type === 'cpt' ? trimmed.toLowerCase() : upper(trimmed);
  const known =
    type === 'cpt' ? CPT_CATEGORIES.some((each) => each === category) : system.categoryFormat.test(category);
  if (known) return category;
  throw new InvalidRequest(
    'category',
    `category ${JSON.stringify(input.slice(0, MAX_INPUT))} is no ${system.name} category; expected ${system.categoryExpected}.`,
  );
}

/** Ids teams may have: what is safe as part of a Redis key, an S3 key and a URL path alike. */
const TEAM_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Whether a value can be a team id. */
export function isTeamId(input: string): boolean {
  return TEAM_ID.test(input);
}

/** @throws InvalidRequest naming the field unless the value can be a team id. */
export function parseTeamId(input: string, field = 'teamId'): string {
  if (isTeamId(input)) return input;
  throw new InvalidRequest(
    field,
    `${field} is not a team id; expected 1 to 64 letters, digits, hyphens or underscores, starting with a letter or digit.`,
  );
}
