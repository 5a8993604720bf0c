import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as v from 'valibot';
import { ipInsights } from '../../src/detectors/ip-insights.ts';
import { type Event, isResumable, type Resumable, type Source } from '../../src/event/index.ts';
import { entityIp } from '../../src/sources/entity-ip.ts';
import { type TestContext, testContext } from '../support/context.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-entity-ip-'));
after(() => rm(root, { recursive: true, force: true }));

function open(paths: string | string[], context: TestContext = testContext()): Source & Resumable {
  const source = entityIp.create(v.parse(entityIp.options, { paths }), context);
  assert.ok(isResumable(source));
  return source;
}

async function put(name: string, text: string): Promise<string> {
  const path = join(root, name);
  await writeFile(path, text);
  await utimes(path, 1_700_000_000, 1_700_000_000);
  return path;
}

async function take(source: Source): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of source.events()) events.push(event);
  return events;
}

test('a line is a successful login, as old as its file unless a third field says when', async () => {
  const path = await put('two.csv', 'alice,192.0.2.7\n"Smith, A",2001:DB8::1,1476057600\r\n');
  const [first, second] = await take(open(path));
  assert.deepEqual(first, {
    id: first?.id,
    time: 1_700_000_000_000,
    source: 'entity-ip',
    kind: 'login',
    fields: {
      'event.action': 'login',
      'event.outcome': 'success',
      'user.name': 'alice',
      'source.ip': '192.0.2.7',
    },
    raw: 'alice,192.0.2.7',
  });
  assert.deepEqual(
    [second?.time, second?.fields['user.name'], second?.fields['source.ip']],
    [1_476_057_600_000, 'Smith, A', '2001:db8::1'],
  );
});

test('what is no such line is rejected by itself', async () => {
  const context = testContext();
  const path = await put('bad.csv', 'entity,ip\nalice,192.0.2.7\nbob\ncarol,192.0.2.8,soon\n');
  assert.equal((await take(open(path, context))).length, 1);
  assert.deepEqual(
    context.rejects.map(({ line, reason }) => [line, reason]),
    [
      [1, 'the second field is no IP address'],
      [3, '1 fields, not entity,ip'],
      [4, 'the third field is no time'],
    ],
  );
});

test('equal pairs are events of their own, the same in every replay and after resuming anywhere', async () => {
  const text = 'alice,192.0.2.7\nalice,192.0.2.7\nbob,192.0.2.8\nalice,192.0.2.7\n';
  const paths = [await put('a.csv', text), await put('b.csv', `# no pair\n${text}`)];
  const ids = (await take(open(paths))).map(({ id }) => id);
  assert.equal(new Set(ids).size, 8);
  for (let count = 0; count <= ids.length; count++) {
    const source = open(paths);
    source.checkpoint();
    const iterator = source.events()[Symbol.asyncIterator]();
    for (let i = 0; i <= count; i++) await iterator.next();
    const again = open(paths);
    again.resume(source.checkpoint());
    await iterator.return?.();
    assert.deepEqual(
      (await take(again)).map(({ id }) => id),
      ids.slice(count),
      `after ${count}`,
    );
  }
  const source = open(paths);
  source.checkpoint();
  const iterator = source.events()[Symbol.asyncIterator]();
  for (let i = 0; i < 3; i++) await iterator.next();
  const checkpoint = JSON.parse(source.checkpoint());
  await iterator.return?.();
  assert.equal(checkpoint.state, '2');
  for (const state of ['x', '-1', ''])
    assert.throws(() => open(paths).resume(JSON.stringify({ ...checkpoint, state })), { code: 'INPUT_INVALID' });
});

test("what Amazon's is trained on trains ours, and every line of the other file gets a dot product", async () => {
  const lines = Array.from({ length: 400 }, (_, at) => `user${at % 8},10.${at % 8}.${at % 3}.${at % 200}\n`);
  const detector = ipInsights.create(v.parse(ipInsights.options, { vectorDim: 8, epochs: 3 }), testContext());
  const model = await detector.fit(open(await put('train.csv', lines.join(''))).events());
  for await (const event of open(await put('infer.csv', 'user1,10.1.0.9\nuser1,203.0.113.9\n')).events()) {
    const { value, reasons } = model.score(event);
    const said = reasons.find(({ code }) => code === 'dot-product')?.evidence.dot_product;
    assert.ok(typeof said === 'number' && Math.abs(said + value) < 1e-4 * Math.abs(value));
  }
});
