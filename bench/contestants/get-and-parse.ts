import { plainRedis } from './plain-redis';
import { serve } from './serve';

/** GET or MGET, then JSON.parse. */
serve(({ connectionString }) => plainRedis(connectionString, (text): unknown => JSON.parse(text)));
