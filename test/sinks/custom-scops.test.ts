import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const script = join(import.meta.dirname, '../../examples/wazuh/custom-scops');
const folder = mkdtempSync(join(tmpdir(), 'scops integrator-'));
after(() => rmSync(folder, { recursive: true }));
/** As the daemon calls it: relative to its home. */
const called = join('integrations', 'custom-scops');
let managers = 0;

/** A manager's folders with the script where Wazuh looks for it, owner's mode as its documentation asks. */
function manager({ spool = true } = {}) {
  const home = join(folder, `ossec-${++managers}`);
  for (const name of ['integrations', 'logs', 'tmp', ...(spool ? ['logs/scops'] : [])])
    mkdirSync(join(home, name), { recursive: true });
  const installed = join(home, 'integrations/custom-scops');
  copyFileSync(script, installed);
  chmodSync(installed, 0o750);
  return { home, spool: join(home, 'logs/scops/alerts.json'), log: join(home, 'logs/integrations.log') };
}
type Manager = ReturnType<typeof manager>;

interface Call {
  readonly alert: string | Uint8Array;
  readonly options?: string;
  readonly debug?: boolean;
  readonly env?: Record<string, string>;
}
let calls = 0;

/** One call as the integrator daemon makes it: empty strings kept, its own redirection a last argument when not in debug. */
async function integrate({ home }: Manager, { alert, options, debug = false, env = {} }: Call) {
  const file = join(home, 'tmp', `custom-scops-1767348672-${++calls}.alert`);
  const optionsFile = options === undefined ? '' : `${file}.options`;
  writeFileSync(file, alert);
  if (options !== undefined) writeFileSync(optionsFile, `${options}\n`);
  const words = [file, '', '', debug ? 'debug' : '', optionsFile, '10', '3', ...(debug ? [] : ['> /dev/null 2>&1'])];
  const child = spawn(called, words, {
    cwd: home,
    argv0: 'integrations',
    env: { PATH: process.env.PATH, ...env },
  });
  let output = '';
  child.stdout.on('data', (part) => (output += part));
  child.stderr.on('data', (part) => (output += part));
  const [status] = await once(child, 'close');
  rmSync(file, { force: true });
  rmSync(optionsFile || file, { force: true });
  return { status: status as number, output };
}
const lines = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
const alert = (id: number, padding = 0): string =>
  JSON.stringify({
    rule: { level: 3, id: '80792' },
    id: `1767348672.${id}`,
    full_log: `a "quoted" \\ %s ${'x'.repeat(padding)}`,
  });

test('an alert becomes a line of the spool', async () => {
  const wazuh = manager();
  assert.deepEqual(await integrate(wazuh, { alert: `${alert(1)}\n` }), { status: 0, output: '' });
  assert.deepEqual(await integrate(wazuh, { alert: `${alert(2)}\n`, debug: true }), { status: 0, output: '' });
  assert.equal(readFileSync(wazuh.spool, 'utf8'), `${alert(1)}\n${alert(2)}\n`);
});

test('called many times at once, every alert arrives whole', async () => {
  const wazuh = manager();
  const alerts = Array.from({ length: 60 }, (_, i) => alert(i, (i % 4) * 20_000));
  await Promise.all(alerts.map(async (one) => assert.equal((await integrate(wazuh, { alert: `${one}\n` })).status, 0)));
  const written = lines(wazuh.spool).filter((line) => line !== '');
  assert.equal(written.length, alerts.length);
  assert.ok(written.every((line) => alerts.includes(line)) && new Set(written).size === alerts.length);
  assert.deepEqual(readdirSync(join(wazuh.home, 'logs/scops')), ['alerts.json'], 'nothing else is left behind');
});

test('an alert of several lines becomes one', async () => {
  const wazuh = manager();
  const pretty = JSON.stringify(JSON.parse(alert(1)), undefined, 2);
  await integrate(wazuh, { alert: `\n${pretty.replaceAll('\n', '\r\n')}` });
  const written = lines(wazuh.spool);
  assert.equal(written.length, 1);
  assert.deepEqual(JSON.parse(written[0] ?? ''), JSON.parse(alert(1)));
});

test('the spool may be elsewhere, by the options file or the environment', async () => {
  const wazuh = manager();
  const [a, b] = [join(wazuh.home, 'a b.json'), join(wazuh.home, 'b.json')];
  await integrate(wazuh, { alert: alert(1), options: JSON.stringify({ other: 1, spool: a }, undefined, 1) });
  await integrate(wazuh, { alert: alert(2), options: JSON.stringify({ spool: a }), env: { SCOPS_SPOOL: b } });
  await integrate(wazuh, { alert: alert(3), options: '{}' });
  assert.deepEqual([a, b, wazuh.spool].map(lines), [[alert(1)], [alert(2)], [alert(3)]]);
});

test('after a write that was cut short, the next alert has a line of its own', async () => {
  const wazuh = manager();
  writeFileSync(wazuh.spool, '{"rule":{"le');
  await integrate(wazuh, { alert: alert(1) });
  assert.deepEqual(lines(wazuh.spool), ['{"rule":{"le', alert(1)]);
});

test('what cannot be done is said, with status 1, and the spool stays as it was', async () => {
  const wazuh = manager();
  await integrate(wazuh, { alert: alert(1) });
  const before = readFileSync(wazuh.spool);
  const failures: readonly [Call, RegExp][] = [
    [{ alert: '' }, /is empty/],
    [{ alert: "alertdate='2026 Jan 02'\nruleid='5710'" }, /<alert_format>json/],
    [{ alert: alert(2), env: { SCOPS_SPOOL: '/nowhere/alerts.json' } }, /cannot write beside \/nowhere\/alerts.json/],
  ];
  for (const [call, pattern] of failures) {
    const { status, output } = await integrate(wazuh, call);
    assert.equal(status, 1);
    assert.match(output, pattern);
    assert.match(lines(wazuh.log).at(-1) ?? '', pattern);
  }
  assert.deepEqual(readFileSync(wazuh.spool), before);

  const bare = manager({ spool: false });
  assert.match((await integrate(bare, { alert: alert(1) })).output, /cannot write beside/);
  assert.equal(existsSync(bare.spool), false);
});

test('a full disk fails, and leaves nothing behind', async () => {
  const wazuh = manager();
  symlinkSync('/dev/full', wazuh.spool);
  const { status, output } = await integrate(wazuh, { alert: alert(1) });
  assert.equal(status, 1);
  assert.match(output, /cannot append to .*alerts\.json/);
  assert.deepEqual(readdirSync(join(wazuh.home, 'logs/scops')), ['alerts.json']);
});

test('an alert file that is gone is an error, not a wait', async () => {
  const { home } = manager();
  for (const words of [[], [''], [join(home, 'none')]]) {
    const child = spawn(called, words, { cwd: home, stdio: 'ignore' });
    assert.deepEqual(await once(child, 'close'), [1, null]);
  }
});

test('no alert text is run or expanded', async () => {
  const wazuh = manager();
  const marker = join(wazuh.home, 'ran');
  const nasty = JSON.stringify({
    full_log: `$(touch ${marker}) \`touch ${marker}\` %n \\n -e '; touch ${marker}; '`,
    rule: {},
  });
  await integrate(wazuh, { alert: nasty });
  assert.deepEqual(lines(wazuh.spool), [nasty]);
  assert.equal(existsSync(marker), false);
});
