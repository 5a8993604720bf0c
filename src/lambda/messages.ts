/** What Lambda says of an invocation, as far as it is used. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export interface LambdaContext {
  readonly awsRequestId?: string;
  /** In MiB. */
  readonly memoryLimitInMB?: string | number;
  getRemainingTimeInMillis?(): number;
}

/** The messages of a queue that are to come again. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
export interface BatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/** One message: it is done, or it fails, as a whole. */
export interface Message {
  readonly id: string;
  readonly body: string | object;
}

/** What a function was called with. */
export interface Invocation {
  /** Whether failures can be told one by one, or the invocation fails as a whole. */
  readonly batch: boolean;
  readonly messages: readonly Message[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The messages of a queue's batch; any other event of Lambda is one message by itself. */
export function invocationOf(event: unknown): Invocation {
  const records = isObject(event) ? event.Records : undefined;
  if (Array.isArray(records) && records.every((record) => isObject(record) && record.eventSource === 'aws:sqs')) {
    const messages = records.map(({ messageId, body }): Message => ({ id: textOf(messageId), body: textOf(body) }));
    return { batch: true, messages };
  }
  return { batch: false, messages: [{ id: 'event', body: isObject(event) ? event : textOf(event) }] };
}
