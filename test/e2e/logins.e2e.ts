import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '../../src/algorithms/random.ts';
import { loadTrained } from '../../src/pipeline/trained.ts';
import { realWorld } from '../../src/pipeline/world.ts';
import { simulateLogins } from '../../src/simulate/logins.ts';
import { jsonLines, runScops } from '../support/scops.ts';

interface Told {
  readonly title: string;
  readonly event: { readonly id: string };
  readonly related?: readonly { readonly event: string }[];
}

const day = 86_400_000;
const main = join(import.meta.dirname, '../../src/cli/main.ts');

describe('scops logins --follow, killed again and again', { timeout: 240_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'scops-logins-e2e-'));
  const children = new Set<ChildProcess>();
  after(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const logins = [...simulateLogins({ seed: 21, users: 12, days: 30, noise: 0.02 })];
  const lines = logins.map(({ line }) => line);
  const half = lines.length >> 1;
  const text = (from: number, to: number): string =>
    lines
      .slice(from, to)
      .map((line) => `${line}\n`)
      .join('');
  const at = (name: string): string => join(folder, name);

  const follow = async (): Promise<ChildProcess> => {
    const args = ['logins', 'auth.log', '--follow', '--model', 'followed.scops', '--sink', 'jsonl:followed.jsonl'];
    const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    children.add(child);
    child.stderr?.resume();
    return child;
  };
  const placeIn = async (model: string) => (await loadTrained(at(model), realWorld())).place?.checkpoint ?? '';
  /** All that was learnt, but for which finding told of what: live, fewer are joined. */
  const learntIn = async (name: string) => {
    const { model, calibrations, experience, trained } = await loadTrained(at(name), realWorld());
    const held = experience?.state.held.map(([id, entry]) => [id, { ...entry, finding: '' }]);
    // Counters that have faded away are swept out now and then, so the bytes may differ where no score does.
    const scores = logins.flatMap(({ event }) =>
      model.accepts(event) ? [model.score({ ...event, time: event.time + 35 * day }).value] : [],
    );
    const before = model.trainingScores('login');
    return { scores, before, info: model.info(), trained, calibrations, state: { ...experience?.state, held } };
  };
  const assertAlike = async (left: string, right: string): Promise<void> => {
    assert.deepEqual(await learntIn(left), await learntIn(right));
  };

  test('learns every login once, through rotation in the middle of a line, and loses no finding', async () => {
    writeFileSync(at('auth.log'), text(0, half));
    writeFileSync(at('whole.log'), text(0, half));
    const whole = ['logins', 'whole.log', '--model', 'whole.scops', '--sink', 'jsonl:whole.jsonl'];
    for (const part of [text(half, lines.length), '']) {
      const ran = await runScops(folder, whole);
      assert.equal(ran.code, 0, ran.err);
      appendFileSync(at('whole.log'), part);
    }

    const steps = 8;
    for (let step = 0, done = half; step < steps; step++) {
      const child = await follow();
      const next = step === steps - 1 ? lines.length : done + Math.floor((lines.length - half) / steps);
      const part = text(done, next);
      const middle = part.length >> 1;
      await wait(step === 0 ? 6000 : 1500);
      if (step === 3) {
        appendFileSync(at('auth.log'), part.slice(0, middle));
        renameSync(at('auth.log'), at('auth.log.1'));
        await wait(50);
        appendFileSync(at('auth.log.1'), part.slice(middle));
        writeFileSync(at('auth.log'), '');
      } else {
        appendFileSync(at('auth.log'), part.slice(0, middle));
        await wait(300);
        appendFileSync(at('auth.log'), part.slice(middle));
      }
      done = next;
      if (step < steps - 1) {
        await wait(500 * (step % 4));
        child.kill('SIGKILL');
        await once(child, 'exit');
        continue;
      }
      await wait(6000);
      child.kill('SIGTERM');
      await once(child, 'exit');
      assert.equal(child.exitCode, 0);
    }

    const size = readFileSync(at('auth.log')).length;
    assert.equal(JSON.parse(await placeIn('followed.scops')).offset, size, 'everything was read');
    await assertAlike('followed.scops', 'whole.scops');

    const findings = (name: string) => jsonLines(readFileSync(at(name), 'utf8')) as unknown as Told[];
    const idsOf = ({ event, related = [] }: Told) => [event.id, ...related.map((each) => each.event)];
    const told = new Set(findings('followed.jsonl').flatMap(idsOf));
    const missing = findings('whole.jsonl').filter((finding) => !idsOf(finding).some((id) => told.has(id)));
    assert.ok(told.size > 0);
    assert.deepEqual(
      missing.map(({ title }) => title),
      [],
    );
  });

  test('killed at twenty random moments, the first while it learns from history: every score is the same', async () => {
    const random = createRandom(20);
    const run = (name: string) => runScops(folder, ['logins', `${name}.log`, '--model', `${name}.scops`, '--quiet']);
    const args = ['logins', 'killed.log', '--follow', '--model', 'killed.scops', '--sink', 'jsonl:killed.jsonl'];
    const kills = 20;
    const cut = (step: number): number => Math.floor(lines.length * (0.4 + (0.6 * step) / kills));
    writeFileSync(at('killed.log'), text(0, cut(0)));
    for (let step = 1; step <= kills; step++) {
      const child = spawn(process.execPath, [main, ...args], { cwd: folder, stdio: 'ignore' });
      children.add(child);
      const ended = once(child, 'exit');
      await wait(step === 1 ? 900 : 200 + 2800 * random.next());
      const part = text(cut(step - 1), cut(step));
      const middle = random.integer(part.length);
      appendFileSync(at('killed.log'), part.slice(0, middle));
      await wait(400 * random.next());
      appendFileSync(at('killed.log'), part.slice(middle));
      await wait(800 * random.next());
      child.kill('SIGKILL');
      assert.equal((await ended)[1], 'SIGKILL', 'it was still at work');
    }
    writeFileSync(at('straight.log'), text(0, cut(0)));
    assert.equal((await run('straight')).code, 0);
    appendFileSync(at('straight.log'), text(cut(0), lines.length));
    for (const name of ['straight', 'killed']) {
      const ran = await run(name);
      assert.equal(ran.code, 0, ran.err);
    }
    assert.equal(JSON.parse(await placeIn('killed.scops')).offset, readFileSync(at('killed.log')).length);
    await assertAlike('killed.scops', 'straight.scops');
  });
});
