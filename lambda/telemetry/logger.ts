import { Logger } from '@aws-lambda-powertools/logger';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a log line may carry besides its message. Never a connection string, a token or a request body. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined | object>>;

export interface Log {
  write(level: LogLevel, message: string, fields?: LogFields): void;
}

/** Field names whose values never reach a log, whoever passes them. */
const SECRET_NAMES = /pass(word)?$|secret(string)?$|token$|authorization$|connectionstring$|^body$|^args$/i;

/** A URL's user and password, wherever a text has one. */
const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s"'<>]*@/gi;

const HIDDEN = '[hidden]';

/** JSON.stringify's replacer: hides secrets by name, and credentials inside any text. */
export function hideSecrets(key: string, value: unknown): unknown {
  if (SECRET_NAMES.test(key)) return HIDDEN;
  if (typeof value === 'string') return value.replace(CREDENTIALS, `$1${HIDDEN}@`);
  if (typeof value === 'bigint') return value.toString();
  return value;
}

/** What an error may show in a log: its class, message, own code and where it was thrown. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : errorFields(error.cause);
  return { name: error.name, message: error.message, code, stack: error.stack, cause };
}

/**
 * The function's log, JSON lines on standard output; made when first written to.
 * @param service name of the function
 */
export function jsonLog(service: string, level: LogLevel = 'info'): Log {
  let logger: Logger | undefined;
  return {
    write(at, message, fields = {}) {
      logger ??= new Logger({
        serviceName: service,
        logLevel:
          level === 'debug' ? 'DEBUG' : level === 'info' ? 'INFO' : level === 'warn' ? 'WARN' : 'ERROR',
        jsonReplacerFn: hideSecrets,
      });
      logger[at](message, { ...fields });
    },
  };
}

/** For callers that log nothing. */
export const silentLog: Log = { write() {} };
