import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { simulatedGeo, simulateLogins } from '../../src/simulate/logins.ts';
import { encodeMmdb } from '../../src/text/mmdb-writer.ts';
import { jsonLines, runScops } from '../support/scops.ts';

const folder = mkdtempSync(join(tmpdir(), 'scops-logins-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const scops = (...args: string[]) => runScops(folder, args);

interface Found {
  readonly id: string;
  readonly time: string;
  readonly title: string;
  readonly rank: number;
  readonly count: number;
  readonly first?: string;
  readonly last?: string;
  readonly entity: { readonly name: string };
  readonly reasons: readonly { readonly code: string; readonly text: string }[];
  readonly event: { readonly id: string; readonly fields: Readonly<Record<string, unknown>> };
  readonly related?: readonly { readonly event: string }[];
}
/** Wait for something, or so many milliseconds. */
async function untilTrue(is: () => boolean, most: number): Promise<void> {
  for (const end = Date.now() + most; !is() && Date.now() < end; ) await wait(50);
}
const findings = (out: string): Found[] => jsonLines(out) as unknown as Found[];

const seed = 11;
const facts = ['--geo', 'geo.mmdb', '--asn', 'asn.mmdb'];
const attacks = new Set<string>();
let lines: string[] = [];

before(() => {
  for (const { line, label } of simulateLogins({ seed, users: 12, days: 30, noise: 0.02 })) {
    lines.push(line);
    if (label.attack) attacks.add(label.id);
  }
  lines = lines.filter((line) => !/pam_unix|Disconnected|Received disconnect|Connection closed/.test(line));
  const world = simulatedGeo(seed);
  const about = { buildEpoch: Date.UTC(2026, 2, 2) / 1000, ipVersion: 6 } as const;
  writeFileSync(at('geo.mmdb'), encodeMmdb({ ...about, databaseType: 'City', entries: world.city }));
  writeFileSync(at('asn.mmdb'), encodeMmdb({ ...about, databaseType: 'ASN', entries: world.asn }));
  writeFileSync(at('auth.log'), `${lines.join('\n')}\n`);
});

describe('scops logins', () => {
  test('parses, enriches, learns, ranks and explains in one command', async () => {
    const { code, out, err } = await scops('logins', 'auth.log', ...facts);
    assert.equal(code, 0, err);
    const found = findings(out);
    assert.ok(found.length >= 5, `${found.length} findings`);
    const right = found.filter(({ event }) => attacks.has(event.id));
    assert.ok(right.length >= 0.6 * found.length, `${right.length} of ${found.length} are attacks`);
    for (const { event } of found.slice(0, 5)) assert.ok(attacks.has(event.id), event.id);
    assert.deepEqual(
      found.map(({ rank }) => rank),
      found.map((_, index) => index + 1),
    );
    const codes = new Set(found.flatMap(({ reasons }) => reasons.map((reason) => reason.code)));
    for (const reason of ['new-country', 'travel', 'previous']) assert.ok(codes.has(reason), [...codes].join());
    assert.ok(found.some(({ event }) => event.fields['source.as.number'] !== undefined));
    assert.match(err, /records understood/);
    assert.match(err, /findings among [\d,]+ logins/);
    assert.match(err, /geo: geo\.mmdb .*made on 2026-03-02/);
  });

  test('shows what is asked for, and learns from all', async () => {
    const all = findings((await scops('logins', 'auth.log', ...facts)).out);
    const name = all[0]?.entity.name as string;
    const one = findings((await scops('logins', 'auth.log', ...facts, '--user', name)).out);
    assert.ok(one.length > 0 && one.every(({ entity }) => entity.name === name));
    const since = all.map(({ time }) => time).sort()[all.length >> 1] as string;
    const late = findings((await scops('logins', 'auth.log', ...facts, '--since', since.slice(0, 10))).out);
    assert.ok(late.length > 0 && late.length < all.length);
    assert.ok(late.every(({ time }) => time >= since.slice(0, 10)));
    const names = [...new Set(all.map(({ entity }) => entity.name))].sort();
    const asked = [`${names[0]?.slice(0, 2)}*`, '--user', String(names.at(-1))];
    const several = findings((await scops('logins', 'auth.log', ...facts, '--user', ...asked)).out);
    assert.deepEqual([...new Set(several.map(({ entity }) => entity.name))].sort(), [names[0], names.at(-1)]);
    const nobody = await scops('logins', 'auth.log', '--user', 'no*body');
    assert.equal(nobody.out, '');
    assert.match(nobody.err, /No successful login of no\*body: the [\d,]+ logins read are from 2026-03-02 .* to /);
    assert.match((await scops('logins', 'auth.log', '--since', '1h')).err, /No successful login since 20.*: the/);
  });

  test('--all: every login with its score, in order; findings go to the sinks alone', async () => {
    const args = ['logins', 'auth.log', ...facts];
    const found = findings((await scops(...args)).out);
    const { code, out, err } = await scops(...args, '--all', '--sink', 'jsonl:all.jsonl');
    assert.equal(code, 0, err);
    const all = jsonLines(out);
    assert.equal(all.length, Number(/among ([\d,]+) logins/.exec(err)?.[1]?.replaceAll(',', '')));
    const times = all.map(({ time }) => String(time));
    assert.deepEqual(times, times.toSorted());
    const scores = new Map(all.map(({ id, score }) => [id, score]));
    assert.ok(all.every(({ score, reasons }) => Number.isFinite(score) && Array.isArray(reasons)));
    for (const { id, score } of found as unknown as { id: string; score: number }[])
      assert.equal(scores.get(id), score);
    assert.equal(jsonLines(readFileSync(at('all.jsonl'), 'utf8')).length, found.length);

    const name = found[0]?.entity.name as string;
    const one = jsonLines((await scops(...args, '--all', '--user', name)).out);
    assert.deepEqual(
      one.map(({ id, score }) => [id, score]),
      all.filter(({ entity }) => (entity as { name: string }).name === name).map(({ id, score }) => [id, score]),
    );

    const half = lines.length >> 1;
    writeFileSync(at('later.log'), `${lines.slice(0, half).join('\n')}\n`);
    const again = ['logins', 'later.log', ...facts, '--model', 'all.scops', '--all'];
    const before = jsonLines((await scops(...again)).out);
    writeFileSync(at('later.log'), `${lines.slice(half).join('\n')}\n`, { flag: 'a' });
    const after = jsonLines((await scops(...again)).out);
    assert.deepEqual(
      [...before, ...after].map(({ id, score }) => [id, score]),
      all.map(({ id, score }) => [id, score]),
    );
    const jubatus = jsonLines((await scops('logins', 'auth.log', ...facts, '--detector', 'jubatus-lof', '--all')).out);
    assert.deepEqual(
      jubatus.map(({ id }) => String(id).replace('jubatus-lof', 'login-likelihood')),
      all.map(({ id }) => id),
    );
  });

  test('a table that is asked for in a pipe is as wide as COLUMNS says', async () => {
    const main = join(import.meta.dirname, '../../src/cli/main.ts');
    const printed = async (columns: string): Promise<string[]> => {
      const args = [main, 'logins', 'auth.log', ...facts, '--sink', 'stdout:table'];
      const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, COLUMNS: columns } });
      child.stderr.resume();
      return String(await child.stdout.toArray()).split('\n');
    };
    const widest = async (columns: string) => Math.max(...(await printed(columns)).map(({ length }) => length));
    assert.ok((await widest('60')) <= 60);
    assert.ok((await widest('140')) > 130);
    assert.ok((await widest('wide')) <= 100);
  });

  test('several geo files add up, named one by one or with commas between', async () => {
    const { city } = simulatedGeo(seed);
    const half = city.length >> 1;
    const about = { buildEpoch: Date.UTC(2026, 2, 2) / 1000, ipVersion: 6, databaseType: 'City' } as const;
    writeFileSync(at('one.mmdb'), encodeMmdb({ ...about, entries: city.slice(0, half) }));
    writeFileSync(at('other.mmdb'), encodeMmdb({ ...about, entries: city.slice(half) }));
    const judged = async (...geo: string[]) => {
      const { out, err } = await scops('logins', 'auth.log', ...geo, '--asn', 'asn.mmdb');
      return { err, found: findings(out).map(({ id, reasons }) => ({ id, reasons })) };
    };
    const { found } = await judged('--geo', 'geo.mmdb');
    const repeated = await judged('--geo', 'one.mmdb', '--geo', 'other.mmdb');
    assert.deepEqual(repeated.found, found);
    assert.match(repeated.err, /geo: one\.mmdb .*, other\.mmdb /);
    assert.deepEqual((await judged('--geo', 'one.mmdb,other.mmdb')).found, found);
    assert.notDeepEqual((await judged('--geo', 'one.mmdb')).found, found);
  });

  test('with a model file it goes on where it stopped, and a word on a finding is taken', async () => {
    const half = lines.length >> 1;
    writeFileSync(at('growing.log'), `${lines.slice(0, half).join('\n')}\n`);
    const args = ['logins', 'growing.log', ...facts, '--model', 'users.scops'];
    const first = await scops(...args);
    assert.equal(first.code, 0, first.err);
    assert.ok(existsSync(at('users.scops')));
    assert.match((await scops(...args)).err, /0 findings among 0 new logins/);
    writeFileSync(at('growing.log'), `${lines.slice(half).join('\n')}\n`, { flag: 'a' });
    const second = await scops(...args);
    assert.equal(second.code, 0, second.err);
    const found = findings(second.out);
    assert.ok(found.some(({ event }) => attacks.has(event.id)));
    assert.ok(new Set(found.map(({ id }) => id)).size === found.length);

    const [known] = jsonLines((await scops('model', 'info', 'users.scops')).out);
    assert.deepEqual([known?.events, String(known?.to).slice(0, 10)], [lines.length, lines.at(-1)?.slice(0, 10)]);
  });

  test('what waits in quarantine is shown, and a word settles all that a finding stands for', async () => {
    const model = ['--model', 'waiting.scops'];
    const read = ['logins', 'auth.log', ...facts, ...model];
    const found = findings((await scops(...read)).out);
    const waits = async () => {
      const { code, out, err } = await scops('logins', '--quarantine', ...model);
      assert.equal(code, 0, err);
      return jsonLines(out) as unknown as { id: string; count: number; until: string; events: string[] }[];
    };
    const held = async () =>
      Number(jsonLines((await scops('model', 'info', 'waiting.scops')).out)[0]?.['in quarantine']);
    const first = await waits();
    assert.equal(
      first.reduce((sum, { count }) => sum + count, 0),
      await held(),
    );
    const told = first.filter(({ id }) => found.some((finding) => finding.id === id));
    const [one, other, third] = told.filter(({ count }) => count > 1);
    assert.ok(one && other && third, 'three findings stand for several logins that wait');
    for (const { id, count } of [one, other, third]) assert.equal(found.find((each) => each.id === id)?.count, count);

    const said = await scops('logins', ...model, '--benign', one.id, '--malicious', other.id, '--malicious', 'none');
    assert.equal(said.code, 1);
    assert.match(said.err, new RegExp(`: ${one.count} logins learnt\\..*: ${other.count} logins dropped`, 's'));
    assert.match(said.err, /No login "none" is in quarantine/);
    const left = first.filter(({ id }) => id !== one.id && id !== other.id);
    assert.deepEqual(await waits(), left);
    assert.equal((await scops('logins', ...model, '--benign', one.id)).code, 1);

    const alone = third.events.find((event) => !third.id.endsWith(event)) as string;
    const partly = await scops('logins', ...model, '--benign', `login-likelihood:${alone}`);
    assert.match(partly.err, /: 1 login learnt\./);
    assert.equal((await waits()).find(({ id }) => id === third.id)?.count, third.count - 1);

    assert.match((await scops(...read)).err, /0 findings among 0 new logins/);
    assert.equal((await waits()).length, left.length);
    assert.match((await scops('logins', ...model, '--benign', 'x', '--malicious', 'x')).err, /benign and malicious/);
  });

  test('a word is heard by whoever follows the log with the same model', async () => {
    const model = ['--model', 'heard.scops'];
    writeFileSync(at('heard.log'), `${lines.join('\n')}\n`);
    await scops('logins', 'heard.log', ...facts, ...model);
    const [waiting] = jsonLines((await scops('logins', '--quarantine', ...model)).out);
    const args = ['logins', 'heard.log', ...facts, ...model, '--follow', '--verbose'];
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/cli/main.ts'), ...args], {
      cwd: folder,
    });
    const ended = once(child, 'close');
    let err = '';
    child.stderr.on('data', (piece) => {
      err += piece;
    });
    try {
      await untilTrue(() => err !== '' || existsSync(at('heard.scops.words.taken')), 1500);
      assert.equal((await scops('logins', ...model, '--benign', String(waiting?.id))).code, 0);
      writeFileSync(at('heard.log'), `${lines.at(-1)}\n`, { flag: 'a' });
      await untilTrue(() => /A word on .* was heard/.test(err) && !existsSync(at('heard.scops.words.taken')), 20_000);
    } finally {
      child.kill('SIGTERM');
    }
    assert.equal((await ended)[0], 0, err);
    const ids = jsonLines((await scops('logins', '--quarantine', ...model)).out).map(({ id }) => id);
    assert.ok(ids.length > 0 && !ids.includes(waiting?.id));
  });

  test('takes other formats, told by their beginning or by name', async () => {
    const csv = Array.from({ length: 60 }, (_, i) => `${1_767_225_600 + i * 40_000},192.0.2.${i % 3},alice`);
    writeFileSync(at('logins.csv'), `${csv.join('\n')}\n`);
    assert.match((await scops('logins', 'logins.csv')).err, /among 60 logins/);
    assert.match((await scops('logins', 'logins.csv', '--format', 'login-csv')).err, /among 60 logins/);
    const wrong = await scops('logins', 'logins.csv', '--format', 'sshd');
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /NOTHING_LEARNT/);
    assert.match(wrong.err, /No record is one that the source "sshd" reads.*--format/);
  });

  test('of an input without a finding it says what was nearest to one, and whether enough is known', async () => {
    writeFileSync(at('two.csv'), '1767225600,192.0.2.1,alice\n1767225900,198.51.100.1,alice\n');
    const { code, out, err } = await scops('logins', 'two.csv');
    assert.equal(code, 0, err);
    assert.equal(out, '');
    assert.match(
      err,
      /^0 findings among 2 logins\. The strangest scored [\d.]+, and a finding needs more than 5: Login of alice from 1.*, 2026-01-01 00:0\d UTC\. Still learning: .*\.\n$/,
    );
  });

  test('an input without a successful login is no failure', async () => {
    const failed = 'Mar  2 10:00:00 web1 sshd[1]: Failed password for root from 192.0.2.9 port 4711 ssh2\n';
    writeFileSync(at('failed.log'), failed.repeat(3));
    const some = await scops('logins', 'failed.log');
    assert.equal(some.code, 0, some.err);
    assert.match(some.err, /3 of 3 sshd records understood\.\nNo successful login among 3 events/);
    writeFileSync(at('empty.log'), '');
    const none = await scops('logins', 'empty.log', '--model', 'empty.scops');
    assert.equal(none.code, 0, none.err);
    assert.match(none.err, /^Nothing was read/);
    writeFileSync(at('empty.log'), `${lines.slice(0, 2000).join('\n')}\n`);
    const later = await scops('logins', 'empty.log', '--model', 'empty.scops');
    assert.equal(later.code, 0, later.err);
    assert.match(later.err, /among [\d,]+ new logins/);
  });

  test('follows a file that is empty at first, and ends in order', async () => {
    writeFileSync(at('young.log'), '');
    const main = join(import.meta.dirname, '../../src/cli/main.ts');
    const child = spawn(process.execPath, [main, 'logins', 'young.log', '--follow'], { cwd: folder });
    const ended = once(child, 'close');
    let err = '';
    for await (const piece of child.stderr) {
      const before = err;
      err += piece;
      if (err.includes('Following') && !before.includes('Following')) {
        writeFileSync(at('young.log'), `${lines.slice(0, 300).join('\n')}\n`, { flag: 'a' });
        setTimeout(() => child.kill('SIGTERM'), 1500);
      }
    }
    const [code] = await ended;
    assert.equal(code, 0, err);
    assert.match(err, /among [1-9]\d* new logins/);
  });

  test('a finding that stands for several says when the first was', async () => {
    const found = findings((await scops('logins', 'auth.log', ...facts)).out);
    const several = found.filter(({ count }) => count > 1);
    assert.ok(several.length > 0);
    for (const { time, first = '', last = '' } of several) assert.ok(first <= time && time <= last && first < last);
    assert.ok(found.every(({ count, first }) => count > 1 || first === undefined));
  });

  test('a model of logins is told that its files are not the usual alerts', async () => {
    const fitted = await scops(
      'fit',
      '--detector',
      'login-likelihood',
      '--source',
      'sshd:auth.log',
      '--model',
      'f.scops',
    );
    const again = await scops('score', '--model', 'f.scops', '--source', 'sshd:auth.log');
    assert.match(again.err, /Warning: The model has learnt up to .*with hindsight\. scops logins judges/);
    assert.match(fitted.err, /Next: scops score --model f\.scops --source sshd:…/);
    const { code, err } = await scops('score', '--model', 'f.scops', 'auth.log');
    assert.equal(code, 1);
    assert.match(err, /No record is one that the source "wazuh" reads\..*--source sshd:FILE/);
  });

  test('check finds what would only fail when run', async () => {
    await scops('logins', 'auth.log', '--model', 'checked.scops', '--quiet');
    const check = async (source: string, enricher: string) => {
      const text = `source: { ${source}: { paths: auth.log } }\nenrichers: [{ ${enricher} }]\nmodel: checked.scops\nlearn: true\nsinks: [{ jsonl: { path: o.jsonl } }]\n`;
      writeFileSync(at('logins.yaml'), text);
      return scops('check', 'logins.yaml');
    };
    const good = await check('sshd', 'geo: { database: geo.mmdb }');
    assert.equal(good.code, 0, good.err);
    assert.deepEqual(jsonLines(good.out)[0]?.enrichers, ['geo']);
    assert.match((await check('sshd', 'geo: { database: none.mmdb }')).err, /none\.mmdb/);
    assert.match((await check('login-csv', 'geo: { database: geo.mmdb }')).err, /learns from source "sshd"/);
  });

  describe('of a wrong command line says in a sentence what to do', () => {
    before(async () => {
      writeFileSync(at('few.csv'), '1767225600,192.0.2.1,alice\n1767225900,198.51.100.1,alice\n');
      writeFileSync(at('other.csv'), '1767225600,192.0.2.1,bob\n');
      mkdirSync(at('folder'), { recursive: true });
      const made = await scops('logins', 'few.csv', '--detector', 'jubatus-lof', '--model', 'lof.scops');
      assert.equal(made.code, 0, made.err);
      writeFileSync(at('cut.scops'), readFileSync(at('lof.scops')).subarray(0, 200));
    });
    for (const [exit, args, message] of [
      [2, '', /Give files, - for standard input, or --follow/],
      [2, 'few.csv --since tuesday', /neither a date/],
      [2, 'few.csv --detector lof', /does not learn as it goes\. Use scops fit/],
      [2, 'few.csv --detector lov', /Unknown detector "lov"\. Did you mean "lof"\?/],
      [2, 'few.csv --format sshdd', /Unknown source "sshdd"\. Did you mean "sshd"\?/],
      [2, 'few.csv --budget many', /Write findings per day, such as 5\/day/],
      [2, 'few.csv --benign x', /Give --model FILE too/],
      [2, '--quarantine', /Give --model FILE too/],
      [2, 'few.csv --quarantine --model lof.scops', /leave out "few\.csv"/],
      [2, '--quarantine --follow --model lof.scops', /leave out --follow/],
      [2, '- --follow', /cannot be followed/],
      [2, 'folder --follow', /A folder cannot be followed: name the file in "folder" that grows/],
      [2, 'few.csv other.csv --follow', /One log is followed at a time, .*run one command for each/],
      [2, '--follow --format sshd', /"sshd" follows a file: name it, or leave out --format/],
      [1, 'none.log', /Cannot read "none\.log": no such file or folder/],
      [1, 'few.csv --geo none.mmdb', /none\.mmdb/],
      [
        1,
        'few.csv --model cut.scops',
        /cut\.scops: This model file is damaged or cut short\. Fit it again, or restore/,
      ],
      [1, 'few.csv --model few.csv', /few\.csv: This file is not a Scops model/],
      [
        1,
        'few.csv --detector login-likelihood --model lof.scops',
        /is a "jubatus-lof" model, not one of "login-likelihood": leave out --detector, or name another/,
      ],
      [1, 'few.csv --model nowhere/x.scops', /Cannot write the model to "nowhere\/x\.scops"/],
    ] as const) {
      test(`logins ${args}`, async () => {
        const { code, err } = await scops('logins', ...args.split(' ').filter(Boolean));
        assert.equal(code, exit, err);
        assert.match(err, message);
        assert.doesNotMatch(err, /A fault in Scops/);
      });
    }
    test('a folder without a log by its name is no failure', async () => {
      const { code, err } = await scops('logins', 'folder');
      assert.equal(code, 0, err);
      assert.match(err, /Nothing was read: the files are empty, or the folder has none by such a name/);
    });
  });
});

