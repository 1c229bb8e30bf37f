import { parser as saxParser, type SAXParser } from 'sax';
import { CODE_SYSTEMS } from '../../codes/systems';
import type { NoteKind, Notes } from '../../codes/record';
import { type BadLines, ImportError } from './import-error';
import type { OnBytes, SourceFile } from './source-file';

/** Elements of a `diag` that hold notes, by the list of the record they become. */
const KINDS: Readonly<Record<string, NoteKind>> = {
  inclusionTerm: 'inclusionTerms',
  includes: 'includes',
  excludes1: 'excludes1',
  excludes2: 'excludes2',
  codeFirst: 'codeFirst',
  codeAlso: 'codeAlso',
  useAdditionalCode: 'useAdditionalCode',
  notes: 'notes',
};

const ROOT = 'ICD10CM.tabular';

/** Whether a file's first lines are the ICD-10-CM tabular list. */
export function isTabularXml(head: readonly string[]): boolean {
  return head.some((line) => line.includes(`<${ROOT}`));
}

/**
 * Notes of the ICD-10-CM tabular list by code, each code with the notes that stand at itself. Codes come
 * from the order file alone: the list spells out no seven-character codes, and its 7th-character tables
 * describe some that do not exist. Notes of chapters and sections belong to no code and are not taken.
 * @throws ImportError when the file is not well-formed, or is another kind of XML
 */
export async function readTabularNotes(
  source: SourceFile,
  bad: BadLines,
  onBytes?: OnBytes,
): Promise<Map<string, Notes>> {
  const notes = new Map<string, Notes>();
  let line = 0;
  const refuse = (reason: string): never => {
    throw new ImportError(source.name, line, reason, 'Give the tabular list as CDC/NCHS publishes it.');
  };
  const collector = new NotesCollector(
    (code, own) => {
      if (!CODE_SYSTEMS.icd10.format.test(code)) {
        bad.reject(source.name, line, `${JSON.stringify(code)} is not an ICD-10-CM code`);
      } else if (Object.keys(own).length > 0) {
        notes.set(code, own);
      }
    },
    (reason) => refuse(`its XML is not well-formed (${reason})`),
  );
  for await (const { number, text } of source.lines(onBytes)) {
    line = number;
    collector.write(`${text}\n`);
  }
  collector.close();
  if (!collector.complete) refuse(`it holds no complete <${ROOT}>`);
  return notes;
}

interface OpenDiag {
  code: string;
  notes: Notes;
}

/** Follows the XML's events, and gives each `diag` with its notes when it ends. */
class NotesCollector {
  complete = false;
  readonly #parser: SAXParser = saxParser(true);
  /** Names of the open elements, outermost first. */
  readonly #path: string[] = [];
  readonly #diags: OpenDiag[] = [];
  #text = '';

  constructor(
    private readonly onDiag: (code: string, notes: Notes) => void,
    onError: (reason: string) => never,
  ) {
    this.#parser.onerror = (error) => onError(error.message.split('\n', 1)[0] ?? 'unknown reason');
    this.#parser.onopentag = ({ name }) => this.#open(name);
    this.#parser.onclosetag = (name) => this.#close_(name);
    this.#parser.ontext = (text) => (this.#text += text);
    this.#parser.oncdata = (text) => (this.#text += text);
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  close(): void {
    this.#parser.close();
  }

  #open(name: string): void {
    if (name === 'diag') this.#diags.push({ code: '', notes: {} });
    this.#path.push(name);
    this.#text = '';
  }

  #close_(name: string): void {
    this.#path.pop();
    const text = this.#text.replace(/\s+/g, ' ').trim();
    this.#text = '';
    const diag = this.#diags.at(-1);
    const parent = this.#path.at(-1);
    if (name === ROOT) this.complete = true;
    if (diag === undefined) return;
    if (name === 'diag') {
      this.#diags.pop();
      this.onDiag(diag.code, diag.notes);
    } else if (name === 'name' && parent === 'diag') {
      diag.code = text;
    } else if (name === 'note' && text !== '') {
      const kind = KINDS[parent ?? ''];
      if (kind !== undefined) (diag.notes[kind] ??= []).push(text);
    }
  }
}
