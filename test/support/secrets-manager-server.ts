import { createServer } from 'node:http';
import { once } from 'node:events';
import type { FakeSecret } from '../rotation/fake-secrets';

interface Call {
  SecretId: string;
  VersionStage?: string;
  VersionId?: string;
  ClientRequestToken?: string;
  SecretString?: string;
  MoveToVersionId?: string;
  RemoveFromVersionId?: string;
}

type Operation = (secret: FakeSecret, call: Call) => Promise<object | undefined>;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  async DescribeSecret(secret) {
    const { rotationEnabled, stages } = await secret.describe();
    return { RotationEnabled: rotationEnabled, VersionIdsToStages: Object.fromEntries(stages) };
  },
  async GetSecretValue(secret, { SecretId, VersionStage = 'AWSCURRENT', VersionId }) {
    const value = await secret.value(SecretId, VersionStage, VersionId);
    return value === undefined ? undefined : { SecretString: value };
  },
  async PutSecretValue(secret, { SecretId, ClientRequestToken, SecretString }) {
    await secret.putPending(SecretId, ClientRequestToken!, SecretString!);
    return {};
  },
  async UpdateSecretVersionStage(secret, { SecretId, MoveToVersionId, RemoveFromVersionId }) {
    await secret.makeCurrent(SecretId, MoveToVersionId!, RemoveFromVersionId!);
    return {};
  },
};

export interface SecretsManagerServer {
  /** Variables that send the AWS SDK here. */
  readonly variables: Record<string, string>;
  stop(): Promise<void>;
}

/** The wire protocol of Secrets Manager, as far as this project speaks it, over secrets by their id. */
export async function startSecretsManager(
  secrets: ReadonlyMap<string, FakeSecret>,
): Promise<SecretsManagerServer> {
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const answer = (status: number, body: object): void => {
        response
          .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
          .end(JSON.stringify(body));
      };
      const call = JSON.parse(text) as Call;
      const operation = OPERATIONS[String(request.headers['x-amz-target']).replace('secretsmanager.', '')];
      const secret = secrets.get(call.SecretId);
      const missing = { __type: 'ResourceNotFoundException', message: 'not found' };
      if (operation === undefined || secret === undefined) {
        answer(400, missing);
        return;
      }
      operation(secret, call).then(
        (body) => (body === undefined ? answer(400, missing) : answer(200, body)),
        (error: unknown) => answer(400, { __type: 'InvalidRequestException', message: String(error) }),
      );
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    variables: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
