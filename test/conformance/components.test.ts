import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ScopsError } from '../../src/event/index.ts';
import { checkOptions, optionRows, parseOptions } from '../../src/pipeline/options.ts';
import { componentKinds, find, list } from '../../src/pipeline/registry.ts';

const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));

test('the components are all there', () => {
  assert.deepEqual(list('source'), [
    'cloudtrail',
    'entity-ip',
    'guardduty',
    'journald',
    'kafka',
    'lanl',
    'login-csv',
    'rba',
    's3',
    'sqs',
    'sshd',
    'wazuh',
    'windows-logon',
  ]);
  assert.deepEqual(list('enricher'), ['asn', 'dnsbl', 'geo', 'known-networks']);
  assert.deepEqual(list('detector'), ['ip-insights', 'jubatus-lof', 'lof', 'login-likelihood', 'principal-likelihood']);
  assert.deepEqual(list('sink'), ['jsonl', 'slack', 'stdout', 'wazuh', 'webhook']);
});

for (const kind of componentKinds) {
  for (const name of list(kind)) {
    const component = await find(kind, name);

    test(`${kind} ${name} is named after its file and says what it is`, () => {
      assert.equal(component.name, name);
      assert.match(component.summary, /^[A-Z].+\.$/s);
    });

    test(`${kind} ${name} describes every option`, () => {
      for (const row of optionRows(component)) {
        assert.match(row.name, /^[a-z][a-zA-Z]*$/);
        assert.match(row.description, /^[A-Z].+\.$/s, `${row.name}: "${row.description}"`);
      }
    });

    test(`${kind} ${name} refuses an option it does not know`, () => {
      assert.throws(
        () => parseOptions(component, { noSuchOption: 1 }),
        (error) =>
          error instanceof ScopsError &&
          error.code === 'CONFIG_INVALID' &&
          /Unknown option "noSuchOption"/.test(error.message),
      );
    });

    test(`${kind} ${name} has defaults that it accepts itself`, () => {
      for (const row of optionRows(component).filter((each) => each.default !== undefined)) {
        const result = checkOptions(component, { [row.name]: row.default });
        const issues = 'issues' in result ? result.issues.filter(({ path }) => path[0] === row.name) : [];
        assert.deepEqual(issues, []);
      }
    });

    test(`${kind} ${name} needs the version that package.json names`, () => {
      if (!component.needs) return;
      assert.equal(manifest.peerDependencies[component.needs.package], component.needs.version);
      assert.equal(manifest.peerDependenciesMeta[component.needs.package].optional, true);
    });
  }
}
