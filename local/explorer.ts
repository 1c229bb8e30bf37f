import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = join(__dirname, 'explorer');
const STYLES = ['page.css', 'form.css', 'answer.css', 'wire.css', 'reference.css'];

/** The page with everything in it, and the policy that lets it run nothing else. */
export interface Explorer {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/**
 * Builds the page that `GET /` of the local server shows: look-ups by hand and the API's description. One HTML
 * document, which loads nothing but the API itself.
 */
export async function buildExplorer(): Promise<Explorer> {
  // Only a person with a browser ever needs the bundler.
  const { build } = await import('esbuild');
  const [page, styles, bundle] = await Promise.all([
    readFile(join(FOLDER, 'page.html'), 'utf8'),
    Promise.all(STYLES.map((name) => readFile(join(FOLDER, name), 'utf8'))),
    build({ entryPoints: [join(FOLDER, 'main.js')], bundle: true, write: false, format: 'esm' }),
  ]);
  const style = styles.join('');
  const script = bundle.outputFiles[0]?.text ?? '';
  const html = page
    .replace(/<style>[^<]*<\/style>/, () => `<style>${style}</style>`)
    .replace(/(<script type="module">)[^<]*(<\/script>)/, (_all, open, close) => `${open}${script}${close}`);
  const contentSecurityPolicy = [
    "default-src 'none'",
    `style-src ${hash(style)}`,
    `script-src ${hash(script)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, contentSecurityPolicy };
}
