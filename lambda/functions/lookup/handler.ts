import { createApp } from '../../api/app';
import { problemResponse } from '../../api/problem';
import { serveLog } from '../../api/served';
import { openStore } from '../../catalog/open-store';
import { InvalidRequest } from '../../errors';
import { openLookupService } from '../../lookup/open';
import { secretSource } from '../../redis/secret';
import { emfSink } from '../../telemetry/emit';
import { jsonLog } from '../../telemetry/logger';
import { LookupCounters } from '../../telemetry/lookup';
import { type GatewayResult, parseEvent, toIdentity, toRequest, toResult } from './gateway';
import { readSettings } from './settings';

const settings = readSettings(process.env);
const log = jsonLog('lookup');
const telemetry = new LookupCounters(emfSink(settings.environment));
const service = openLookupService({
  store: openStore(settings.catalogStore),
  redis: secretSource(settings.redisSecretArn),
  telemetry,
  log,
  countUses: settings.countUses,
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

/** Serves one request of the HTTP API. */
export async function handler(payload: unknown): Promise<GatewayResult> {
  const event = parseEvent(payload);
  const request = requestOf(event);
  if (request === undefined) {
    return toResult(problemResponse(new InvalidRequest('method', 'method is none that this service takes.')));
  }
  const identity = toIdentity(event, settings.authMode, settings.teamClaim);
  const { requestId } = event.requestContext;
  const response = await app.fetch(request, { requestId, identity });
  const result = await toResult(response);
  await service.settle();
  telemetry.flush();
  return result;
}
