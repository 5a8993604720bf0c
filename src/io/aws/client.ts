import type { Context } from '../../event/index.ts';

/** Where AWS is. */
export interface AwsSettings {
  readonly region?: string | undefined;
  /** An address instead of AWS' own. */
  readonly endpoint?: string | undefined;
  /** How often a failed request is sent again, after growing pauses. */
  readonly retries: number;
}

/** Milliseconds until a connection stands, and without a byte on one; a queue may be silent for 20 s. */
const patience = { connectionTimeout: 10_000, socketTimeout: 60_000 };

/**
 * What every client of AWS of ours is made with. Credentials and region are the SDK's own choice (environment, shared
 * files, container, instance), but the environment is the one that we were handed.
 */
export function clientOptions({ region, endpoint, retries }: AwsSettings, { env }: Pick<Context, 'env'>) {
  const chosen = region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
  return {
    maxAttempts: retries + 1,
    requestHandler: patience,
    ...(chosen ? { region: chosen } : {}),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(token ? { sessionToken: token } : {}) } }
      : {}),
  };
}
