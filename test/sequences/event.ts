import type { Seeded } from './seeded';
import type { World } from './world';

/** Something that happens to the service; says what. */
export type Event = (world: World, seeded: Seeded) => Promise<string> | string;
