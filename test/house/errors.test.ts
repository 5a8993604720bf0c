import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorCodes, ScopsError } from '../../src/event/index.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');

test('every error code has a documented remedy, and no other', () => {
  const documented = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  assert.deepEqual(documented.toSorted(), [...errorCodes].sort());
});

test('an error keeps its code, name and cause', () => {
  const cause = new Error('below');
  const error = new ScopsError('USAGE', 'above', { cause });
  assert.equal(error.code, 'USAGE');
  assert.equal(error.name, 'ScopsError');
  assert.equal(error.cause, cause);
});
