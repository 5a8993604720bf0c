import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** What somebody gets who installs the package: packed, installed in a folder of its own, and used. */
describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'scops-package-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const npx = (...args: string[]) => run('npx', args, { cwd: folder, maxBuffer: 64e6 });

  before(async () => {
    await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
    const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) as string;
    writeFileSync(join(folder, 'package.json'), '{"name":"somewhere","private":true,"type":"module"}');
    await run('npm', ['install', '--silent', `./${tarball}`], { cwd: folder });
  });

  test('npx scops --help works', async () => {
    const { stdout } = await npx('scops', '--help');
    for (const command of [
      'fit',
      'score',
      'explain',
      'model',
      'list',
      'help',
      'check',
      'simulate',
      'logins',
      'cloud',
    ]) {
      assert.match(stdout, new RegExp(`^ +${command}\\b`, 'm'));
    }
  });

  test('the shipped example runs from it', async () => {
    const { stdout } = await npx('scops', 'demo', '--json');
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(findings.some(({ title }) => /su - oreha-kaizoku-oh-ni-naru/.test(title)));
    assert.ok(readdirSync(join(folder, 'scops-demo')).includes('findings.html'));
  });

  test('an optional package that is missing is named, with the command that installs it', async () => {
    await assert.rejects(
      npx('scops', 'score', '--model', 'scops-demo/hosts.scops', '--source', 'kafka:127.0.0.1:1/topic'),
      (error: Error & { stderr: string }) => {
        assert.match(error.stderr, /npm install @platformatic\/kafka@\^2/);
        return true;
      },
    );
  });

  test('the library and its subpaths import', async () => {
    const script = `
      import { fit, load, ScopsError } from 'scops';
      import { fitLocalOutlierFactor } from 'scops/algorithms';
      import { createHandler } from 'scops/lambda';
      import { detectorChecks } from 'scops/testing';
      if (![fit, load, ScopsError, createHandler, fitLocalOutlierFactor].every((it) => typeof it === 'function')) process.exit(1);
      if (detectorChecks.length < 5) process.exit(1);
    `;
    writeFileSync(join(folder, 'script.js'), script);
    await run(process.execPath, ['script.js'], { cwd: folder });
  });
});
