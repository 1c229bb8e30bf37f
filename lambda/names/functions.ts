/** Every deployed function, by the name of its folder. */
export const FUNCTIONS = [
  'lookup',
  'backup',
  'cache-monitor',
  'hot-codes',
  'cache-warmer',
  'secret-rotation',
] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** Seconds after which Lambda ends a lookup; API Gateway itself would wait 30. */
export const LOOKUP_TIMEOUT_SECONDS = 10;