test('what a geo file says of itself reaches the terminal escaped', async () => {
  const world = simulatedGeo(seed);
  const about = { buildEpoch: Date.UTC(2026, 2, 2) / 1000, ipVersion: 6 } as const;
  const databaseType = 'City\u001b[31m';
  writeFileSync(at('odd.mmdb'), encodeMmdb({ ...about, databaseType, entries: world.city }));
  const { code, err } = await scops('logins', 'auth.log', '--geo', 'odd.mmdb');
  assert.equal(code, 0, err);
  assert.match(err, /City\\u\{1b\}\[31m/);
  assert.ok(!err.includes('\u001b'));
});

describe('scops simulate logins', () => {
  test('writes lines, labels and the databases of its world', async () => {
    const files = ['-o', 'made.log.gz', '--labels', 'made.csv', '--geo', 'made-geo.mmdb', '--asn', 'made-asn.mmdb'];
    const { code, err } = await scops('simulate', 'logins', '--seed', '2', '--users', '12', '--days', '30', ...files);
    assert.equal(code, 0, err);
    assert.match(err, /successful logins, [\d,]+ of them by intruders \(seed 2\)/);
    assert.match(readFileSync(at('made.csv'), 'utf8'), /^id,label,success,scenario,incident,user\n/);
    const judged = await scops('logins', 'made.log.gz', '--geo', 'made-geo.mmdb', '--asn', 'made-asn.mmdb');
    assert.equal(judged.code, 0, judged.err);
    assert.ok(findings(judged.out).length > 0);
  });

  test('too small a company is a wrong command line, not a file that cannot be written', async () => {
    const { code, err } = await scops('simulate', 'logins', '--users', '2', '-o', 'small.log');
    assert.equal(code, 2);
    assert.match(err, /^Cannot simulate with users 2: give a whole number from 12/);
  });
});
