import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import type { AuthConfig, EnvironmentConfig } from '../config/environments';
import { encryptedLogs } from '../functions/encrypted-logs';

export interface LookupApiProps {
  readonly config: EnvironmentConfig;
  readonly lookup: IFunction;
  /** Encrypts the access log. */
  readonly logKey: IKey;
}

/**
 * What a request leaves behind: enough to find it in the function's log and to count failures. No query, no
 * header and no body, which may hold a token or what somebody searched for.
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
  authorizerError: '$context.authorizer.error',
  sourceIp: '$context.identity.sourceIp',
};

/** The HTTP API: one function behind every route, and a caller's identity on all of them but the health check. */
export class LookupApi extends Construct {
  readonly api: HttpApi;
  readonly stage: HttpStage;

  constructor(scope: Construct, id: string, { config, lookup, logKey }: LookupApiProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Http', {
      apiName: `medical-codes-${config.name}`,
      description: `medical-codes ${config.name}: lookup API`,
      createDefaultStage: false,
    });
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: config.throttle.ratePerSecond, burstLimit: config.throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(encryptedLogs(this, 'AccessLog', config, logKey)),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    const integration = new HttpLambdaIntegration('Lookup', lookup);
    // The app itself answers unknown routes and wrong methods, as problem documents; the gateway only guards.
    this.api.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.ANY],
      integration,
      authorizer: authorizer(config.auth),
    });
    const [health] = this.api.addRoutes({
      path: '/v1/health',
      methods: [HttpMethod.GET],
      integration,
      authorizer: new HttpNoneAuthorizer(),
    });
    if (health) {
      acknowledge(
        health,
        'AwsSolutions-APIG4',
        'Load balancers and the deployment ask for health without a token; the answer is one word.',
      );
    }
  }

  /** Without a slash at the end, so that a path can follow. */
  get url(): string {
    return this.api.apiEndpoint;
  }
}

function authorizer(auth: AuthConfig): IHttpRouteAuthorizer {
  if (auth.mode === 'iam') return new HttpIamAuthorizer();
  return new HttpJwtAuthorizer('Jwt', auth.issuer, { jwtAudience: [...auth.audience] });
}
