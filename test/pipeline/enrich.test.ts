import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import {
  type Enricher,
  type Event,
  type Fields,
  isResumable,
  type Resumable,
  type Source,
} from '../../src/event/index.ts';
import { enriched } from '../../src/pipeline/enrich.ts';

const event = (id: number, fields: Fields = {}): Event => ({
  id: String(id),
  time: id,
  source: 'list',
  kind: 'login',
  fields,
  raw: '',
});

/** A source that counts its events done: an event is done when the next one is asked for. */
function counting(count: number, from = 0): Source & Resumable {
  let done = from;
  return {
    name: 'list',
    async *events() {
      for (let id = from; id < count; id++) {
        yield event(id);
        done = id + 1;
      }
    },
    checkpoint: () => String(done),
    resume: () => undefined,
  };
}

const enricher = (name: string, enrich: Enricher['enrich']): Enricher => ({ name, enrich });
const ids = async (source: Source): Promise<number[]> => {
  const list: number[] = [];
  for await (const { id } of source.events()) list.push(Number(id));
  return list;
};

describe('enriched events', () => {
  test('carry what each enricher knows, and nothing is overwritten', async () => {
    const list: Source = {
      name: 'list',
      async *events() {
        yield event(1, { 'source.ip': '192.0.2.1', 'source.geo.country_iso_code': 'DE' });
      },
    };
    const geo = enricher('geo', () => ({ 'source.geo.country_iso_code': 'FR', 'source.geo.city_name': 'Berlin' }));
    const label = enricher('label', async ({ fields }) => ({ 'source.known': `${fields['source.geo.city_name']}` }));
    const source = enriched(list, [geo, label]);
    for await (const { fields } of source.events()) {
      assert.deepEqual(fields, {
        'source.ip': '192.0.2.1',
        'source.geo.country_iso_code': 'DE',
        'source.geo.city_name': 'Berlin',
        'source.known': 'Berlin',
      });
    }
  });

  test('come in their order, however long each takes, and many are asked about at a time', async () => {
    let under = 0;
    let most = 0;
    const slow = enricher('slow', async ({ time }) => {
      most = Math.max(most, ++under);
      await delay((time * 7) % 5);
      under--;
      return {};
    });
    assert.deepEqual(
      await ids(enriched(counting(200), [slow])),
      Array.from({ length: 200 }, (_, i) => i),
    );
    assert.ok(most > 10 && most <= 65, `${most} at a time`);
  });

  test('a live source that says nothing for long does not keep back what is ready', async () => {
    const stop = new AbortController();
    const live: Source = {
      name: 'live',
      live: true,
      async *events(signal) {
        yield event(1);
        await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
      },
    };
    const source = enriched(live, [enricher('slow', async () => ({ a: 1 }))]);
    assert.equal(source.live, true);
    const seen: Fields[] = [];
    for await (const { fields } of source.events(stop.signal)) {
      seen.push(fields);
      setImmediate(() => stop.abort());
    }
    assert.deepEqual(seen, [{ a: 1 }]);
  });

  test('a checkpoint covers exactly what is done, whatever is waiting', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('at once', 'soon', 'late'), { minLength: 1, maxLength: 90 }),
        fc.nat(90),
        async (waits, stopAt) => {
          const wait = enricher('wait', ({ time }) => {
            const kind = waits[time];
            if (kind === 'at once') return {};
            return (kind === 'soon' ? Promise.resolve() : new Promise(setImmediate)).then(() => ({}));
          });
          const source = enriched(counting(waits.length), [wait]);
          assert.ok(isResumable(source));
          source.checkpoint();
          let received = 0;
          for await (const { id } of source.events()) {
            assert.equal(Number(id), received);
            assert.equal(Number(source.checkpoint()), received, 'while one is in hand, those before it are done');
            received++;
            if (received > stopAt) break;
            const asked = received;
            setImmediate(() => assert.ok(Number(source.checkpoint()) >= asked));
          }
          if (received === waits.length && received <= stopAt) assert.equal(Number(source.checkpoint()), received);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('what the source throws comes through', async () => {
    const failing: Source = {
      name: 'failing',
      // biome-ignore lint/correctness/useYield: it fails before
      async *events() {
        throw new Error('gone');
      },
    };
    await assert.rejects(ids(enriched(failing, [enricher('slow', async () => ({}))])), /gone/);
  });
});
