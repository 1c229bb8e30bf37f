/**
 * Why Redis did not serve, as counted and logged. ioredis's own errors carry the command's arguments, passwords
 * among them, so that nothing above this file logs or wraps one.
 */
export type RedisFailure =
  | 'auth'
  | 'timeout'
  | 'refused'
  | 'closed'
  | 'maxclients'
  | 'loading'
  | 'tls'
  | 'dns'
  | 'configuration'
  /** The server refuses the database that the connection string names. */
  | 'database'
  | 'secret'
  | 'command'
  | 'other';
