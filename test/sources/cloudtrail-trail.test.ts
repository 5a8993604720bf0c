import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import * as v from 'valibot';
import { type Event, isResumable, type Resumable, type Source } from '../../src/event/index.ts';
import { flat } from '../../src/io/streams.ts';
import { CloudTrailReader } from '../../src/sources/cloudtrail/reader.ts';
import { Trail, type TrailInput } from '../../src/sources/cloudtrail/trail.ts';
import { TrailPlaces, trailId, trailPlace } from '../../src/sources/cloudtrail/trail-place.ts';
import { cloudtrail } from '../../src/sources/cloudtrail.ts';
import { deliveryTime } from '../../src/text/aws/cloudtrail/file-name.ts';
import { testContext } from '../support/context.ts';

const root = await mkdtemp(join(tmpdir(), 'scops-trail-'));
after(() => rm(root, { recursive: true, force: true }));

const minute = 60_000;
const start = Date.UTC(2026, 0, 2, 23, 30);
const regions = ['eu-west-1', 'us-east-1'];

/** A file: whose, how many minutes after the start, and its records by how many seconds before the file they happened. */
interface Delivered {
  readonly account: number;
  readonly region: number;
  readonly at: number;
  readonly ago: readonly number[];
}

const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:]/g, '').slice(0, 13);

const pathOf = ({ account, region, at }: Delivered, index: number): string => {
  const time = start + at * minute;
  const [owner, place] = [`12345678901${account}`, regions[region]];
  const day = new Date(time).toISOString().slice(0, 10).replaceAll('-', '/');
  const unique = `unique${String(index).padStart(10, '0')}`;
  return `AWSLogs/o-example/${owner}/CloudTrail/${place}/${day}/${owner}_CloudTrail_${place}_${stamp(time)}Z_${unique}.json.gz`;
};

const recordOf = (file: number, index: number, time: number): object => ({
  eventTime: new Date(time).toISOString().replace('.000', ''),
  eventName: 'GetObject',
  eventSource: 's3.amazonaws.com',
  eventID: `6b54e0ad-c23c-4850-${String(1000 + file)}-${String(index).padStart(12, '0')}`,
  eventType: 'AwsApiCall',
  userIdentity: { type: 'IAMUser', principalId: 'AIDAEXAMPLE', accountId: '123456789012', userName: 'alice' },
  sourceIPAddress: '203.0.113.9',
});

async function put(folder: string, file: Delivered, index: number): Promise<void> {
  const path = join(folder, pathOf(file, index));
  await mkdir(dirname(path), { recursive: true });
  const time = start + file.at * minute;
  const records = file.ago.map((ago, record) => recordOf(index, record, time - ago * 1000));
  await writeFile(path, gzipSync(JSON.stringify({ Records: records })));
}

let folders = 0;
async function trail(files: readonly Delivered[]): Promise<string> {
  const folder = join(root, String(folders++));
  await mkdir(folder);
  for (const [index, file] of files.entries()) await put(folder, file, index);
  return folder;
}

function create(paths: string | string[]): Source & Resumable {
  const source = cloudtrail.create(v.parse(cloudtrail.options, { paths }), testContext());
  assert.ok(isResumable(source));
  return source;
}

async function take(events: AsyncIterable<Event>): Promise<Event[]> {
  const taken: Event[] = [];
  for await (const event of events) taken.push(event);
  return taken;
}

const ids = (events: readonly Event[]): string[] => events.map(({ id }) => id);
const isSorted = (events: readonly Event[]): boolean =>
  events.every(({ time }, index) => time >= (events[index - 1]?.time ?? 0));

