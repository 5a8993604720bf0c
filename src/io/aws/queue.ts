import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, ScopsError } from '../../event/index.ts';
import { optional } from '../optional.ts';
import { aborting } from './bucket.ts';
import { type AwsSettings, clientOptions } from './client.ts';
import { awsError } from './error.ts';

export const sqsPackage = { package: '@aws-sdk/client-sqs', version: '^3.900.0' };

export interface QueueSettings extends Omit<AwsSettings, 'endpoint'> {
  /** Its URL, which is its endpoint too. */
  readonly url: string;
}

export interface QueueMessage {
  readonly id: string;
  /** What this delivery of it is deleted by. */
  readonly receipt: string;
  readonly body: string;
  /** How often it was received, this time included. */
  readonly received: number;
}

type Library = typeof import('@aws-sdk/client-sqs');

const mostAtOnce = 10;

/** A connection to SQS. Loads the SDK; `user` is who needs it. Throws ScopsError DEPENDENCY_MISSING. */
export async function openQueue(user: string, settings: QueueSettings, context: Pick<Context, 'env'>): Promise<Queue> {
  const library = await optional(user, sqsPackage, () => import('@aws-sdk/client-sqs'));
  const region = settings.region ?? regionOf(settings.url);
  return new Queue(
    library,
    new library.SQSClient(clientOptions({ ...settings, region, endpoint: new URL(settings.url).origin }, context)),
    settings.url,
  );
}

/**
 * The region of a queue's URL: `https://sqs.eu-west-1.amazonaws.com/123456789012/name`, those of FIPS, of both IPs and of a
 * VPC's own endpoint, and the older `https://eu-west-1.queue.amazonaws.com/…`. https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
 */
export function regionOf(url: string): string | undefined {
  const { hostname } = new URL(url);
  if (hostname === 'queue.amazonaws.com') return 'us-east-1';
  for (const form of addresses) {
    const region = form.exec(hostname)?.[1];
    if (region !== undefined) return region;
  }
  return undefined;
}

const addresses = [
  /^(?:vpce-[a-z0-9-]{1,64}\.)?sqs(?:-fips)?\.([a-z0-9-]+)(?:\.vpce)?\.amazonaws\.com(?:\.cn)?$/,
  /^sqs(?:-fips)?\.([a-z0-9-]+)\.api\.(?:aws|amazonwebservices\.com\.cn)$/,
  /^([a-z0-9-]+)\.queue\.amazonaws\.com(?:\.cn)?$/,
];

/** A queue of SQS. Methods throw ScopsError SOURCE_UNREADABLE (see `faultOf`), or what `signal` aborted with. */
export class Queue {
  readonly name: string;
  readonly #library: Library;
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(library: Library, client: SQSClient, url: string) {
    this.#library = library;
    this.#client = client;
    this.#url = url;
    this.name = new URL(url).pathname.split('/').at(-1) ?? url;
  }

  /** At most ten messages, invisible to others for `visibility` seconds; none when none came within `wait` seconds. */
  async receive(wait: number, visibility: number, signal: AbortSignal): Promise<QueueMessage[]> {
    const command = new this.#library.ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: mostAtOnce,
      WaitTimeSeconds: wait,
      VisibilityTimeout: visibility,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    try {
      const { Messages = [] } = await this.#client.send(command, aborting(signal));
      return Messages.flatMap(({ MessageId: id, ReceiptHandle: receipt, Body: body, Attributes }) =>
        id === undefined || receipt === undefined
          ? []
          : [{ id, receipt, body: body ?? '', received: Number(Attributes?.ApproximateReceiveCount ?? 1) }],
      );
    } catch (error) {
      throw signal.aborted ? error : this.#failed(error, 'receive from', 'sqs:ReceiveMessage');
    }
  }

  /** Gives the receipts that were not deleted because they are not good any more: somebody else has the message now. */
  delete(receipts: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#inBatches(receipts, 'delete from', 'sqs:DeleteMessage', (entries) =>
      this.#client.send(new this.#library.DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries: entries })),
    );
  }

  /** Keep messages from others for so many seconds from now; with 0, give them back. Gives what `delete` does. */
  hold(receipts: readonly string[], seconds: number): Promise<ReadonlySet<string>> {
    return this.#inBatches(receipts, 'hold messages of', 'sqs:ChangeMessageVisibility', (entries) =>
      this.#client.send(
        new this.#library.ChangeMessageVisibilityBatchCommand({
          QueueUrl: this.#url,
          Entries: entries.map((entry) => ({ ...entry, VisibilityTimeout: seconds })),
        }),
      ),
    );
  }

  /** Whether messages that fail again and again are put aside; undefined when we may not know. */
  async hasDeadLetters(signal: AbortSignal): Promise<boolean | undefined> {
    const command = new this.#library.GetQueueAttributesCommand({
      QueueUrl: this.#url,
      AttributeNames: ['RedrivePolicy'],
    });
    try {
      return (await this.#client.send(command, aborting(signal))).Attributes?.RedrivePolicy !== undefined;
    } catch {
      return undefined;
    }
  }

  async #inBatches(
    receipts: readonly string[],
    doing: string,
    permission: string,
    send: (entries: { Id: string; ReceiptHandle: string }[]) => Promise<{ Failed?: FailedEntry[] | undefined }>,
  ): Promise<ReadonlySet<string>> {
    const lost = new Set<string>();
    for (let at = 0; at < receipts.length; at += mostAtOnce) {
      const batch = receipts.slice(at, at + mostAtOnce);
      const entries = batch.map((receipt, index) => ({ Id: String(index), ReceiptHandle: receipt }));
      const { Failed = [] } = await send(entries).catch((error: unknown) => {
        throw this.#failed(error, doing, permission);
      });
      for (const { Id, SenderFault, Code, Message } of Failed) {
        // A receipt of ours that is refused is one that is too old.
        if (SenderFault === true) lost.add(batch[Number(Id)] as string);
        else throw this.#failed(serverFault(Code, Message), doing, permission);
      }
    }
    return lost;
  }

  #failed(error: unknown, doing: string, permission: string): ScopsError {
    return awsError(error, `${doing} the queue "${this.#url}"`, permission);
  }
}

interface FailedEntry {
  readonly Id?: string | undefined;
  readonly SenderFault?: boolean | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
}

const serverFault = (code = 'InternalError', message = ''): Error => Object.assign(new Error(message), { name: code });
