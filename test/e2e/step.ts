import type { World } from './world';

/** One thing that is proven against the deployed system. */
export interface Step {
  readonly title: string;
  /** Throws when it is not so. What it returns is printed under the title. */
  run(world: World): Promise<string | undefined>;
}
