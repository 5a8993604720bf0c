import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { jsonLines as lines, type Ran, runScops } from '../support/scops.ts';

const folder = mkdtempSync(join(tmpdir(), 'scops-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const scops = (args: readonly string[], input?: string) => runScops(folder, args, input);

before(async () => {
  const made = await scops([
    'simulate',
    'hosts',
    '--seed',
    '5',
    '--days',
    '2',
    '--attacks',
    '0',
    '--output',
    at('past.jsonl.gz'),
  ]);
  assert.equal(made.code, 0, made.err);
  const new_ = await scops([
    'simulate',
    'hosts',
    '--seed',
    '6',
    '--days',
    '1',
    '--output',
    at('new.jsonl'),
    '--labels',
    at('labels.csv'),
  ]);
  assert.equal(new_.code, 0, new_.err);
  const fitted = await scops(['fit', '--model', at('hosts.scops'), at('past.jsonl.gz')]);
  assert.equal(fitted.code, 0, fitted.err);
});

describe('fit and score', () => {
  test('a pipe gets one JSON object per finding, with reasons; remarks go to standard error', async () => {
    const { code, out, err } = await scops(['score', '--model', at('hosts.scops'), at('new.jsonl')]);
    assert.equal(code, 0, err);
    const findings = lines(out);
    assert.ok(findings.length > 0);
    assert.deepEqual(
      findings.map(({ rank }) => rank),
      findings.map((_, i) => i + 1),
    );
    for (const finding of findings) {
      assert.ok((finding.reasons as unknown[]).length > 0);
      assert.ok(Number(finding.score) > Number(finding.threshold));
    }
    assert.match(err, /\d+ findings among [\d,]+ judged/);
  });

  test('standard input is read with -', async () => {
    const file = await scops(['score', '--model', at('hosts.scops'), at('new.jsonl')]);
    const stdin = await scops(['score', '--model', at('hosts.scops'), '-'], readFileSync(at('new.jsonl'), 'utf8'));
    assert.equal(stdin.code, 0, stdin.err);
    const ids = ({ out }: Ran): unknown[] => lines(out).map(({ id }) => id);
    assert.deepEqual(ids(stdin), ids(file));
  });

  test('bad records are counted, explained and kept', async () => {
    const text = `not json\n${readFileSync(at('new.jsonl'), 'utf8').split('\n').slice(0, 5).join('\n')}\n{"a":\n`;
    const { code, err } = await scops(
      ['score', '--model', at('hosts.scops'), '--rejects', at('rejects.jsonl'), '-'],
      text,
    );
    assert.equal(code, 0, err);
    assert.match(err, /2 records could not be read/);
    assert.deepEqual(
      lines(readFileSync(at('rejects.jsonl'), 'utf8')).map(({ line, raw }) => [line, raw]),
      [
        [1, 'not json'],
        [7, '{"a":'],
      ],
    );
  });

  test('a checkpoint continues where the last run ended', async () => {
    const args = ['score', '--model', at('hosts.scops'), '--checkpoint', at('place.json'), '--json', at('new.jsonl')];
    const first = await scops(args);
    assert.equal(first.code, 0, first.err);
    assert.ok(existsSync(at('place.json')));
    const second = await scops(args);
    assert.equal(second.code, 0, second.err);
    assert.equal(second.out, '');
  });

  test('a picture is written', async () => {
    for (const name of ['plot.svg', 'plot.html']) {
      const { code, err } = await scops([
        'score',
        '--quiet',
        '--model',
        at('hosts.scops'),
        '--plot',
        at(name),
        at('new.jsonl'),
      ]);
      assert.equal(code, 0, err);
      assert.equal(err, '');
      assert.match(readFileSync(at(name), 'utf8'), /<svg/);
    }
  });

  test('a budget is kept more or less; a larger one brings more', async () => {
    const count = async (budget: string) =>
      lines((await scops(['score', '--model', at('hosts.scops'), '--budget', budget, at('new.jsonl')])).out).length;
    const [few, many] = [await count('2/day'), await count('50/day')];
    assert.ok(few <= many, `${few} at 2/day, ${many} at 50/day`);
  });
});

describe('the other commands', () => {
  test('explain says why, for ordinary events too', async () => {
    const { code, out, err } = await scops([
      'explain',
      '--model',
      at('hosts.scops'),
      '--limit',
      '200',
      at('new.jsonl'),
    ]);
    assert.equal(code, 0, err);
    const said = lines(out);
    assert.equal(said.length, 200);
    const judged = said.filter(({ score }) => typeof score === 'number');
    assert.ok(judged.length > 50);
    for (const { reasons } of judged) assert.ok((reasons as unknown[]).length > 0);
  });

  test('model info and model merge', async () => {
    const merged = await scops(['model', 'merge', at('hosts.scops'), at('hosts.scops'), '--output', at('twice.scops')]);
    assert.equal(merged.code, 0, merged.err);
    const [once] = lines((await scops(['model', 'info', '--json', at('hosts.scops')])).out);
    const [twice] = lines((await scops(['model', 'info', '--json', at('twice.scops')])).out);
    assert.equal(twice?.events, 2 * Number(once?.events));
    assert.equal(twice?.detector, 'lof');
  });

  test('list and help know every component', async () => {
    const names = lines((await scops(['list'])).out).map(({ name }) => String(name));
    assert.ok(names.includes('wazuh') && names.includes('lof') && names.includes('slack'));
    for (const name of new Set(names)) {
      const { code, out } = await scops(['help', name]);
      assert.equal(code, 0);
      assert.ok(Array.isArray(lines(out)[0]?.options));
    }
  });

  test('check accepts a good pipeline file and says where a bad one is wrong', async () => {
    const text = `source:\n  wazuh: { paths: new.jsonl }\nmodel: hosts.scops\nsinks:\n  - jsonl: { path: out.jsonl }\n`;
    writeFileSync(at('good.yaml'), text);
    writeFileSync(at('bad.yaml'), text.replace('paths', 'pathes'));
    const good = await scops(['check', 'good.yaml']);
    assert.equal(good.code, 0, good.err);
    const bad = await scops(['check', 'bad.yaml']);
    assert.equal(bad.code, 2);
    assert.match(bad.err, /bad\.yaml:2:12 {2}Unknown option "pathes" for source "wazuh"\. Did you mean "paths"\?/);
    const ran = await scops(['score', '--config', 'good.yaml']);
    assert.equal(ran.code, 0, ran.err);
    assert.ok(lines(readFileSync(at('out.jsonl'), 'utf8')).length > 0);
  });

  for (const shell of ['bash', 'zsh', 'fish']) {
    test(`completion for ${shell} knows the commands`, async () => {
      const { code, out } = await scops(['completion', shell]);
      assert.equal(code, 0);
      for (const word of ['fit', 'score', 'explain', '--model', 'merge']) assert.ok(out.includes(word), word);
    });
  }

  test('the bash completion completes', async () => {
    const { out } = await scops(['completion', 'bash']);
    const script = `${out}\nCOMP_WORDS=(scops model me); COMP_CWORD=2; _scops; echo "\${COMPREPLY[@]}"\nCOMP_WORDS=(scops score --mod); COMP_CWORD=2; _scops; echo "\${COMPREPLY[@]}"\n`;
    const said = await new Promise<string>((resolve) => execFile('bash', ['-c', script], (_, text) => resolve(text)));
    assert.equal(said, 'merge\n--model\n');
  });
});

describe('errors', () => {
  const wrong: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['an unknown command', ['scrore'], 2, /unknown command 'scrore'[\s\S]*score/],
    ['an unknown switch', ['score', '--modle', 'x', 'y'], 2, /unknown option '--modle'[\s\S]*--model/],
    ['no model', ['score', 'new.jsonl'], 2, /Which model\?/],
    ['no input', ['score', '--model', 'hosts.scops'], 2, /Nothing to read/],
    ['a missing file', ['score', '--model', 'hosts.scops', 'missing.json'], 1, /missing\.json/],
    [
      'a missing model',
      ['score', '--model', 'missing.scops', 'new.jsonl'],
      1,
      /Cannot read the model "missing\.scops"/,
    ],
    ['a wrong budget', ['score', '--model', 'hosts.scops', '--budget', 'x', 'new.jsonl'], 2, /"x" is not a budget/],
    ['an unknown component', ['help', 'slakc'], 2, /Did you mean "slack"\?/],
    ['an unknown detector', ['fit', '--detector', 'lod', '--model', 'm', 'new.jsonl'], 2, /Did you mean "lof"\?/],
    ['nothing to learn', ['fit', '--model', 'm.scops', '-'], 1, /NOTHING_LEARNT/],
    ['an option out of range', ['fit', '--model', 'm.scops', '--neighbors', '0', 'new.jsonl'], 2, /neighbors/],
  ];
  for (const [name, args, code, message] of wrong) {
    test(`${name}: exit code ${code}`, async () => {
      const ran = await scops(args);
      assert.equal(ran.code, code, ran.err);
      assert.match(ran.err, message);
      assert.equal(ran.out, '');
    });
  }

  test('a damaged model is an error, and nothing half-written stays behind', async () => {
    writeFileSync(at('damaged.scops'), readFileSync(at('hosts.scops')));
    truncateSync(at('damaged.scops'), 1000);
    const ran = await scops(['score', '--model', 'damaged.scops', 'new.jsonl']);
    assert.equal(ran.code, 1);
    assert.match(ran.err, /damaged\.scops: .*damaged/);
    const unwritable = await scops(['fit', '--model', 'no/such/folder/m.scops', 'past.jsonl.gz']);
    assert.equal(unwritable.code, 1);
    assert.match(unwritable.err, /OUTPUT_UNWRITABLE/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => /\.\d{5,}$/.test(name)),
      [],
    );
  });
});
