import type { Context } from '../../event/index.ts';
import { faultOf, mayPass } from '../../io/aws/error.ts';
import type { Queue, QueueMessage } from '../../io/aws/queue.ts';
import { Bell } from '../../io/bell.ts';

export interface InboxSettings {
  /** Seconds a message is kept from others; for longer work it is asked for anew. */
  readonly visibility: number;
  /** Seconds that the queue waits for a message before it says that there is none. */
  readonly wait: number;
  /** 'empty': until the queue has nothing. */
  readonly until: 'forever' | 'empty';
}

/** A message that is ours for now. */
interface Ours {
  /** Its place in the order of arrival, from 1. */
  readonly number: number;
  readonly id: string;
  readonly received: number;
  /** Of the latest delivery. */
  receipt: string;
  /** When others will see it again, in epoch milliseconds, unless it is held on to. */
  until: number;
  state: 'waiting' | 'working' | 'done';
}

/** One with what it brings. */
export interface Held<Work> extends Ours {
  readonly work: Work;
}

/** Messages that wait for their turn, and all that are ours, those included that are done and not yet deleted. */
const mostWaiting = 20;
const mostHeld = 10_000;
const longestPause = 60_000;
/** In milliseconds. */
const parting = 1500;

/**
 * The messages of a queue, taken ahead in the background, each held until it is done and deleted, left, or given back. A
 * message that is delivered again while it is ours is not handed out again.
 */
export class Inbox<Work> {
  readonly #queue: Queue;
  readonly #settings: InboxSettings;
  readonly #context: Pick<Context, 'log' | 'now' | 'sleep'>;
  readonly #prepare: (message: QueueMessage) => Work;
  readonly #held = new Map<string, Ours>();
  #waiting: Held<Work>[] = [];
  readonly #arrived = new Bell();
  readonly #room = new Bell();
  #number = 0;
  #over = true;
  #failure: unknown;

  /** `prepare` is called for each new message on arrival. */
  constructor(
    queue: Queue,
    settings: InboxSettings,
    context: Pick<Context, 'log' | 'now' | 'sleep'>,
    prepare: (message: QueueMessage) => Work,
  ) {
    this.#queue = queue;
    this.#settings = settings;
    this.#context = context;
    this.#prepare = prepare;
  }

  /** Those next in turn. */
  get waiting(): readonly Held<Work>[] {
    return this.#waiting;
  }

