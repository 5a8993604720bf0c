import type { Enricher, Event, Sink } from '../event/index.ts';
import type { Buckets } from '../io/aws/bucket.ts';
import { enriched } from '../pipeline/enrich.ts';
import { inWords, type JsonLog } from './log.ts';
import type { LambdaContext, Message } from './messages.ts';
import type { ModelKeeper } from './model-keeper.ts';
import { type Brought, read } from './reading.ts';
import { type Settled, settle } from './settle.ts';

/** All that a container keeps from one invocation to the next. */
export interface Workplace {
  readonly keeper: ModelKeeper;
  readonly buckets: Pick<Buckets, 'open'>;
  readonly enrichers: readonly Enricher[];
  readonly sinks: readonly Sink[];
  readonly samples: boolean;
  readonly log: JsonLog;
}

/** The end of an invocation's time is kept for judging what was read, delivering it, and writing the model. */
const longestReserve = 60_000;
const reservedShare = 1 / 4;
/** An answer must leave before the time is up. */
const farewell = 1_000;
const mebibyte = 2 ** 20;
/** Raw records held at a time, as a share of the memory; an event takes several times that of its record. */
const heldShare = 1 / 16;
/** What one message may bring on top of that: a small file can grow to anything, and would take the whole batch with it. */
const messageShare = 1 / 8;

/**
 * Read, judge and learn messages, in chunks that fit into memory. Gives the ids of those that failed, each with a line in
 * the log; those that there was no time for are among them.
 */
export async function work(messages: readonly Message[], place: Workplace, lambda: LambdaContext): Promise<string[]> {
  const { keeper, log } = place;
  const left = (): number => lambda.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  const reserve = Math.min(longestReserve, left() * reservedShare);
  const reading = until(left() - reserve);
  const memory = Number(lambda.memoryLimitInMB ?? 1024) * mebibyte;
  const [mostHeld, mostBytes] = [memory * heldShare, memory * messageShare];
  const failed: string[] = [];
  const total = { events: 0, repeated: 0, judged: 0, learnt: 0, findings: 0, held: 0 };
  let next = 0;
  let broken = false;
  let ignored = 0;
  while (next < messages.length && !broken && left() > reserve) {
    const chunk: { readonly id: string; readonly brought: Brought }[] = [];
    const { seen } = await keeper.current();
    for (let held = 0; next < messages.length && held < mostHeld && left() > reserve; next++) {
      const message = messages[next] as Message;
      try {
        const knows = seen.hasObject.bind(seen);
        const options = { ...place, context: log, mostBytes, knows, signal: reading };
        const brought = await read(message, options);
        ignored += brought.ignored.length;
        for (const what of brought.ignored) log.logger.debug(`Passed over: ${what}.`);
        for (const { raw } of brought.events) held += raw.length;
        chunk.push({ id: message.id, brought });
      } catch (error) {
        failed.push(message.id);
        const why = reading?.aborted ? 'There was no time left to read it to its end.' : inWords(error);
        log.tell('error', 'A message failed.', { id: message.id, why });
      }
    }
    const withNews = chunk.filter(({ brought }) => brought.events.length + brought.objects.length > 0);
    if (withNews.length === 0) continue;
    try {
      const objects = withNews.flatMap(({ brought }) => brought.objects);
      const events = await enrich(
        withNews.flatMap(({ brought }) => brought.events),
        place.enrichers,
      );
      add(total, await settle({ objects, events }, keeper, place.sinks, log, until(left() - farewell)));
    } catch (error) {
      broken = true;
      for (const { id } of withNews) failed.push(id);
      log.tell('error', 'What was read could not be settled; it comes again.', {
        messages: withNews.length,
        why: inWords(error),
      });
    }
  }
  if (total.held > 0) {
    log.logger.info(`${total.held} findings were held back: the model is still learning (SCOPS_QUIET_DAYS).`);
  }
  const late = messages.slice(next).map(({ id }) => id);
  if (late.length > 0) {
    const why = broken ? 'after the failure' : 'for lack of time';
    log.logger.warn(`${late.length} messages were not begun ${why}; they come again.`);
  }
  log.tell('info', 'Done.', {
    messages: messages.length,
    failed: failed.length + late.length,
    rejected: log.rejects,
    ignored,
    ...total,
  });
  return [...failed, ...late];
}

const until = (milliseconds: number): AbortSignal | undefined =>
  Number.isFinite(milliseconds) ? AbortSignal.timeout(Math.max(1, Math.floor(milliseconds))) : undefined;

function add(total: { -readonly [Key in keyof Settled]: number }, settled: Settled): void {
  for (const key of Object.keys(total) as (keyof Settled)[]) total[key] += settled[key];
}

async function enrich(events: readonly Event[], enrichers: readonly Enricher[]): Promise<readonly Event[]> {
  if (enrichers.length === 0) return events;
  const source = enriched(
    {
      name: 'lambda',
      events: async function* () {
        yield* events;
      },
    },
    enrichers,
  );
  return Array.fromAsync(source.events());
}
