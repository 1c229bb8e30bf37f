/** Types are checked by `npm run check`; here ts-jest only strips them, file by file. */
const transform = { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] };

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  transform,
  globalSetup: '<rootDir>/test/support/pinned-node.mjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
  // Ends a test that hangs; no test means it, however busy the machine is.
  testTimeout: 120_000,
  // Jest leaves one core idle; on two cores that doubles the time.
  maxWorkers: '100%',
};
