import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolve } from '../../src/simulate/hosts/programs.ts';
import { commands } from '../../src/simulate/hosts/shell.ts';

const args = (line: string) => commands(line).map((command) => [...command.args]);

test('a line of shell is cut into its commands', () => {
  assert.deepEqual(args('ls -la'), [['ls', '-la']]);
  assert.deepEqual(args('ps aux | grep nginx | head -n 3'), [
    ['ps', 'aux'],
    ['grep', 'nginx'],
    ['head', '-n', '3'],
  ]);
  assert.deepEqual(args('cd /tmp && make; echo done'), [['cd', '/tmp'], ['make'], ['echo', 'done']]);
  assert.deepEqual(args(`sh -c 'a | b > "c"' x`), [['sh', '-c', 'a | b > "c"', 'x']]);
  assert.deepEqual(args('find / -perm -4000 2>/dev/null'), [['find', '/', '-perm', '-4000']]);
  assert.deepEqual(args('LANG=C sort < in 2>&1'), [['sort']]);
  assert.deepEqual(args('grep "a \\" b" ""'), [['grep', 'a " b', '']]);
});

test('where the output goes is kept apart', () => {
  assert.deepEqual(commands('date > /tmp/now'), [{ args: ['date'], output: { path: '/tmp/now', append: false } }]);
  assert.deepEqual(commands('date >> /tmp/now'), [{ args: ['date'], output: { path: '/tmp/now', append: true } }]);
});

test('any words, quoted, come back as they were', () => {
  const quote = (word: string) => `'${word.replaceAll("'", `'"'"'`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (words) => {
      assert.deepEqual(args(words.map(quote).join(' ')), [words]);
    }),
  );
});

test('any line is read without an error', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (line) => assert.ok(Array.isArray(commands(line)))));
});

test('a script runs as its interpreter, a link as what it points to', () => {
  assert.deepEqual(resolve(['/opt/x/run.sh', 'a']), {
    executable: '/usr/bin/dash',
    name: 'run.sh',
    file: '/opt/x/run.sh',
    args: ['/bin/sh', '/opt/x/run.sh', 'a'],
  });
  assert.deepEqual(resolve(['certbot', 'renew']).args, ['/usr/bin/python3', '/usr/bin/certbot', 'renew']);
  assert.equal(resolve(['sh', '-c', 'x']).executable, '/usr/bin/dash');
  assert.equal(resolve(['/bin/ls']).executable, '/usr/bin/ls');
  assert.equal(resolve(['visudo']).executable, '/usr/sbin/visudo');
  assert.equal(resolve(['dpkg-maintscript-helper']).name, 'dpkg-maintscrip');
});
