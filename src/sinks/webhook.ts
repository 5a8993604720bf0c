import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { createRandom } from '../algorithms/random.ts';
import { defineSink, type Finding, ScopsError } from '../event/index.ts';
import { Once } from '../io/once.ts';
import { post, sinkAddress } from '../io/post.ts';
import { findingRecord } from '../text/finding.ts';
import { jsonLine } from '../text/json-line.ts';
import { signBody } from '../text/signature.ts';

const mostBytes = 1_048_576;
const mostFindings = 100;

/**
 * Findings as signed JSON to an address of your own: `POST {"findings":[…]}` with `X-Scops-Signature` (see signBody,
 * and verifySignature for the receiver) and an `Idempotency-Key` that is the same whenever the same findings come again.
 * Any 2xx means accepted. At most 100 findings or 1 MiB a request; a larger single finding goes alone.
 */
export const webhook = defineSink({
  name: 'webhook',
  summary: 'Posts findings as signed JSON to an HTTP address.',
  examples: [
    'SCOPS_WEBHOOK_SECRET=… scops score --model hosts.scops --source wazuh:alerts.json --sink webhook:https://siem.example/scops',
  ],
  options: v.strictObject({
    url: v.pipe(v.string(), v.description('The address. http:// sends findings readable to the network between.')),
    secret: v.optional(
      v.pipe(
        v.string(),
        v.minLength(1),
        v.description('Name of the environment variable that holds the signing secret.'),
      ),
      'SCOPS_WEBHOOK_SECRET',
    ),
    timeout: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(1), v.description('Milliseconds to wait for one answer.')),
      10_000,
    ),
    attempts: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(20),
        v.description('How often to try one request in all.'),
      ),
      6,
    ),
  }),
  target: (url) => ({ url }),
  create: (options, context) => {
    const url = sinkAddress(options.url, 'webhook', 'set the option "url"', true);
    const secret = context.env[options.secret] ?? '';
    if (secret === '') {
      throw new ScopsError(
        'CONFIG_INVALID',
        `Sink "webhook" signs with ${options.secret}: set this environment variable.`,
      );
    }
    const random = createRandom(context.now()).next;
    const once = new Once();

    const send = async (batch: readonly Finding[], body: string, signal?: AbortSignal): Promise<void> => {
      const key = createHash('sha256')
        .update(JSON.stringify(batch.map(({ id }) => id)))
        .digest('hex');
      await post(context, {
        url,
        name: 'The webhook',
        body,
        headers: () => ({
          'content-type': 'application/json; charset=utf-8',
          'idempotency-key': key,
          'x-scops-signature': signBody(body, secret, context.now()),
        }),
        timeout: options.timeout,
        attempts: options.attempts,
        random,
        signal,
      });
      once.delivered(batch);
    };

    const write = async (findings: readonly Finding[], signal?: AbortSignal): Promise<void> => {
      let batch: Finding[] = [];
      let records: string[] = [];
      let bytes = 0;
      const flush = async (): Promise<void> => {
        if (batch.length > 0) await send(batch, `{"findings":[${records.join(',')}]}`, signal);
        [batch, records, bytes] = [[], [], 0];
      };
      for (const finding of once.fresh(findings)) {
        const record = jsonLine(findingRecord(finding)).trimEnd();
        const size = Buffer.byteLength(record);
        if (batch.length === mostFindings || bytes + size > mostBytes) await flush();
        batch.push(finding);
        records.push(record);
        bytes += size;
      }
      await flush();
    };
    return { name: 'webhook', write };
  },
});
