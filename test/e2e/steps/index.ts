import type { Step } from '../step';
import { adaptations } from './adaptations';
import { backup } from './backup';
import { bootstrap } from './bootstrap';
import { callers } from './callers';
import { canary } from './canary';
import { deployDev } from './deploy-dev';
import { deployProd } from './deploy-prod';
import { deployStaging } from './deploy-staging';
import { deployTwice } from './deploy-twice';
import { destroyDev } from './destroy-dev';
import { hotCodes } from './hot-codes';
import { lint } from './lint';
import { monitor } from './monitor';
import { objectLock } from './object-lock';
import { observability } from './observability';
import { publishSample } from './publish-sample';
import { realData } from './real-data';
import { rotate } from './rotate';
import { routes } from './routes';
import { warm } from './warm';

/** In the order they run; each builds on what those before it left. */
export const STEPS: readonly Step[] = [
  bootstrap,
  deployDev,
  objectLock,
  publishSample,
  routes,
  callers,
  warm,
  hotCodes,
  backup,
  monitor,
  realData,
  observability,
  deployTwice,
  deployStaging,
  deployProd,
  rotate,
  lint,
  canary,
  adaptations,
  destroyDev,
];
