import { readFileSync } from 'node:fs';

/** One line for whoever runs the tests on another Node than the pinned one; undefined on that one. */
export function wrongNode(running) {
  const { devDependencies } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  if (running === devDependencies.node) return undefined;
  return `These tests run on Node ${running}; ${devDependencies.node} is pinned. Start them by npm test or npx jest, which take that one.`;
}

/** Jest's globalSetup: once for a run, before any worker. */
export default function sayWhenNodeIsAnother() {
  const line = wrongNode(process.versions.node);
  if (line !== undefined) process.stderr.write(`${line}\n`);
}
