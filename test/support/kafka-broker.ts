import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Accounts of the broker's SASL listener. */
export const accounts = {
  plain: { username: 'plain-reader', password: 'correct horse; "battery" =staple' },
  scram: { username: 'scram-reader', password: 'Tr0ub4dor+and+3' },
} as const;

/** A real Apache Kafka on loopback: one node, KRaft, in a folder of its own that goes away with it. */
export interface Broker extends AsyncDisposable {
  /** `host:port` of each listener. `tls` is known by name; `mutual` is TLS that demands a client certificate. */
  readonly address: Readonly<Record<'plaintext' | 'sasl' | 'tls' | 'mutual', string>>;
  /** PEM files: the certificate (its own authority, good for clients too) and its key. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly pid: number | undefined;
  /** Start again after `stop`, with the same ports and data. */
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const startMs = 90_000;

export const brokerHome = (): string =>
  process.env.SCOPS_KAFKA_HOME ?? join(import.meta.dirname, '../../.ci/cache/kafka');

export const brokerInstalled = (home: string = brokerHome()): boolean =>
  existsSync(home) && readdirSync(home).some((file) => /^kafka_2\.13-[\d.]+\.jar$/.test(file));

/** Throws, with the remedy, when Apache Kafka is not installed for the tests. */
function demandBroker(): void {
  if (brokerInstalled()) return;
  throw new Error(
    `No Apache Kafka in ${brokerHome()}. Run: node scripts/kafka-install.ts (needs Java 17 and Maven; ` +
      'on Debian: apt-get install maven default-jre-headless)',
  );
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof createServer>>();
      const server = createServer().once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(server));
      return promise;
    }),
  );
  return Promise.all(
    servers.map((server) => {
      const { port } = server.address() as { port: number };
      return new Promise<number>((resolve) => server.close(() => resolve(port)));
    }),
  );
}

function makeCertificate(folder: string): Broker['tls'] {
  const key = join(folder, 'key.pem');
  const ca = join(folder, 'cert.pem');
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  execFileSync('openssl', [...request, '-addext', names, '-keyout', key, '-out', ca], { stdio: 'pipe' });
  writeFileSync(join(folder, 'pair.pem'), readFileSync(key, 'utf8') + readFileSync(ca, 'utf8'), { mode: 0o600 });
  return { ca, cert: ca, key };
}

function configuration(folder: string, ports: readonly number[]): Record<string, string | number> {
  const names = ['PLAINTEXT', 'SASL', 'TLS', 'MUTUAL', 'CONTROLLER'];
  const listeners = names.map((name, index) => `${name}://127.0.0.1:${ports[index]}`);
  const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  const { username, password } = accounts.plain;
  const jaas = (module: string, rest = '') => `org.apache.kafka.common.security.${module} required${rest};`;
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${ports[4]}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    listeners: listeners.join(','),
    'advertised.listeners': listeners.slice(0, 4).join(',').replace('TLS://127.0.0.1', 'TLS://localhost'),
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,MUTUAL:SSL,CONTROLLER:PLAINTEXT',
    'listener.name.sasl.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'listener.name.sasl.plain.sasl.jaas.config': jaas('plain.PlainLoginModule', ` user_${username}=${quote(password)}`),
    'listener.name.sasl.scram-sha-256.sasl.jaas.config': jaas('scram.ScramLoginModule'),
    'listener.name.sasl.scram-sha-512.sasl.jaas.config': jaas('scram.ScramLoginModule'),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(folder, 'pair.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(folder, 'cert.pem'),
    'listener.name.mutual.ssl.client.auth': 'required',
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    'message.max.bytes': 16_777_216,
  };
}

const properties = (entries: Record<string, string | number>): string =>
  Object.entries(entries)
    .map(([key, value]) => `${key}=${String(value).replaceAll('\\', '\\\\')}\n`)
    .join('');

/** However the tests end, killed even: when our end of the pipe is gone, so are the broker and its folder. */
function leash(child: ChildProcess, folder: string): void {
  const script = 'cat >/dev/null; kill -9 "$0"; rm -rf "$1"';
  const watcher = spawn('sh', ['-c', script, String(child.pid), folder], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.once('exit', () => watcher.kill('SIGKILL'));
}

/** Start a broker; resolves once it serves. Throws within 90 seconds when it does not, with the end of its log. */
export async function startBroker(): Promise<Broker> {
  demandBroker();
  const folder = mkdtempSync(join(tmpdir(), 'scops-kafka-'));
  const ports = await freePorts(5);
  const tls = makeCertificate(folder);
  const config = join(folder, 'server.properties');
  const logging = join(folder, 'log4j2.properties');
  writeFileSync(config, properties(configuration(folder, ports)), { mode: 0o600 });
  writeFileSync(
    logging,
    properties({
      'appender.out.type': 'Console',
      'appender.out.name': 'out',
      'rootLogger.level': 'warn',
      'rootLogger.appenderRef.out.ref': 'out',
      'logger.server.name': 'kafka.server.KafkaRaftServer',
      'logger.server.level': 'info',
    }),
  );
  const java = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Dlog4j2.configurationFile=${logging}`];
  java.push('-cp', join(brokerHome(), '*'));
  const { username, password } = accounts.scram;
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${username},password=${password}]`,
  ]);
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', 'c2NvcHMtdGVzdC1jbHVzdA', '--config', config];
  execFileSync('java', [...java, ...format, ...scram], { stdio: 'pipe', timeout: startMs });

  let child: ChildProcess | undefined;
  const address = (index: number) => `127.0.0.1:${ports[index]}`;
  const broker: Broker = {
    address: { plaintext: address(0), sasl: address(1), tls: `localhost:${ports[2]}`, mutual: address(3) },
    tls,
    get pid() {
      return child?.pid;
    },
    async start() {
      const started = spawn('java', [...java, 'kafka.Kafka', config], { stdio: ['ignore', 'pipe', 'pipe'] });
      child = started;
      leash(started, folder);
      const said: string[] = [];
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const fail = (why: string) => reject(new Error(`Apache Kafka ${why}.\n${said.slice(-40).join('\n')}`));
      const timer = setTimeout(() => fail(`did not start within ${startMs / 1000} seconds`), startMs);
      for (const output of [started.stdout, started.stderr]) {
        createInterface(output).on('line', (line) => {
          if (said.push(line) > 400) said.shift();
          if (line.includes('Kafka Server started')) resolve();
        });
      }
      started.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
      try {
        await promise;
      } catch (cause) {
        await broker.stop('SIGKILL');
        throw cause;
      } finally {
        clearTimeout(timer);
      }
    },
    async stop(signal = 'SIGTERM') {
      const ending = child;
      child = undefined;
      if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
      const gone = new Promise((resolve) => ending.once('exit', resolve));
      ending.kill(signal);
      const timer = setTimeout(() => ending.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
    },
    async [Symbol.asyncDispose]() {
      await broker.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await broker.start();
  } catch (cause) {
    await broker[Symbol.asyncDispose]();
    throw cause;
  }
  return broker;
}
