import { ENVIRONMENTS } from '../../../lambda/names/environments';
import { template } from '../synthesis';
import { resource, resources } from '../templates';
import { JWT } from '../variants';

const routes = (variables = {}) =>
  Object.fromEntries(
    resources(template('prod', 'Lookup', variables), 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]),
  );

describe('the API', () => {
  it('asks for a signature on every route but health', () => {
    expect(routes()).toEqual({ 'ANY /{proxy+}': 'AWS_IAM', 'GET /v1/health': 'NONE' });
  });

  it('asks for a token on every route but health once an issuer is set', () => {
    expect(routes(JWT)).toEqual({ 'ANY /{proxy+}': 'JWT', 'GET /v1/health': 'NONE' });
    expect(
      resource(template('prod', 'Lookup', JWT), 'AWS::ApiGatewayV2::Authorizer').Properties,
    ).toMatchObject({
      AuthorizerType: 'JWT',
      JwtConfiguration: { Issuer: JWT.JWT_ISSUER, Audience: ['codes', 'admin'] },
    });
  });

  it('tells the function how its callers were checked', () => {
    const mode = (variables: Record<string, string>) =>
      resource(template('prod', 'Lookup', variables), 'AWS::Lambda::Function').Properties.Environment
        .Variables.AUTH_MODE as string;
    expect([mode({}), mode(JWT)]).toEqual(['iam', 'jwt']);
  });

  it.each([
    ['dev', 25, 50],
    ['staging', 250, 500],
    ['prod', 2000, 4000],
  ] as const)('of %s lets %d requests a second through, %d at once', (name, rate, burst) => {
    const { DefaultRouteSettings } = resource(
      template(name, 'Lookup'),
      'AWS::ApiGatewayV2::Stage',
    ).Properties;
    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst });
  });

  it('logs every request as JSON, without query, headers or body', () => {
    for (const name of ENVIRONMENTS) {
      const { AccessLogSettings } = resource(template(name, 'Lookup'), 'AWS::ApiGatewayV2::Stage').Properties;
      const format = JSON.parse(AccessLogSettings.Format as string) as Record<string, string>;
      expect(Object.keys(format)).toEqual(
        expect.arrayContaining(['requestId', 'status', 'latencyMs', 'authorizerError']),
      );
      expect(Object.values(format).join()).not.toMatch(/query|header|body|claims/i);
    }
  });

  it('names its URL in the outputs', () => {
    expect(Object.keys(template('dev', 'Lookup').findOutputs('*'))).toContain('ApiUrl');
  });
});
