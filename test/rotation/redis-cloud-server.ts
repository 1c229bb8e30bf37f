import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';

export interface SeenRequest {
  method: string;
  path: string;
  body: unknown;
}

/** A local server that speaks the documented part of Redis Cloud's API. */
export interface RedisCloudServer {
  readonly url: string;
  readonly seen: SeenRequest[];
  /** Answers to give, in order, before the real ones. */
  readonly interruptions: ((response: ServerResponse) => void)[];
  /** Polls a task needs until it is done. */
  polls: number;
  /** Makes every following task end so. */
  taskError: unknown;
  stop(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

export const API_KEYS = { accessKey: 'test-access-key', secretKey: 'test-secret-key' };

/** @param setPassword what a finished task does at the database */
export async function startRedisCloud(
  users: ReadonlyMap<string, string>,
  setPassword: (user: string, password: string) => Promise<void>,
): Promise<RedisCloudServer> {
  const tasks = new Map<string, { left: number; work: () => Promise<void> }>();
  const answer = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const path = request.url ?? '';
    state.seen.push({ method: request.method ?? '', path, body });
    const interruption = state.interruptions.shift();
    if (interruption !== undefined) {
      interruption(response);
      return;
    }
    const keys = [request.headers['x-api-key'], request.headers['x-api-secret-key']];
    if (keys[0] !== API_KEYS.accessKey || keys[1] !== API_KEYS.secretKey) {
      answer(response, 401, {});
      return;
    }
    const [, kind, id] = /^\/v1\/(acl\/users|tasks)\/([^/]+)$/.exec(path) ?? [];
    if (request.method === 'PUT' && kind === 'acl/users') {
      const user = users.get(id ?? '');
      if (user === undefined) {
        answer(response, 404, {});
        return;
      }
      const taskId = `task-${tasks.size + 1}`;
      const { password } = body as { password: string };
      tasks.set(taskId, { left: state.polls, work: () => setPassword(user, password) });
      answer(response, 202, { taskId, commandType: 'aclUserUpdateRequest', status: 'received' });
      return;
    }
    const task = tasks.get(id ?? '');
    if (request.method !== 'GET' || task === undefined) {
      answer(response, 404, {});
      return;
    }
    task.left -= 1;
    if (task.left > 0) {
      answer(response, 200, { taskId: id, status: 'processing-in-progress' });
      return;
    }
    if (state.taskError !== undefined) {
      const error = state.taskError;
      answer(response, 200, { taskId: id, status: 'processing-error', response: { error } });
      return;
    }
    await task.work();
    answer(response, 200, { taskId: id, status: 'processing-completed', response: { resourceId: 1 } });
  };
  const server: Server = createServer((request, response) => {
    handle(request, response).catch(() => answer(response, 500, {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const state: RedisCloudServer = {
    url: `http://127.0.0.1:${port}/v1`,
    seen: [],
    interruptions: [],
    polls: 2,
    taskError: undefined,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;
}
