import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { setTimeout as wait } from 'node:timers/promises';
import packet from 'dns-packet';

/** What a name has. */
export interface Records {
  readonly addresses: readonly string[];
  /** Seconds. */
  readonly ttl?: number;
}

const codes = { none: 3, servfail: 2, refused: 5 } as const;

/** How a question is answered: with records, that there are none, with an error, or not at all. */
export type Reply = Records | keyof typeof codes | 'drop' | 'garbage' | 'another question';

/** A DNS server on loopback over UDP, with names of its own and any fault that a test wants. */
export class DnsServer implements AsyncDisposable {
  readonly names: Map<string, Reply>;
  /** Of names that it does not have. */
  otherwise: Reply = 'none';
  /** Milliseconds before each answer. */
  delay = 0;
  /** The names that were asked for, in order. */
  asked: string[] = [];
  /** The most questions that waited for their answer at a time. */
  most = 0;
  readonly #socket: Socket;
  #waiting = 0;
  #closed = false;

  private constructor(names: Readonly<Record<string, Reply>>, socket: Socket) {
    this.names = new Map(Object.entries(names));
    this.#socket = socket;
    socket.on('message', (message, from) => void this.#answer(message, from));
  }

  static async start(names: Readonly<Record<string, Reply>> = {}): Promise<DnsServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
    return new DnsServer(names, socket);
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  count(name: string): number {
    return this.asked.filter((each) => each === name).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await new Promise<void>((done) => this.#socket.close(() => done()));
  }

  async #answer(message: Buffer, from: RemoteInfo): Promise<void> {
    const { id, questions = [] } = packet.decode(message);
    const [question] = questions;
    if (question === undefined) return;
    const name = question.name.toLowerCase();
    this.asked.push(name);
    this.most = Math.max(this.most, ++this.#waiting);
    if (this.delay > 0) await wait(this.delay);
    const reply = this.names.get(name) ?? this.otherwise;
    this.#waiting--;
    if (reply === 'drop' || this.#closed) return;
    this.#socket.send(encode(id ?? 0, question, reply), from.port, from.address, () => undefined);
  }
}

function encode(id: number, question: packet.Question, reply: Exclude<Reply, 'drop'>): Buffer {
  if (reply === 'garbage') return Buffer.from([id >> 8, id & 255, 0x81, 0x80, 0, 1, 0xff, 0xff, 0, 0, 0, 0, 0xc0]);
  if (reply === 'another question') {
    return packet.encode({ type: 'response', id, questions: [{ ...question, name: 'other.test' }], answers: [] });
  }
  if (typeof reply === 'string') {
    return packet.encode({ type: 'response', id, flags: codes[reply], questions: [question] });
  }
  const { addresses, ttl = 300 } = reply;
  const answers = addresses
    .filter((address) => address.includes(':') === (question.type === 'AAAA'))
    .map((data) => ({ type: data.includes(':') ? ('AAAA' as const) : ('A' as const), name: question.name, ttl, data }));
  return packet.encode({ type: 'response', id, questions: [question], answers });
}
