import { type Context, type Enricher, ScopsError, type Sink } from '../event/index.ts';
import { openBuckets } from '../io/aws/bucket.ts';
import { parseOptions } from '../pipeline/options.ts';
import { chooseBySpec } from '../pipeline/spec.ts';
import { realWorld } from '../pipeline/world.ts';
import { JsonLog } from './log.ts';
import { type BatchResponse, invocationOf, type LambdaContext } from './messages.ts';
import { ModelKeeper } from './model-keeper.ts';
import { fileStore, type ModelStore, s3Store } from './model-store.ts';
import { s3Calls } from './s3-calls.ts';
import { flagOf, type HandlerOptions, settingsOf } from './settings.ts';
import { type Workplace, work } from './work.ts';

/** What Lambda calls. */
export type ScopsHandler = (event: unknown, context?: LambdaContext) => Promise<BatchResponse | undefined>;

const user = 'The Lambda handler';
const retries = 4;

/**
 * A function for AWS Lambda that judges what CloudTrail and GuardDuty bring, delivers what it finds, and lets the model go
 * on learning. It takes the batches of a queue (notifications of S3, directly or through SNS, and events of EventBridge),
 * and the same events when they call it directly. Of a batch it gives back exactly the messages that failed, for which
 * the event source mapping needs ReportBatchItemFailures; of anything else it fails as a whole. Handing a message in twice
 * changes nothing. The first invocation reads the settings and throws ScopsError where they are wrong.
 */
export function createHandler(options: HandlerOptions = {}): ScopsHandler {
  const world = realWorld(options.context);
  const verbose = options.verbose ?? flagOf(world.env, 'SCOPS_VERBOSE') ?? false;
  const log = new JsonLog(world.stdout, world.now, verbose);
  const context: Context = { ...world, log: log.logger, reject: log.reject };
  let opened: Promise<Workplace> | undefined;
  return async (event, lambda = {}) => {
    log.begin(lambda.awsRequestId);
    const { batch, messages } = invocationOf(event);
    try {
      opened ??= open(options, context, log);
      const place = await opened.catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      const failed = await work(messages, place, lambda);
      if (batch) return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
      if (failed.length > 0) throw new ScopsError('INPUT_INVALID', 'The event failed; the log says why.');
      return undefined;
    } finally {
      await log.flush();
    }
  };
}

async function open(options: HandlerOptions, context: Context, log: JsonLog): Promise<Workplace> {
  const settings = settingsOf(options, context.env);
  const endpoint = context.env.AWS_ENDPOINT_URL_S3 ?? context.env.AWS_ENDPOINT_URL;
  const s3 = { retries, endpoint, forcePathStyle: endpoint !== undefined };
  const enrichers: Enricher[] = [];
  for (const spec of settings.enrichers) {
    const { component, input } = await chooseBySpec('enricher', spec);
    enrichers.push(component.create(parseOptions(component, input), context));
  }
  const sinks: Sink[] = [];
  for (const spec of settings.sinks) {
    if (typeof spec !== 'string') {
      sinks.push(spec);
      continue;
    }
    const { component, input } = await chooseBySpec('sink', spec);
    sinks.push(component.create(parseOptions(component, input), context));
  }
  const { samples, model } = settings;
  const store: ModelStore = model.startsWith('s3:') ? storeIn(model, s3, context) : fileStore(model);
  return {
    keeper: new ModelKeeper(store, settings, context),
    buckets: await openBuckets(user, s3, context),
    enrichers,
    sinks,
    samples,
    log,
  };
}

function storeIn(model: string, s3: Parameters<typeof s3Calls>[0], context: Context): ModelStore {
  const [, bucket, key] = /^s3:\/\/([A-Za-z0-9._-]{3,255})\/(.{1,1024})$/s.exec(model) ?? [];
  if (bucket !== undefined && key !== undefined && !key.endsWith('/'))
    return s3Store(bucket, key, s3Calls(s3, context));
  throw new ScopsError('CONFIG_INVALID', `SCOPS_MODEL is "${model}": not of the form s3://BUCKET/KEY.`);
}
