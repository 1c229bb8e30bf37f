import type { Step } from '../step';
import { adaptations } from './adaptations';
import { bootstrap } from './bootstrap';
import { callers } from './callers';
import { canary } from './canary';
import { deployDev } from './deploy-dev';
import { deployOthers } from './deploy-others';
import { deployTwice } from './deploy-twice';
import { destroyDev } from './destroy-dev';
import { lint } from './lint';
import { observability } from './observability';
import { publishSample } from './publish-sample';
import { realData } from './real-data';
import { routes } from './routes';

/** In the order they run; each builds on what those before it left. */
export const STEPS: readonly Step[] = [
  bootstrap,
  deployDev,
  publishSample,
  routes,
  callers,
  realData,
  observability,
  deployTwice,
  deployOthers,
  lint,
  canary,
  adaptations,
  destroyDev,
];
