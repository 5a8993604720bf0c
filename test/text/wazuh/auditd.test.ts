import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAudit } from '../../../src/text/wazuh/auditd.ts';

const id = 'msg=audit(1700000000.123:42):';
const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();
const execve = (rest: string) => parseAudit(`type=EXECVE ${id} ${rest}`)?.execve;

test('quoted, hexadecimal and empty arguments', () => {
  assert.deepEqual(execve(`argc=4 a0="sh" a1="-c" a2=${hex('echo "a b" > /tmp/x')} a3=""`), [
    'sh',
    '-c',
    'echo "a b" > /tmp/x',
    '',
  ]);
});

test('arguments beyond a9 stay in order, whatever their order in the record', () => {
  const args = Array.from({ length: 15 }, (_, i) => `arg${i}`);
  const written = args.map((arg, i) => `a${i}="${arg}"`);
  assert.deepEqual(execve(`argc=15 ${written.join(' ')}`), args);
  assert.deepEqual(execve(`argc=15 ${written.toReversed().join(' ')}`), args);
});

test('an argument split over several records is joined, characters included', () => {
  const long = `${'x'.repeat(20)}é`;
  const bytes = hex(long);
  const log = [
    `type=EXECVE ${id} argc=3 a0="bash" a1_len=44 a1[0]=${bytes.slice(0, -2)}`,
    `type=EXECVE ${id} a1[1]=${bytes.slice(-2)} a2="end"`,
  ];
  assert.deepEqual(parseAudit(log.join(' '))?.execve, ['bash', long, 'end']);
  assert.deepEqual(execve(`argc=2 a0="bash" a1_len=6 a1[1]="def" a1[0]="abc"`), ['bash', 'abcdef']);
});

test('(null) is no argument; the quoted text (null) is one', () => {
  assert.deepEqual(execve('argc=3 a0="x" a1=(null) a2="(null)"'), ['x', '(null)']);
});

test("the SYSCALL record's own a0 to a3 are not arguments", () => {
  const log = `type=SYSCALL ${id} arch=c000003e syscall=59 a0=55d0 a1=55d1 a2=55d2 a3=8 exe="/bin/sh"`;
  const audit = parseAudit(log);
  assert.equal(audit?.execve, undefined);
  assert.equal(audit?.syscall.get('exe'), '/bin/sh');
});

for (const [name, gap] of [
  ['a GS', '\u001d'],
  ['nothing', ''],
  ["rsyslog's #035", '#035'],
  ['a written \\u001D', '\\u001D'],
  ['a space', ' '],
] as const) {
  test(`enriched names after ${name}`, () => {
    for (const key of ['"audit-wazuh-c"', '(null)', hex('a b')]) {
      const syscall = parseAudit(
        `type=SYSCALL ${id} uid=33 key=${key}${gap}ARCH=x86_64 UID="www-data" AUID="unset"`,
      )?.syscall;
      assert.equal(syscall?.get('UID'), 'www-data', key);
      assert.equal(syscall?.get('uid'), '33');
      assert.equal(syscall?.get('ARCH'), 'x86_64');
      assert.equal(syscall?.get('key'), key === '(null)' ? undefined : key.startsWith('"') ? 'audit-wazuh-c' : 'a b');
    }
  });
}

test('a node prefix, a syslog header and line breaks between records', () => {
  const log = `Feb 14 10:00:00 web01 audispd: node=web01 type=SYSCALL ${id} pid=7 comm="id"\nnode=web01 type=EXECVE ${id} argc=1 a0="id"\n`;
  assert.deepEqual(parseAudit(log)?.execve, ['id']);
  assert.equal(parseAudit(log)?.syscall.get('pid'), '7');
});

test('what looks like a record inside a quoted value is not one', () => {
  const forged = `x type=EXECVE ${id} argc=1 a0=evil`;
  assert.deepEqual(execve(`argc=2 a0="${forged}" a1="b"`), [forged, 'b']);
  const message = parseAudit(`type=USER_CMD ${id} pid=1 msg='op="a" type=EXECVE ${id} argc=1 a0=evil res=success'`);
  assert.equal(message?.execve, undefined);
});

