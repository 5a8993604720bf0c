import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScopsError, type Source } from '../../src/event/index.ts';
import { requireLearner, resumeAt } from '../../src/pipeline/memory.ts';
import type { Trained } from '../../src/pipeline/trained.ts';
import { valueLearner } from '../support/model.ts';

const trained: Trained = {
  detector: 'value',
  options: {},
  model: valueLearner(),
  calibrations: [],
  trained: { events: 9, from: 0, to: 1 },
  place: { source: 'history', checkpoint: 'nine' },
};

interface Ends {
  readonly live?: boolean;
  readonly keeps?: 'here' | 'there';
}

function source(name: string, { live, keeps = 'here' }: Ends): { source: Source; resumed: string[] } {
  const resumed: string[] = [];
  const kept =
    keeps === 'there' ? { commit: async () => undefined } : { resume: (from: string) => void resumed.push(from) };
  const bare = { name, async *events() {}, checkpoint: () => '', ...kept };
  return { source: live === undefined ? bare : { ...bare, live }, resumed };
}

const goesOn = (name: string, ends: Ends): string[] | 'refused' => {
  const { source: given, resumed } = source(name, ends);
  try {
    requireLearner(trained, 'm.scops', given);
    resumeAt(given, trained, 'm.scops');
    return resumed;
  } catch (error) {
    assert.ok(error instanceof ScopsError && error.code === 'MODEL_MISMATCH');
    assert.throws(() => resumeAt(given, trained, 'm.scops'), { message: error.message });
    return 'refused';
  }
};

test('a model goes on where it stopped, from the source that it learnt from', () => {
  assert.deepEqual(goesOn('history', {}), ['nine']);
  assert.deepEqual(goesOn('history', { live: true }), ['nine']);
});

test('a model that learnt from a history goes on with a live source, from that one', () => {
  assert.deepEqual(goesOn('queue', { live: true }), []);
  assert.deepEqual(goesOn('queue', { live: true, keeps: 'there' }), []);
});

test('where the other end keeps the place, there is none to go to', () => {
  assert.deepEqual(goesOn('history', { live: true, keeps: 'there' }), []);
});

test('a model does not go on with another history', () => {
  assert.equal(goesOn('archive', {}), 'refused');
  assert.equal(goesOn('archive', { live: false }), 'refused');
});
