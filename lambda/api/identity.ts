import { isTeamId, parseTeamId } from '../codes/parse';
import { AppError } from '../names/errors';

/**
 * Who calls, as the host has established it. The host verifies (or has the gateway verify) signatures and
 * tokens; this app only decides what the caller may see.
 */
export type Identity =
  /** Nobody has proved anything. */
  | { readonly kind: 'missing' }
  /** A verified token; `team` is its team claim, when it carries one. */
  | { readonly kind: 'jwt'; readonly team: string | undefined }
  /** A request signed with AWS credentials (SigV4). */
  | { readonly kind: 'iam' }
  /** The local server without authentication. */
  | { readonly kind: 'open' };

/** Header by which a caller without a team claim says whose uses its lookups are. */
export const TEAM_HEADER = 'x-team-id';

/** @throws AppError UNAUTHORIZED when the caller has proved nothing */
export function requireIdentity(identity: Identity): void {
  if (identity.kind !== 'missing') return;
  throw new AppError(
    'UNAUTHORIZED',
    'Valid credentials are missing; send a bearer token of the configured issuer or sign the request (SigV4).',
  );
}

/** @throws AppError FORBIDDEN_TEAM when a token is not the team's own */
export function requireTeam(identity: Identity, teamId: string): void {
  requireIdentity(identity);
  if (identity.kind !== 'jwt' || identity.team === teamId) return;
  throw new AppError('FORBIDDEN_TEAM', `The token's team claim does not give access to team ${teamId}.`);
}

/**
 * The team whose uses a lookup counts for: the token's, otherwise the one the header names.
 * @throws InvalidRequest when the header is no team id
 */
export function usageTeam(identity: Identity, headers: Headers): string | undefined {
  if (identity.kind === 'jwt') {
    // The issuer may name teams in a way that no key can carry; such a use is not counted.
    return identity.team !== undefined && isTeamId(identity.team) ? identity.team : undefined;
  }
  const named = headers.get(TEAM_HEADER);
  return named === null ? undefined : parseTeamId(named, TEAM_HEADER);
}
