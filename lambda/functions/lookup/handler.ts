import { createApp } from '../../api/app';
import { problemResponse } from '../../api/problem';
import { serveLog } from '../../api/request-log';
import { openStore } from '../../store/open-store';
import { InvalidRequest, SourceUnavailable } from '../../names/errors';
import { openLookupService } from '../../lookup/open';
import { secretSource } from '../../redis/secret';
import { emfSink } from '../../telemetry/emit';
import { jsonLog } from '../../telemetry/logger';
import { LookupCounters } from '../../telemetry/lookup';
import { LOOKUP_TIMEOUT_SECONDS } from '../../names/functions';
import { within } from '../../names/time-limit';
import { type GatewayResult, parseEvent, toIdentity, toRequest, toResult } from './gateway';
import { settingsOf } from '../settings';

const { environment, redisSecretArn, catalogStore, authMode, teamClaim, countUses } = settingsOf(process.env);
const log = jsonLog('lookup');
const telemetry = new LookupCounters(emfSink(environment));
const service = openLookupService({
  store: openStore(catalogStore),
  redis: secretSource(redisSecretArn),
  telemetry,
  log,
  countUses,
});
const app = createApp({
  lookups: service.lookups,
  health: () => service.health(),
  served: serveLog(log, telemetry),
});

function requestOf(event: ReturnType<typeof parseEvent>): Request | undefined {
  try {
    return toRequest(event);
  } catch {
    return undefined;
  }
}

/** A request that took so long is answered before Lambda ends it without a word, milliseconds. */
const ANSWER_WITHIN = LOOKUP_TIMEOUT_SECONDS * 1_000 - 1_500;

/** What is answered when nothing comes in time: a store that answers nothing costs several time-outs. */
function late(requestId: string): Response {
  telemetry.lookup(ANSWER_WITHIN, true);
  log.write('error', 'no answer in time', { requestId, latencyMs: ANSWER_WITHIN });
  const response = problemResponse(
    new SourceUnavailable('The code catalog does not answer in time; try again.'),
  );
  response.headers.set('x-request-id', requestId);
  return response;
}

/** Serves one request of the HTTP API. */
export async function handler(payload: unknown): Promise<GatewayResult> {
  const event = parseEvent(payload);
  const request = requestOf(event);
  if (request === undefined) {
    return toResult(problemResponse(new InvalidRequest('method', 'method is none that this service takes.')));
  }
  const identity = toIdentity(event, authMode, teamClaim);
  const { requestId } = event.requestContext;
  const response = await within(
    Promise.resolve(app.fetch(request, { requestId, identity })),
    ANSWER_WITHIN,
    () => late(requestId),
  );
  const result = await toResult(response);
  await service.settle();
  telemetry.flush();
  return result;
}