  /** Hand out messages in the order of arrival until the queue is empty, where that ends it, or `signal` aborts; then give back what is not done. */
  async *messages(signal: AbortSignal): AsyncGenerator<Held<Work>, void> {
    const stop = new AbortController();
    const hangUp = new AbortController();
    const abort = (): void => {
      stop.abort();
      this.#arrived.ring();
      this.#room.ring();
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) stop.abort();
    this.#over = false;
    this.#failure = undefined;
    const receiving = this.#receive(stop.signal, hangUp.signal);
    const holding = this.#holdOn(stop.signal);
    try {
      while (!stop.signal.aborted) {
        const next = this.#waiting.shift();
        if (next !== undefined) {
          next.state = 'working';
          this.#room.ring();
          yield next;
        } else if (this.#over) break;
        else await this.#arrived.wait();
      }
      if (this.#failure !== undefined) throw this.#failure;
    } finally {
      signal.removeEventListener('abort', abort);
      abort();
      // Hung up on, a queue may still give to that connection what is given back, and nobody would hear of it.
      if (this.#open().length > 0) await Promise.race([receiving, this.#context.sleep(parting, hangUp.signal)]);
      hangUp.abort();
      await Promise.all([receiving, holding]);
      await this.#giveBack();
    }
  }

  /** What is done is only waiting to be deleted: what it brought is let go. */
  finish({ work: _, ...held }: Held<Work>): void {
    if (this.#held.has(held.id)) this.#held.set(held.id, { ...held, state: 'done' });
  }

  /** Leave a message in the queue; it comes again after so many seconds, or goes where the queue's redrive policy says. */
  async leave(held: Held<Work>, seconds: number): Promise<void> {
    this.#held.delete(held.id);
    await this.#release([held.receipt], seconds);
  }

  /** Delete what is done of the first so many messages. Throws ScopsError SOURCE_UNREADABLE when the queue refuses. */
  async commit(number: number): Promise<void> {
    const due = [...this.#held.values()].filter((held) => held.state === 'done' && held.number <= number);
    if (due.length === 0) return;
    try {
      const lost = await this.#queue.delete(due.map(({ receipt }) => receipt));
      if (lost.size > 0) this.#context.log.info(`${lost.size} messages were held too long and will come again.`);
    } catch (error) {
      if (!mayPass(faultOf(error))) throw error;
      this.#context.log.warn(`${(error as Error).message} They are deleted later.`);
      return;
    }
    for (const held of due) this.#held.delete(held.id);
    this.#room.ring();
  }

  async #receive(signal: AbortSignal, hangUp: AbortSignal): Promise<void> {
    const { wait, visibility, until } = this.#settings;
    try {
      for (let pause = 1000, answered = false; !signal.aborted; ) {
        if (this.#held.size >= mostHeld && until === 'empty') {
          this.#context.log.warn(`More than ${mostHeld} messages: the rest is left in the queue for another run.`);
          return;
        }
        if (this.#waiting.length >= mostWaiting || this.#held.size >= mostHeld) {
          await this.#room.wait();
          continue;
        }
        try {
          const messages = await this.#queue.receive(wait, visibility, hangUp);
          if (signal.aborted)
            await this.#release(
              messages.map(({ receipt }) => receipt),
              0,
            );
          else for (const message of messages) this.#accept(message);
          if (messages.length === 0 && until === 'empty') return;
          [pause, answered] = [1000, true];
        } catch (error) {
          if (signal.aborted) return;
          if (!answered || !mayPass(faultOf(error))) throw error;
          this.#context.log.warn(`${(error as Error).message} Trying again.`);
          await this.#context.sleep(pause, signal);
          pause = Math.min(2 * pause, longestPause);
        }
      }
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#over = true;
      this.#arrived.ring();
    }
  }

  #accept(message: QueueMessage): void {
    const { id, receipt, received } = message;
    const until = this.#context.now() + this.#settings.visibility * 1000;
    const ours = this.#held.get(id);
    if (ours !== undefined) {
      Object.assign(ours, { receipt, until });
      return;
    }
    const work = this.#prepare(message);
    const held: Held<Work> = { number: ++this.#number, id, received, work, receipt, until, state: 'waiting' };
    this.#held.set(id, held);
    this.#waiting.push(held);
    this.#arrived.ring();
  }

  /** Ask for more time for whatever has used a third of it. */
  async #holdOn(signal: AbortSignal): Promise<void> {
    const { visibility } = this.#settings;
    const third = (visibility * 1000) / 3;
    for (;;) {
      await this.#context.sleep(third, signal);
      if (signal.aborted) return;
      const now = this.#context.now();
      const due = [...this.#held.values()].filter(({ until }) => until - now < 2.5 * third);
      try {
        const lost = await this.#queue.hold(
          due.map(({ receipt }) => receipt),
          visibility,
        );
        for (const held of due) {
          if (lost.has(held.receipt)) this.#lose(held);
          else held.until = now + visibility * 1000;
        }
      } catch (error) {
        this.#context.log.warn(`${(error as Error).message} Messages may come twice.`);
      }
    }
  }

  /** Somebody else will have it; what is under way is finished all the same. */
  #lose(held: Ours): void {
    if (held.state === 'working') return;
    this.#held.delete(held.id);
    this.#waiting = this.#waiting.filter((each) => each !== held);
  }

  #open(): Ours[] {
    return [...this.#held.values()].filter(({ state }) => state !== 'done');
  }

  async #giveBack(): Promise<void> {
    const open = this.#open();
    this.#waiting = [];
    for (const { id } of open) this.#held.delete(id);
    await this.#release(
      open.map(({ receipt }) => receipt),
      0,
    );
  }

  async #release(receipts: readonly string[], seconds: number): Promise<void> {
    try {
      await this.#queue.hold(receipts, seconds);
    } catch (error) {
      this.#context.log.debug(`${(error as Error).message} They come again when their time is over.`);
    }
  }
}
