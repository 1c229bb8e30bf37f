/** Variables of the deployments that differ most from the plain one. */
export const PEERED = {
  REDIS_PEERING_ID: 'pcx-0123456789abcdef0',
  REDIS_VPC_CIDR: '10.20.0.0/24',
  REDIS_CONNECTION_STRING: 'rediss://redis.example.com:12345?replica=replica.example.com:12346',
};
export const REPLICATED = { CDK_DEFAULT_REGION: 'us-east-1', REPLICA_REGION: 'eu-west-1' };
export const JWT = { JWT_ISSUER: 'https://issuer.example.com/', JWT_AUDIENCE: 'codes,admin' };
export const API_SECRET = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:redis-cloud-AbCdEf';
export const REDIS_CLOUD_ROTATION = {
  ROTATION_STRATEGY: 'redis-cloud',
  REDIS_CLOUD_API_SECRET_ARN: API_SECRET,
  REDIS_CLOUD_ACL_USERS: '1201:codes-a,1202:codes-b',
};