test('records of another event are left out', () => {
  const log = `type=EXECVE ${id} argc=1 a0="mine" type=EXECVE msg=audit(1700000000.123:43): argc=1 a0="theirs" a1="x"`;
  assert.deepEqual(parseAudit(log)?.execve, ['mine']);
});

test('the command line of PROCTITLE, in hexadecimal or in quotes', () => {
  assert.deepEqual(parseAudit(`type=PROCTITLE ${id} proctitle=${hex('ls\0-l\0')}`)?.proctitle, ['ls', '-l']);
  assert.deepEqual(parseAudit(`type=PROCTITLE ${id} proctitle="bash"`)?.proctitle, ['bash']);
  assert.equal(parseAudit(`type=PROCTITLE ${id} proctitle=(null)`)?.proctitle, undefined);
});

test('values that somebody else chose are decoded, numbers are not', () => {
  const audit = parseAudit(
    `type=SYSCALL ${id} pid=1234 tty=(none) ses=10 comm=${hex('my tool')} exe=${hex('/tmp/x (deleted)')} type=CWD ${id} cwd=${hex('/home/a b')}`,
  );
  assert.equal(audit?.syscall.get('pid'), '1234');
  assert.equal(audit?.syscall.get('ses'), '10');
  assert.equal(audit?.syscall.get('tty'), undefined);
  assert.equal(audit?.syscall.get('comm'), 'my tool');
  assert.equal(audit?.syscall.get('exe'), '/tmp/x (deleted)');
  assert.equal(audit?.cwd, '/home/a b');
});

test('a record that was cut keeps what is there', () => {
  assert.deepEqual(execve('argc=3 a0="sh" a1="-c'), ['sh', '-c']);
  assert.deepEqual(execve(`argc=2 a0="sh" a1=${hex('id').slice(0, -1)}`), ['sh', 'i']);
  assert.equal(parseAudit('type=EXECVE msg=audit(1700000000.1'), undefined);
  assert.equal(parseAudit('no record at all'), undefined);
});

/** As audit_log_untrustedstring in Linux' kernel/audit.c. */
function encode(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.some((byte) => byte === 0x22 || byte < 0x21 || byte > 0x7e)
    ? bytes.toString('hex').toUpperCase()
    : `"${text}"`;
}

test('any argument list that the kernel can write is read back', () => {
  const argument = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(argument, { minLength: 1, maxLength: 12 }), (args) => {
      const wellFormed = args.map((arg) => arg.toWellFormed());
      const written = wellFormed.map((arg, i) => `a${i}=${encode(arg)}`).join(' ');
      assert.deepEqual(
        parseAudit(`type=SYSCALL ${id} a0=1 key=(null)ARCH=x86_64 type=EXECVE ${id} argc=${args.length} ${written}`)
          ?.execve,
        wellFormed,
      );
    }),
  );
});

test('any text is read without a throw', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      `type=EXECVE ${id}`,
      ' type=',
      'msg=audit(',
      'a0=',
      'a1[0]=',
      '"',
      "'",
      '(',
      ')',
      '=',
      '\u001d',
      'ARCH=',
      '#035',
      '\\u001d',
      ':',
      'FF',
    ),
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        const audit = parseAudit(text);
        assert.ok(audit === undefined || audit.serial.length <= text.length);
      },
    ),
  );
});

test('time is linear in the text, whatever it repeats', () => {
  const repeat = (text: string) => `type=EXECVE ${id} ${text.repeat(Math.ceil(1_000_000 / text.length))}`;
  for (const text of [
    'a0=(',
    'a0=" ',
    "msg='",
    'type=X msg=audit(',
    ' type=X msg=audit(:)',
    'a1[0]=41 ',
    'a=b=',
    '#03',
    'ARCH',
    '=',
  ]) {
    const start = performance.now();
    parseAudit(repeat(text));
    const spent = performance.now() - start;
    assert.ok(spent < 2000, `${text}: ${spent} ms for 1 MB`);
  }
});