const files = (longest: number) =>
  fc.array(
    fc.record({
      account: fc.integer({ min: 0, max: 2 }),
      region: fc.integer({ min: 0, max: 1 }),
      at: fc.integer({ min: 0, max: 90 }),
      ago: fc.array(fc.integer({ min: 0, max: longest }), { maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 10 },
  );

const all = (of: readonly Delivered[]): number => of.reduce((sum, { ago }) => sum + ago.length, 0);

test('records of all accounts and regions come in the order of time, whatever their order in files', async () => {
  await fc.assert(
    fc.asyncProperty(files(20 * 60), async (of) => {
      const events = await take(create(await trail(of)).events());
      assert.equal(new Set(ids(events)).size, all(of));
      assert.ok(isSorted(events));
    }),
    { numRuns: 30 },
  );
});

test('it goes on exactly where it stopped, at any event', async () => {
  await fc.assert(
    fc.asyncProperty(files(30 * 60), fc.nat(), async (of, place) => {
      const folder = await trail(of);
      const whole = ids(await take(create(folder).events()));
      const count = place % (whole.length + 1);
      const source = create(folder);
      const iterator = source.events()[Symbol.asyncIterator]();
      // An event is done when the next one is asked for.
      for (let i = 0; i <= count; i++) await iterator.next();
      const again = create(folder);
      again.resume(source.checkpoint());
      await iterator.return?.();
      assert.deepEqual(ids(await take(again.events())).toSorted(), whole.slice(count).toSorted());
    }),
    { numRuns: 60 },
  );
});

test('what is delivered very late comes late, and comes', async () => {
  const late = { account: 0, region: 0, at: 60, ago: [5, 3000, 10] };
  const events = await take(create(await trail([{ account: 1, region: 0, at: 30, ago: [30, 60] }, late])).events());
  assert.deepEqual(
    events.map(({ time }) => (start + 60 * minute - time) / 1000),
    [1860, 1830, 3000, 10, 5],
  );
});

test('files of other names come first, as they stand, and resume beside the trail', async () => {
  const folder = await trail([{ account: 0, region: 0, at: 5, ago: [1, 2, 3] }]);
  const other = join(folder, 'other.json');
  const records = [0, 1].map((index) => recordOf(99, index, start + (90 - index) * minute));
  await writeFile(other, JSON.stringify({ Records: records }));
  const whole = await take(create(folder).events());
  assert.deepEqual(
    whole.map(({ time }) => (time - start) / 1000),
    [90 * 60, 89 * 60, 297, 298, 299],
  );
  for (let count = 0; count <= whole.length; count++) {
    const source = create(folder);
    const iterator = source.events()[Symbol.asyncIterator]();
    for (let i = 0; i <= count; i++) await iterator.next();
    const again = create(folder);
    again.resume(source.checkpoint());
    await iterator.return?.();
    assert.deepEqual(ids(await take(again.events())), ids(whole.slice(count)), `after ${count}`);
  }
});

test('of a trail that has grown, in any of its folders, only the new files are read', async () => {
  const before: Delivered[] = [0, 1, 2].map((account) => ({ account, region: 0, at: 60, ago: [5, 600] }));
  const folder = await trail(before);
  const source = create(folder);
  assert.equal((await take(source.events())).length, 6);
  const checkpoint = source.checkpoint();
  await put(folder, { account: 0, region: 1, at: 55, ago: [1, 2] }, 20); // its region's file came late
  await put(folder, { account: 1, region: 0, at: 65, ago: [1] }, 21);
  const again = create(folder);
  again.resume(checkpoint);
  assert.equal((await take(again.events())).length, 3);
  const third = create(folder);
  third.resume(again.checkpoint());
  assert.deepEqual(await take(third.events()), []);
});

test('checkpoints stay small as a trail grows old', async () => {
  const of = Array.from({ length: 200 }, (_, index) => ({ account: 0, region: 0, at: 5 * index, ago: [1] }));
  const source = create(await trail(of));
  let longest = 0;
  for await (const _ of source.events()) longest = Math.max(longest, source.checkpoint().length);
  assert.ok(longest < 600, `${longest} characters`);
});

async function inputs(folder: string, of: readonly Delivered[]): Promise<TrailInput[]> {
  const paths = of.map((file, index) => join(folder, pathOf(file, index)));
  const list = await Promise.all(
    paths.map(async (path) => {
      const { ino, size } = await stat(path);
      return { path, inode: String(ino), size, time: deliveryTime(path) as number, id: trailId(path) };
    }),
  );
  return list.sort((a, b) => a.time - b.time);
}

function merged(places: TrailPlaces, of: readonly TrailInput[], mostHeld: number): AsyncIterableIterator<Event> {
  const settings = { name: 'cloudtrail', maxRecordBytes: 100_000, lists: new Set(['Records']), mostHeld };
  const made = new Trail(places, {
    ...settings,
    reader: new CloudTrailReader(),
    context: testContext(),
    report: () => undefined,
  });
  return flat(made.batches(places.begin(of), undefined));
}

test('however few events may be held, none is lost, none comes twice, and resuming is exact', async () => {
  const many = {
    account: 0,
    region: 0,
    at: 10,
    ago: Array.from({ length: 2000 }, (_, index) => (index * 7919) % 1200),
  };
  await fc.assert(
    fc.asyncProperty(files(30 * 60), fc.integer({ min: 0, max: 20 }), fc.nat(), async (some, mostHeld, place) => {
      const of = [...some, many];
      const list = await inputs(await trail(of), of);
      const places = new TrailPlaces();
      const whole = ids(await take(merged(places, list, mostHeld)));
      assert.equal(new Set(whole).size, whole.length);
      assert.equal(whole.length, all(of));
      const stopped = new TrailPlaces();
      const iterator = merged(stopped, list, mostHeld);
      const count = place % (whole.length + 1);
      for (let i = 0; i <= count; i++) await iterator.next();
      const again = new TrailPlaces();
      again.restore(v.parse(trailPlace, JSON.parse(stopped.write())));
      await iterator.return?.();
      assert.deepEqual(ids(await take(merged(again, list, mostHeld))).toSorted(), whole.slice(count).toSorted());
    }),
    { numRuns: 25 },
  );
});

test("the time of delivery is in a file's name", () => {
  for (const [name, time] of [
    ['123456789012_CloudTrail_eu-west-1_20260102T0310Z_abcdefghijklmnop.json.gz', '2026-01-02T03:10:00.000Z'],
    ['123456789012_CloudTrail-Insight_eu-west-1_20260102T0310Z_abcdefghijklmnop.json', '2026-01-02T03:10:00.000Z'],
    ['123456789012_CloudTrail-Digest_us-east-1_t_us-east-1_20260102T031005Z.json.gz', '2026-01-02T03:10:05.000Z'],
    ['123456789012_CloudTrail_eu-west-1_20261302T0310Z_abcdefghijklmnop.json.gz', undefined],
    ['records-20260102T0310Z_.json', undefined],
    ['', undefined],
  ] as const) {
    const read = deliveryTime(name);
    assert.equal(read === undefined ? undefined : new Date(read).toISOString(), time, name);
  }
  fc.assert(fc.property(fc.string({ maxLength: 400 }), (name) => void deliveryTime(`_CloudTrail${name}`)));
});

test('a name made to take long takes no time', () => {
  const began = performance.now();
  deliveryTime('_CloudTrail_'.repeat(100_000));
  deliveryTime(`_CloudTrail_${'_20260102T0310'.repeat(100_000)}`);
  assert.ok(performance.now() - began < 200);
});

test('files of a day each, one for each account and region, come in the order of time too', async () => {
  const hours = Array.from({ length: 24 }, (_, hour) => (23 - hour) * 3600 + 61);
  const files = [0, 1, 2].flatMap((day) =>
    [0, 1].flatMap((account) =>
      regions.map((_, region) => ({
        account,
        region,
        at: 1440 * day,
        ago: hours.map((ago) => ago + 7 * region + account),
      })),
    ),
  );
  const times = (await take(create(await trail(files)).events())).map(({ time }) => time);
  assert.equal(times.length, 3 * 4 * 24);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});
