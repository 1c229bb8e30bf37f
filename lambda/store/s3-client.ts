import { S3Client } from '@aws-sdk/client-s3';

/** Milliseconds. */
const CONNECT_TIMEOUT = 500;
/** Milliseconds until an answer starts; what is uploaded meanwhile is allowed for besides, see `uploadTimeout`. */
const ANSWER_TIMEOUT = 3_000;
/** The first attempt counts. */
const MAX_ATTEMPTS = 3;
/** Bytes a millisecond that the slowest line uploads, about a megabit a second. */
const SLOWEST_UPLOAD = 100;

/**
 * The one way to S3. Region, credentials and endpoint come from the SDK's own variables and files. How long a
 * transfer may stand still is not set here: it depends on what is transferred, see `bodyChunks`.
 */
export function connectS3(): S3Client {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  return new S3Client({
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT,
      requestTimeout: ANSWER_TIMEOUT,
      throwOnRequestTimeout: true,
      socketTimeout: 0,
    },
    // Bucket names as host names resolve at AWS alone, not at an endpoint of one's own.
    forcePathStyle: endpoint !== undefined && endpoint !== '',
  });
}

/** Options of a request that carries `bytes` of body. */
export function uploadTimeout(bytes: number): { requestTimeout: number } {
  return { requestTimeout: ANSWER_TIMEOUT + Math.ceil(bytes / SLOWEST_UPLOAD) };
}
