import * as v from 'valibot';
import { createRandom } from '../algorithms/random.ts';
import { defineSink, type Finding, ScopsError } from '../event/index.ts';
import { Once } from '../io/once.ts';
import { post, sinkAddress } from '../io/post.ts';
import { type SlackMessage, slackDigest, slackMessage } from '../text/slack.ts';

/** Slack takes one message a second from a webhook. https://docs.slack.dev/apis/web-api/rate-limits */
const pause = 1_000;
const where = 'set the environment variable SLACK_WEBHOOK_URL, or the option "url"';

/**
 * Findings as messages of a Slack incoming webhook; a burst becomes one digest. A message that Slack took is not sent
 * again when the finding is handed in again; one whose answer was lost on the way may be.
 * The address is a secret: whoever has it can post. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export const slack = defineSink({
  name: 'slack',
  summary: 'Sends findings to a Slack channel through an incoming webhook.',
  examples: [
    'SLACK_WEBHOOK_URL=… scops score --model hosts.scops --source wazuh:/var/ossec/logs/alerts/alerts.json --follow --sink slack',
  ],
  options: v.strictObject({
    url: v.optional(
      v.pipe(
        v.string(),
        v.description('The webhook, a secret; without it the environment variable SLACK_WEBHOOK_URL.'),
      ),
    ),
    digest: v.optional(
      v.pipe(
        v.number(),
        v.integer(),
        v.minValue(1),
        v.maxValue(20),
        v.description('When more findings than this come at once, send one message with this many of the strangest.'),
      ),
      5,
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
        v.description('How often to try one message in all.'),
      ),
      6,
    ),
  }),
  target: (url) => ({ url }),
  create: (options, context) => {
    const url = sinkAddress(options.url ?? context.env.SLACK_WEBHOOK_URL, 'slack', where);
    const random = createRandom(context.now()).next;
    const once = new Once();
    let free = 0;

    const send = async (message: SlackMessage, signal?: AbortSignal): Promise<void> => {
      const wait = free - context.now();
      if (wait > 0) await context.sleep(wait, signal);
      const answer = await post(context, {
        url,
        name: 'Slack',
        body: JSON.stringify(message),
        headers: () => ({ 'content-type': 'application/json; charset=utf-8' }),
        timeout: options.timeout,
        attempts: options.attempts,
        random,
        signal,
      }).finally(() => {
        free = context.now() + pause;
      });
      if (answer.trim() !== 'ok') {
        throw new ScopsError('SINK_FAILED', 'What answers at the address of sink "slack" is not a Slack webhook.');
      }
    };

    const write = async (findings: readonly Finding[], signal?: AbortSignal): Promise<void> => {
      const fresh = once.fresh(findings);
      if (fresh.length > options.digest) {
        await send(slackDigest(fresh, options.digest), signal);
        once.delivered(fresh);
        return;
      }
      for (const finding of fresh) {
        await send(slackMessage(finding), signal);
        once.delivered([finding]);
      }
    };
    return { name: 'slack', write };
  },
});
