import { credentialsOf, newPassword, withCredentials } from './credentials';
import type { RedisCloudApi } from './redis-cloud-api';
import { RotationFailed, type RotationStrategy } from './strategy';

/** An ACL user of a Redis Cloud account. */
export interface AclUser {
  readonly id: string;
  readonly name: string;
}

/**
 * Reads `idA:nameA,idB:nameB`, the two users that take turns.
 * @throws RotationFailed naming the setting
 */
export function parseAclUsers(text: string): readonly [AclUser, AclUser] {
  const users = text.split(',').map((part) => /^\s*(?<id>\d+):(?<name>[^\s:,]+)\s*$/.exec(part)?.groups);
  const [first, second] = users.map((user) => ({ id: user?.id ?? '', name: user?.name ?? '' }));
  const valid =
    users.length === 2 &&
    users.every((user) => user !== undefined) &&
    first?.name !== second?.name &&
    first?.id !== second?.id;
  if (!valid || first === undefined || second === undefined) {
    throw new RotationFailed(
      'REDIS_CLOUD_ACL_USERS must name two different ACL users as idA:nameA,idB:nameB, such as 1201:codes-a,1202:codes-b.',
    );
  }
  return [first, second];
}

/**
 * Redis Cloud: a user has one password there, so two users take turns. The one out of use gets a new password
 * and becomes current; the other stays valid until its own next turn, so that no reader is ever refused.
 */
export function redisCloudStrategy(
  api: Pick<RedisCloudApi, 'setUserPassword'>,
  [first, second]: readonly [AclUser, AclUser],
): RotationStrategy {
  return {
    propose(current) {
      const { username } = credentialsOf(current);
      // From any other user, `default` at first, the turns begin with the first.
      return withCredentials(current, username === first.name ? second.name : first.name, newPassword());
    },
    async apply(pending, current) {
      const { username, password } = credentialsOf(pending);
      const user = [first, second].find(({ name }) => name === username);
      if (user === undefined || password === undefined) {
        throw new RotationFailed(
          'The pending version logs in as neither of REDIS_CLOUD_ACL_USERS; cancel this rotation and start a new one.',
        );
      }
      if (username === credentialsOf(current).username) {
        throw new RotationFailed(
          'The pending version logs in as the user in use, whose password must not change under its readers; cancel this rotation and start a new one.',
        );
      }
      await api.setUserPassword(user.id, password);
    },
    retire: () => Promise.resolve(),
  };
}
