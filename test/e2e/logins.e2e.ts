import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { loadTrained } from '../../src/pipeline/trained.ts';
import { realWorld } from '../../src/pipeline/world.ts';
import { simulateLogins } from '../../src/simulate/logins.ts';
import { jsonLines, runScops } from '../support/scops.ts';

interface Told {
  readonly title: string;
  readonly event: { readonly id: string };
  readonly related?: readonly { readonly event: string }[];
}

const main = join(import.meta.dirname, '../../src/cli/main.ts');

const day = 86_400_000;

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
    const [followed, straight] = await Promise.all(
      ['followed.scops', 'whole.scops'].map((name) => loadTrained(at(name), realWorld())),
    );
    assert.deepEqual(followed?.model.info(), straight?.model.info());
    for (const { event } of logins.filter((login) => followed?.model.accepts(login.event))) {
      const later = { ...event, time: event.time + 35 * day };
      assert.equal(followed?.model.score(later).value, straight?.model.score(later).value, event.raw);
    }

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
});
