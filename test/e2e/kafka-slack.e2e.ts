import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { filebeatRecord } from '../support/alerts.ts';
import { type Broker, startBroker } from '../support/kafka-broker.ts';
import { eventually } from '../support/kafka-reader.ts';
import { createTopic } from '../support/kafka-topic.ts';
import { type Reply, serveSlack } from '../support/slack-server.ts';

const root = join(import.meta.dirname, '../..');
const main = join(root, 'src/cli/main.ts');

/** A file that nobody saw before; `word` makes it unlike the others, an hour apart keeps it a finding of its own. */
function strange(index: number, word: string): string {
  const path = `/opt/.cache-${word}/${word}-implant.so`;
  return JSON.stringify({
    timestamp: `2026-03-11T${String(index).padStart(2, '0')}:00:00.000+0000`,
    rule: { id: '554', level: 5, description: 'File added to the system.', groups: ['ossec', 'syscheck'] },
    agent: { id: '002', name: 'app01', ip: '10.40.0.12' },
    manager: { name: 'wazuh01' },
    id: `1773201600.${index}`,
    full_log: `File '${path}' added\nMode: whodata\n`,
    syscheck: { path, mode: 'whodata', event: 'added', uid_after: '0', uname_after: 'root' },
    decoder: { name: 'syscheck_new_entry' },
    location: 'syscheck',
  });
}

const ordinary = (index: number): string =>
  strange(index, 'x').replaceAll('/opt/.cache-x/x-implant.so', '/tmp/health.status').replace('"554"', '"550"');

describe('Kafka in, Slack out, by the command line', { timeout: 280_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'scops-kafka-slack-'));
  const model = join(folder, 'hosts.scops');
  const children = new Set<ChildProcess>();
  let broker: Broker;

  before(async () => {
    broker = await startBroker();
    const training = join(root, 'examples/hosts/training.jsonl.gz');
    execFileSync(process.execPath, [main, 'fit', '--quiet', '--model', model, training], { stdio: 'pipe' });
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await broker[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [main, 'score', '--verbose', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => said.push(String(data)));
    const ended = once(child, 'exit').then(([code, signal]) => {
      children.delete(child);
      return code ?? signal;
    });
    return { child, ended, said: () => said.join('') };
  };

  test('killed while Slack hangs and started again: every finding arrives, and offsets only follow acceptance', async () => {
    await using topic = await createTopic(broker.address.plaintext, 'wazuh-alerts', 2);
    const send = (...alerts: string[]) =>
      topic.produce(alerts.map((alert, index) => ({ value: index % 2 ? filebeatRecord(alert) : alert, partition: 0 })));
    const committed = async () => (await topic.committed('soc'))[0] ?? 0;

    let trouble: (earlier: number) => Reply | 'hang' | undefined = () => undefined;
    await using slack = await serveSlack(Date.now, (earlier) => trouble(earlier));
    const accepted = new Set<string>();
    const arrived = (word: string) => slack.received.some(({ body }) => body.includes(`${word}-implant.so`));
    const url = `${slack.url}/services/T000/B000/secret`;

    await send(strange(0, 'kestrel'), ordinary(1), strange(2, 'merlin'), ordinary(3));
    const source = `kafka:${broker.address.plaintext}/wazuh-alerts?group=soc&from=earliest&sessionTimeout=6000`;
    const flags = ['--model', model, '--source', source, '--sink', `slack:${url}`, '--contamination', '0.05'];
    const first = start(flags);
    await eventually('the first two in Slack', () => ['kestrel', 'merlin'].every(arrived)).catch((error: Error) => {
      throw new Error(`${error.message}\n${first.said()}`);
    });
    await eventually('their offsets', async () => (await committed()) === 4);
    for (const word of ['kestrel', 'merlin']) accepted.add(word);

    const before = slack.received.length;
    trouble = (earlier) => (earlier > before ? 'hang' : undefined);
    await send(strange(4, 'goshawk'), ordinary(5), strange(6, 'osprey'), strange(7, 'harrier'), ordinary(8));
    // What follows a finding of the same host may wait a minute to be joined.
    await eventually('one more is accepted, and the next hangs', () => slack.received.length === before + 2, 90_000);
    await wait(1500);
    assert.equal(await committed(), 4, 'nothing is committed while a finding of the batch is not accepted');
    first.child.kill('SIGKILL');
    assert.equal(await first.ended, 'SIGKILL');
    assert.equal(await committed(), 4);

    await send(ordinary(9), strange(10, 'buzzard'));
    let refusals = 2;
    trouble = () => (refusals-- > 0 ? { status: 503, body: 'service_unavailable' } : undefined);
    const config = join(folder, 'pipeline.yaml');
    writeFileSync(
      config,
      `source:
  kafka:
    brokers: ${broker.address.plaintext}
    topic: wazuh-alerts
    group: soc
    sessionTimeout: 6000
model: ${model}
contamination: 0.05
sinks:
  - slack:
      url: ${url}
`,
    );
    const mark = slack.received.length;
    const second = start(['--config', config]);
    await eventually('all offsets', async () => (await committed()) === 11, 90_000).catch((error: Error) => {
      throw new Error(`${error.message}\n${second.said()}`);
    });
    const later = slack.received.slice(mark).map(({ body }) => body);
    for (const word of ['goshawk', 'osprey', 'harrier', 'buzzard']) {
      assert.ok(
        later.some((body) => body.includes(`${word}-implant.so`)),
        `${word} after the restart`,
      );
    }
    for (const word of accepted) {
      assert.ok(!later.some((body) => body.includes(word)), `${word} was committed, and does not come again`);
    }
    assert.ok(!slack.received.some(({ body }) => body.includes('health.status')), 'the ordinary stays out');

    second.child.kill('SIGTERM');
    assert.equal(await second.ended, 0, second.said());
    assert.equal(await topic.members('soc'), 0, 'it has left the group');
    assert.doesNotMatch(first.said() + second.said(), /secret/);
  });

  test('an unknown topic, a broker that is not there, a password typed: said in a line, with the exit code for it', async () => {
    const flags = ['--model', model, '--sink', 'jsonl:findings.jsonl', '--source'];
    const unknown = start([...flags, `kafka:${broker.address.plaintext}/nosuch`]);
    assert.equal(await unknown.ended, 1);
    assert.match(unknown.said(), /has no topic "nosuch"[\s\S]*SOURCE_UNREADABLE/);
    const nobody = start([...flags, 'kafka:127.0.0.1:1/wazuh?retries=1']);
    assert.equal(await nobody.ended, 1);
    assert.match(nobody.said(), /Cannot read topic "wazuh" from Kafka at 127\.0\.0\.1:1/);
    const wrong = start([...flags, 'kafka:127.0.0.1:1/wazuh?password=x']);
    assert.equal(await wrong.ended, 2);
  });
});
