import { equal, ok } from 'node:assert/strict';
import { DeployedFunction } from '../functions';
import type { Step } from '../step';
import { deployedApi } from '../world';

/** A code that the team's list does not hold yet. */
const CODE = 'E10.9';
const USES = 25;
const OTHER_CODE = 'J45.909';

export const hotCodes: Step = {
  title: 'what a team looks up becomes its hot codes',
  async run(world) {
    const api = deployedApi(world);
    const team = 'ward-7';
    const token = world.issuer.token({ teamId: team });
    for (let use = 0; use < USES; use += 1) {
      const { status, text } = await api.call(`/v1/icd10/${CODE}`, { token });
      equal(status, 200, text);
    }
    // Uses that process memory answered travel with the next round trip to Redis.
    equal((await api.call(`/v1/icd10/${OTHER_CODE}`, { token })).status, 200);
    const rollUp = await DeployedFunction.find('dev', 'hot-codes');
    const { failed, payload } = await rollUp.invoke({});
    ok(!failed, JSON.stringify(payload));
    const answer = await api.call(`/v1/teams/${team}/hot-codes`, { token });
    equal(answer.status, 200, answer.text);
    const [first] = answer.json.codes as { code: string; rank: number; uses: number }[];
    equal(first?.code, CODE);
    equal(Math.round(first.uses), USES);
    return `${USES} uses of ${CODE} counted as ${first.uses.toFixed(3)}`;
  },
};
