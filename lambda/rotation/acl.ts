import { createHash } from 'node:crypto';
import { credentialsOf, newPassword, withCredentials } from './credentials';
import { RotationFailed, type RotationStrategy } from './strategy';

/** What the strategy needs of self-managed Redis. */
export interface AclHost {
  /**
   * Logs in with a value at every server it names and changes a user by ACL SETUSER, then keeps the change over
   * a restart where the server has a file for it. Throws RotationFailed when the user may not.
   */
  setUser(secretValue: string, username: string, rules: readonly string[]): Promise<void>;
}

/** Redis takes a password's SHA-256 in its place, so that no password stands in a command. */
function hashRule(secretValue: string): string {
  const { password } = credentialsOf(secretValue);
  if (password === undefined) throw new RotationFailed('The connection string has no password.');
  return `#${createHash('sha256').update(password).digest('hex')}`;
}

/**
 * Self-managed Redis: the user gets a second password beside the first; once the secret has changed over, the new
 * one becomes its only one. Connections that are open stay open; one that reconnects with the old password is
 * refused, and reads the secret anew. The user's passwords belong to the rotation: others that somebody
 * added, and those of abandoned rotations, go as well.
 */
export function aclStrategy(host: AclHost): RotationStrategy {
  return {
    propose(current) {
      const { username, password } = credentialsOf(current);
      if (password === undefined) {
        // A second password would end access without one at once, under everybody's feet.
        throw new RotationFailed(
          'The connection string has no password to rotate; set a first one by hand (docs/rotation.md).',
        );
      }
      return withCredentials(current, username, newPassword());
    },
    async apply(pending, current) {
      await host.setUser(current, credentialsOf(pending).username, ['on', hashRule(pending)]);
    },
    async retire(current) {
      await host.setUser(current, credentialsOf(current).username, ['resetpass', hashRule(current)]);
    },
  };
}
