import { plainRedis } from './plain-redis';
import { serve } from './serve';

/** GET and nothing else: the round trip that a hit in process memory saves. */
serve(({ connectionString }) => plainRedis(connectionString, (text) => text));
