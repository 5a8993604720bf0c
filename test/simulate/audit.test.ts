import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { execveRecords, untrusted } from '../../src/simulate/hosts/audit.ts';
import { simulateHosts } from '../../src/simulate/hosts.ts';
import { parseAudit } from '../../src/text/wazuh/auditd.ts';

/** The reverse of what auditd does, written independently of the product's parser. */
const decode = (value: string): string =>
  value.startsWith('"') ? value.slice(1, -1) : Buffer.from(value, 'hex').toString();

test('a string comes back from its audit form, which is quoted only when nothing in it could confuse a reader', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const written = untrusted(text);
      assert.equal(decode(written), text);
      assert.match(written, /^(?:"[\x21\x23-\x7e]*"|(?:[0-9A-F]{2})+)$/);
      assert.equal(written.startsWith('"'), /^[\x21\x23-\x7e]*$/.test(text));
    }),
  );
  assert.equal(untrusted('ls'), '"ls"');
  assert.equal(untrusted('a b'), '612062');
  assert.equal(untrusted('"'), '22');
  assert.equal(untrusted('é'), 'C3A9');
  assert.equal(untrusted(''), '""');
});

test('the product reads every argument list back, also arguments too long for one record', () => {
  const word = fc.oneof(
    fc.string(),
    fc.string({ minLength: 3000, maxLength: 9000, unit: 'binary-ascii' }),
    fc.constantFrom('', '-c', 'x y', '(null)'),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 9 }), (args) => {
      assert.deepEqual(parseAudit(execveRecords(args, '1700000000.123:77'))?.execve, args);
    }),
    { numRuns: 200 },
  );
  const long = ['sh', '-c', `${'é '.repeat(6000)}end`];
  assert.deepEqual(parseAudit(execveRecords(long, '1.000:1'))?.execve, long);
  assert.match(execveRecords(long, '1.000:1'), / a2_len=\d+ a2\[0\]=[0-9A-F]{7500} type=EXECVE /);
});

test("Wazuh's own fields keep only quoted arguments, and of these the first eight", () => {
  let lost = 0;
  let compared = 0;
  for (const { line } of simulateHosts({ seed: 8, days: 3, scale: 0.2 })) {
    const alert = JSON.parse(line) as {
      rule: { id: string };
      full_log: string;
      data: { audit: { execve: Record<string, string> } };
    };
    if (alert.rule.id !== '80792') continue;
    const args = parseAudit(alert.full_log)?.execve ?? [];
    const { argc, ...kept } = alert.data.audit.execve;
    assert.equal(Number(argc), args.length);
    for (const [name, value] of Object.entries(kept)) assert.equal(value, args[Number(name.slice(1))]);
    for (const [index, arg] of args.entries()) {
      const expected = index < 8 && /^[\x21\x23-\x7e]+$/.test(arg) && arg.length <= 7500;
      assert.equal(`a${index}` in kept, expected, `${arg} at ${index}`);
      if (!expected) lost++;
    }
    compared++;
  }
  assert.ok(compared > 300 && lost > 50, `${lost} of ${compared}`);
});
