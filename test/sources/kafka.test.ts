import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Committable, ScopsError, type Source } from '../../src/event/index.ts';
import { checkOptions, parseOptions } from '../../src/pipeline/options.ts';
import { kafka } from '../../src/sources/kafka.ts';
import { testContext } from '../support/context.ts';

const component = kafka as unknown as Parameters<typeof parseOptions>[0];
const read = (target: string) => parseOptions(component, kafka.target?.(target)) as Record<string, unknown>;
const issues = (input: unknown): string[] => {
  const result = checkOptions(component, input);
  return 'issues' in result ? result.issues.map(({ message }) => message) : [];
};
const open = (input: object, context = testContext()) =>
  kafka.create(parseOptions(component, input) as never, context) as Source & Committable;
const isScopsError = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof ScopsError && error.code === code && message.test(error.message);

async function drain(source: Source): Promise<void> {
  for await (const _ of source.events()) assert.fail('There is nothing to read.');
}

test('the part after the colon names brokers, topics and options', () => {
  const chosen = read('10.0.0.1:9092, [::1]:9093/wazuh-alerts,other?group=g&from=earliest&until=end');
  assert.deepEqual(chosen.brokers, ['10.0.0.1:9092', '[::1]:9093']);
  assert.deepEqual(chosen.topic, ['wazuh-alerts', 'other']);
  assert.deepEqual([chosen.group, chosen.from, chosen.until, chosen.format], ['g', 'earliest', 'end', 'wazuh']);
  assert.equal(chosen.tls, false);
  assert.equal(read('a:1/t?sessionTimeout=6000&retries=2').sessionTimeout, 6000);
  assert.throws(() => read('a:1/t?retries=many'), isScopsError('CONFIG_INVALID', /"retries"/));

  const secure = read('kafka.internal/t?tls=true&mechanism=SCRAM-SHA-512&username=scops%40site');
  assert.equal(secure.tls, true);
  assert.deepEqual(secure.sasl, { mechanism: 'SCRAM-SHA-512', username: 'scops@site' });
  assert.equal(secure.group, 'scops');
  assert.equal(secure.from, 'latest');
});

test('brokers and topics are a list or one text with commas', () => {
  const text = parseOptions(component, { brokers: 'a:1, b:2', topic: 'x,y' }) as Record<string, unknown>;
  const list = parseOptions(component, { brokers: ['a:1', 'b:2'], topic: ['x', 'y'] }) as Record<string, unknown>;
  assert.deepEqual(text, list);
});

test('what cannot be is refused with its name', () => {
  const good = { brokers: 'a:1', topic: 't' };
  assert.deepEqual(issues(good), []);
  assert.match(issues({ ...good, brokers: '' })[0] ?? '', /"brokers"/);
  assert.match(issues({ ...good, brokers: 'http://a:1' })[0] ?? '', /A broker is HOST:PORT/);
  assert.match(issues({ ...good, brokers: 'me:secret@a:1' })[0] ?? '', /A broker is HOST:PORT/);
  assert.match(issues({ ...good, topic: 'a b' })[0] ?? '', /A topic has/);
  assert.match(issues({ ...good, topic: '..' })[0] ?? '', /A topic has/);
  assert.match(issues({ ...good, tls: { cert: 'c.pem' } })[0] ?? '', /cert and key go together/);
  assert.match(
    issues({ ...good, sasl: { mechanism: 'PLAIN', username: 'u', password: 'p' } })[0] ?? '',
    /Unknown option/,
  );
  assert.match(issues({ brokers: 'a:1' })[0] ?? '', /"topic".* is missing/);
});

test('a password on the command line is refused without being repeated', () => {
  assert.throws(
    () => kafka.target?.('a:1/t?username=u&password=hunter2'),
    (error) => isScopsError('USAGE', /SCOPS_KAFKA_PASSWORD/)(error) && !String(error).includes('hunter2'),
  );
});

test('any target gives options or a ScopsError', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (target) => {
      try {
        read(target);
      } catch (error) {
        assert.ok(error instanceof ScopsError, String(error));
      }
    }),
  );
});

test('an account without its password in the environment is a mistake in the configuration', async () => {
  const source = open({ brokers: '127.0.0.1:1', topic: 't', sasl: { mechanism: 'PLAIN', username: 'reader' } });
  await assert.rejects(drain(source), isScopsError('CONFIG_INVALID', /password of "reader" in SCOPS_KAFKA_PASSWORD/));
});

test('it is live unless it reads until the end, and has an empty checkpoint before it begins', async () => {
  assert.equal(open({ brokers: 'a:1', topic: 't' }).live, true);
  const source = open({ brokers: 'a:1', topic: 't', until: 'end' });
  assert.equal(source.live, false);
  assert.equal(source.checkpoint(), '{}');
  await source.commit('{}');
});

test('what is no checkpoint of it is refused', async () => {
  const source = open({ brokers: 'a:1', topic: 't' });
  for (const damaged of [
    '',
    '["1"]',
    '{"t/0":1}',
    '{"t/0":"-1"}',
    '{"t/0":"1e3"}',
    '{"t":"1"}',
    '{"t/x":"1"}',
    'null',
  ]) {
    await assert.rejects(source.commit(damaged), isScopsError('INPUT_INVALID', /not a checkpoint of source "kafka"/));
  }
});

test('nobody listening: SOURCE_UNREADABLE with the address, after the retries', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const source = open({ brokers: `127.0.0.1:${port}`, topic: 'wazuh', retries: 1 });
  const expected = new RegExp(`^Cannot read topic "wazuh" from Kafka at 127\\.0\\.0\\.1:${port} .*ECONNREFUSED`);
  await assert.rejects(drain(source), isScopsError('SOURCE_UNREADABLE', expected));
});

test('something else than Kafka answering: SOURCE_UNREADABLE', { timeout: 30_000 }, async () => {
  const server = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const source = open({ brokers: `127.0.0.1:${port}`, topic: 'wazuh', retries: 0 });
  try {
    await assert.rejects(drain(source), isScopsError('SOURCE_UNREADABLE', /^Cannot read topic "wazuh"/));
  } finally {
    server.close();
  }
});

test('an abort before or while connecting ends it without an error', { timeout: 20_000 }, async () => {
  const server = createServer(); // accepts and says nothing
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  for (const ms of [0, 200]) {
    const source = open({ brokers: `127.0.0.1:${port}`, topic: 'wazuh' });
    const signal = ms === 0 ? AbortSignal.abort() : AbortSignal.timeout(ms);
    for await (const _ of source.events(signal)) assert.fail('There is nothing to read.');
  }
  server.close();
});
