import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { delimiter } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Also the folders of programs for root, where servers are. */
export const environment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [process.env.PATH, '/usr/sbin', '/sbin', '/lib/systemd'].join(delimiter),
  LC_ALL: 'C.UTF-8',
};

const isThere = (program: string): boolean => spawnSync('which', [program], { env: environment }).status === 0;

/**
 * Why tests with these programs, given with their Debian packages, cannot run here; false where they can. Where the
 * environment has CI, they can, so that a missing program fails them.
 */
export function unlessPrograms(packages: Readonly<Record<string, string>>, asRoot: boolean): string | false {
  if (process.env.CI) return false;
  if (asRoot && process.getuid?.() !== 0) return 'only root may do this';
  const missing = Object.keys(packages).filter((program) => !isThere(program));
  const install = [...new Set(missing.map((program) => packages[program]))].join(' ');
  return missing.length > 0 && `${missing.join(', ')} not installed (apt-get install ${install})`;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program until it ends. */
export async function run(
  program: string,
  args: readonly string[],
  { input = '', ...options }: SpawnOptions & { readonly input?: string | Uint8Array } = {},
): Promise<Ended> {
  const child = spawn(program, args, { timeout: 30_000, killSignal: 'SIGKILL', env: environment, ...options });
  const said = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  child.stdin?.on('error', () => undefined).end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** As `run`, of a program that must succeed. */
export async function mustRun(...given: Parameters<typeof run>): Promise<string> {
  const { code, out, err } = await run(...given);
  if (code !== 0) throw new Error(`${given[0]} ${given[1].join(' ')} ended with code ${code}: ${err}`);
  return out;
}

/** Tries until something is so. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; !(await isSo()); await wait(20)) {
    if (Date.now() > end) throw new Error(`Not after 15 s: ${what}.`);
  }
}

/** A program that runs until the test is done with it. */
export class Daemon implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly #program: string;
  #said = '';

  constructor(program: string, args: readonly string[]) {
    this.#program = program;
    this.child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
      });
    }
    this.child.on('error', (error) => {
      this.#said += error.message;
    });
  }

  /** All that it printed. */
  get said(): string {
    return this.#said;
  }

  get ended(): boolean {
    return this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits until something is so, which the program must live to see. */
  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    await until(`${this.#program}: ${what}`, () => {
      if (this.ended) throw new Error(`${this.#program} has ended: ${this.#said}`);
      return isSo();
    });
  }

  /** Waits until the children that it started for its clients have ended, and so have said all. */
  async childless(): Promise<void> {
    const { pid } = this.child;
    await this.until('no child is left', () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8') === '');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.ended) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function listening(server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

/** A TCP port that nobody listens on. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  const port = await listening(server, host);
  server.close();
  await once(server, 'close');
  return port;
}

export const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });

export const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.resume().once('close', () => resolve());
  });

/** A connection from an address that the server's log will name. */
export async function connectFrom(ip: string, port: number): Promise<Socket> {
  const host = ip.includes(':') ? '::1' : '127.0.0.1';
  const socket = connect({ port, host, localAddress: ip });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** A port for one client, whose words go on to a server from an address and port that the server's log will name. */
export class Relay implements AsyncDisposable {
  readonly port: number;
  readonly sourcePort: number;
  readonly #server: Server;
  readonly #out: Socket;

  private constructor(port: number, server: Server, out: Socket) {
    this.port = port;
    this.sourcePort = out.localPort as number;
    this.#server = server;
    this.#out = out;
  }

  static async start(ip: string, to: number): Promise<Relay> {
    const out = await connectFrom(ip, to);
    const server = createServer((client) => {
      client.on('error', () => out.destroy()).on('close', () => out.destroy());
      out.on('close', () => client.destroy());
      client.pipe(out).pipe(client);
    });
    return new Relay(await listening(server, '127.0.0.1'), server, out);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#out.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
