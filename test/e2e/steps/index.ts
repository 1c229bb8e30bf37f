import type { Step } from '../step';
import { adaptations } from './adaptations';
import { bootstrap } from './bootstrap';
import { canary } from './canary';
import { deployDev } from './deploy-dev';
import { deployOthers } from './deploy-others';
import { deployTwice } from './deploy-twice';
import { destroyDev } from './destroy-dev';
import { lint } from './lint';

/** In the order they run; each builds on what those before it left. */
export const STEPS: readonly Step[] = [
  bootstrap,
  deployDev,
  deployTwice,
  deployOthers,
  lint,
  canary,
  adaptations,
  destroyDev,
];
