import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { keepIn } from '../../src/pipeline/memory.ts';
import type { Trained } from '../../src/pipeline/trained.ts';
import { forgetWords, heed, leaveWords, takeWords } from '../../src/pipeline/words.ts';
import { Experience } from '../../src/triage/experience.ts';
import { alone } from '../../src/triage/judge.ts';
import { testContext } from '../support/context.ts';
import { scored, valueLearner, valueModel } from '../support/model.ts';

const folder = mkdtempSync(join(tmpdir(), 'scops-words-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Three alike events and another in quarantine; one finding tells of the three. */
function quarantined() {
  const model = valueLearner();
  const experience = new Experience(model);
  const events = ['a', 'b', 'c', 'd'].map((id, i) =>
    scored(95, { id, time: i * 1000, group: id === 'd' ? 'other' : 'alike' }),
  );
  for (const event of events) {
    model.learn(event, true);
    experience.count(event, model.describe(event).entity, model.score(event), true);
  }
  const [event] = events as [(typeof events)[0]];
  const finding = { event, score: model.score(event), threshold: 0, ...model.describe(event), ...alone(event) };
  experience.tell('value', [{ ...finding, count: 3, last: 2000 }]);
  const trained: Trained = {
    detector: 'value',
    options: {},
    model,
    experience,
    calibrations: [],
    trained: { events: 4, from: 0, to: 3000 },
  };
  return { model, trained };
}

test('a word on a finding is one on all that it stands for, and on nothing else', () => {
  const { model, trained } = quarantined();
  assert.equal(heed(trained, { id: 'value:a', verdict: 'benign' }), 3);
  assert.deepEqual(
    [...model.waiting()].map(({ event }) => event),
    ['d'],
  );
  assert.equal(heed(trained, { id: 'value:a', verdict: 'malicious' }), 0);
  assert.deepEqual(model.learnt, ['a', 'b', 'c']);
});

test('a word on one event of a finding is one on that event alone', () => {
  const { model, trained } = quarantined();
  assert.equal(heed(trained, { id: 'b', verdict: 'malicious' }), 1);
  assert.equal(heed(trained, { id: 'value:d', verdict: 'benign' }), 1);
  assert.deepEqual(model.learnt, ['d']);
  assert.equal(heed(trained, { id: 'value:a', verdict: 'benign' }), 2);
});

test('what does not go on learning has no quarantine', () => {
  const trained = { ...quarantined().trained, model: valueModel() };
  assert.throws(() => heed(trained, { id: 'a', verdict: 'benign' }), { code: 'MODEL_MISMATCH' });
});

test('words that were left stay until they are forgotten, and what is no word is passed over', () => {
  const path = join(folder, 'left.scops');
  assert.deepEqual(takeWords(path), []);
  leaveWords(path, [{ id: 'a', verdict: 'benign' }]);
  appendFileSync(`${path}.words`, 'nonsense\n{"id":3,"verdict":"benign"}\n{"id":"x","verdict":"maybe"}\n{"id"');
  assert.deepEqual(takeWords(path), [{ id: 'a', verdict: 'benign' }]);
  leaveWords(path, [{ id: 'b', verdict: 'malicious' }]);
  assert.deepEqual(takeWords(path), [{ id: 'a', verdict: 'benign' }]);
  forgetWords(path);
  assert.deepEqual(takeWords(path), [{ id: 'b', verdict: 'malicious' }]);
  forgetWords(path);
  assert.deepEqual(takeWords(path), []);
});

test('who keeps a model hears the words at the start and before each time of writing', async () => {
  const path = join(folder, 'kept.scops');
  const { model, trained } = quarantined();
  const context = testContext();
  leaveWords(path, [{ id: 'value:a', verdict: 'benign' }]);
  const source = { name: 'list', async *events() {} };
  const keep = keepIn(path, trained, source, context);
  assert.deepEqual(model.learnt, ['a', 'b', 'c']);
  leaveWords(path, [{ id: 'value:d', verdict: 'malicious' }]);
  writeFileSync(path, '');
  const read = { events: 4, judged: 4, findings: 0, from: 0, to: 0 };
  await keep('1', true, read)?.();
  assert.deepEqual([...model.waiting()].length, 1, 'the second word waits for the first to be written');
  await keep('2', true, read)?.();
  assert.deepEqual([...model.waiting()], []);
  assert.deepEqual([existsSync(`${path}.words`), existsSync(`${path}.words.taken`)], [false, false]);
  assert.equal(context.logged.filter((line) => /was heard/.test(line)).length, 2);
});
