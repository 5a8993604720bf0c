import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createYearClock } from '../../../src/text/syslog/clock.ts';
import { readHeader } from '../../../src/text/syslog/header.ts';
import { Line } from '../../../src/text/syslog/line.ts';

const options = (offset = 0) => ({ yearClock: createYearClock({ end: Date.UTC(2026, 6, 1) }), offset });

/** Host, program and process id, the message, and the time as ISO 8601. */
function parts(line: string, offset?: number) {
  const header = readHeader(new Line().load(line), options(offset));
  if (header === undefined) return undefined;
  const { time, host, program, module, pid, message } = header;
  return [
    new Date(time).toISOString(),
    host,
    module === undefined ? program : `${program}(${module})`,
    pid,
    line.slice(message),
  ];
}

test('every header that system logs have', () => {
  const at = '2026-05-04T03:02:01.000Z';
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    ['May  4 03:02:01 web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May 4 03:02:01 web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May 04 03:02:01 web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['may  4 03:02:01 web1 su: Hello', [at, 'web1', 'su', undefined, 'Hello']],
    ['May  4 03:02:01 sshd[42]: Hello', [at, undefined, 'sshd', 42, 'Hello']],
    ['May  4 03:02:01 [sshd] Hello', [at, undefined, 'sshd', undefined, 'Hello']],
    ['May  4 03:02:01 [sshd]: Hello', [at, undefined, 'sshd', undefined, 'Hello']],
    ['<38>May  4 03:02:01 web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May  4 2025 03:02:01 web1 sshd[42]: Hello', ['2025-05-04T03:02:01.000Z', 'web1', 'sshd', 42, 'Hello']],
    ['Thu May  4 2025 03:02:01 web1 sshd[42]: Hello', ['2025-05-04T03:02:01.000Z', 'web1', 'sshd', 42, 'Hello']],
    [
      'Thu May  4 03:02:01 2025 authpriv.info dropbear[42]: Hello',
      ['2025-05-04T03:02:01.000Z', undefined, 'dropbear', 42, 'Hello'],
    ],
    ['May  4 03:02:01.25 web1 sshd[42]: Hello', ['2026-05-04T03:02:01.250Z', 'web1', 'sshd', 42, 'Hello']],
    ['May  4 03:02:01 web1 /usr/sbin/sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May  4 03:02:01 web1 sshd(pam_unix)[42]: Hello', [at, 'web1', 'sshd(pam_unix)', 42, 'Hello']],
    ['May  4 03:02:01 web1 auth.info sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May  4 03:02:01 web1 auth|security:info sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May  4 03:02:01 relay Message forwarded from web1: sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May  4 03:02:01 relay May  4 03:02:00 web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May  4 03:02:01 web1 sshd[42]: [ID 800047 auth.info] Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May  4 03:02:01 web1 dropbear[42]: [42] May  4 03:02:01 Hello', [at, 'web1', 'dropbear', 42, 'Hello']],
    ['[42] May  4 03:02:01 Hello', [at, undefined, 'dropbear', 42, 'Hello']],
    ['May  4 03:02:01 web1 sshd[42]: kernel: [  970.69] Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['May  4 03:02:01 web1 sshd[42]: kernel:[  970.69]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['2026-05-04T05:02:01+02:00 web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['2026-05-04T03:02:01.123456Z web1 sshd[42]: Hello', ['2026-05-04T03:02:01.123Z', 'web1', 'sshd', 42, 'Hello']],
    ['2026-05-04T05:02:01+0200 web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    [
      '2026-05-03 20:02:01.998187-0700  localhost sshd[42]: Hello',
      ['2026-05-04T03:02:01.998Z', 'localhost', 'sshd', 42, 'Hello'],
    ],
    ['2026-05-04 03:02:01 web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['Mon 2026-05-04 03:02:01 UTC web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['1777863721.000000 web1 sshd[42]: Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['2026-05-04T03:02:01.5Z stderr F Hello', ['2026-05-04T03:02:01.500Z', undefined, undefined, undefined, 'Hello']],
    ['<38>1 2026-05-04T03:02:01Z web1 sshd 42 - - Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['<38>1 2026-05-04T03:02:01Z web1 sshd 42 ID [a@1 b="]\\"]"][c d="e"] Hello', [at, 'web1', 'sshd', 42, 'Hello']],
    ['<38>1 2026-05-04T03:02:01Z - - - - - \ufeffHello', [at, undefined, undefined, undefined, 'Hello']],
    ['May  4 03:02:60 web1 sshd[42]: Hello', ['2026-05-04T03:03:00.000Z', 'web1', 'sshd', 42, 'Hello']],
  ];
  for (const [line, expected] of cases) {
    // Twice: what is remembered from the line before reads the same.
    assert.deepEqual(parts(line), expected, line);
    assert.deepEqual(parts(line), expected, line);
  }
});

test('lines one after the other are read as if each were alone', () => {
  const lines = ['May  4 03:02:01', 'May  4 03:02:02', 'May  4 03:03:60', 'May  5 03:02:01', 'May  4 2024 03:02:01'];
  const tags = ['web1 sshd[42]: a', 'web1 sshd: a', 'web2 sshd[7]: a', 'sshd[7]: a', 'web1 su[1]: a', '7up sshd[1]: a'];
  const all = lines.flatMap((date) => tags.map((tag) => `${date} ${tag}`));
  const alone = all.map((line) => {
    parts('Jan  1 00:00:00 other cron[1]: reset');
    return parts(line);
  });
  for (let shift = 1; shift < 7; shift++) {
    for (let index = 0; index < all.length; index++) {
      parts(all[(index + shift) % all.length] as string);
      assert.deepEqual(parts(all[index] as string), alone[index], all[index]);
    }
  }
});

test('a line without a zone is in the zone that was said', () => {
  assert.equal(parts('May  4 03:02:01 web1 sshd[42]: x', 120)?.[0], '2026-05-04T01:02:01.000Z');
  assert.equal(parts('2026-05-04 03:02:01 web1 sshd[42]: x', -90)?.[0], '2026-05-04T04:32:01.000Z');
  assert.equal(parts('2026-05-04T03:02:01Z web1 sshd[42]: x', 120)?.[0], '2026-05-04T03:02:01.000Z');
});

test('what is no header is none', () => {
  const none = [
    ...[
      '',
      ' ',
      'hello',
      'May',
      'May 4',
      'May  4 03:02',
      'May 32 03:02:01 a b: c',
      'Feb 30 03:02:01 a b: c',
      '<>',
      '<1234>x',
    ],
    ...[
      'May  4 24:02:01 a b: c',
      '2026-02-30T03:02:01Z a b: c',
      '2026/05/04 03:02:01 a b: c',
      '[12.5] web1 sshd: x',
      '<38>1 - web1 sshd',
    ],
  ];
  for (const line of none) assert.equal(readHeader(new Line().load(line), options()), undefined, line);
});

test('property: never throws, and the message is within the line', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        'May ',
        ' 4 ',
        '03:02:01',
        ' ',
        'web1',
        ' sshd',
        '[42]',
        ': ',
        '<38>',
        '1 ',
        '2026-05-04T',
        'Z',
        '+01:00',
        '.5',
      ],
      ...[
        '[ID 1 a] ',
        'kernel:',
        '[',
        ']',
        ':',
        '(',
        ')',
        '/',
        'stderr F ',
        'Message forwarded from ',
        '2026',
        '"',
        '\\',
      ],
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const line = pieces.join('');
      const header = readHeader(new Line().load(line), options());
      if (header === undefined) return;
      assert.ok(Number.isFinite(header.time));
      assert.ok(header.message >= 0 && header.message <= line.length);
      assert.ok(header.host !== '' && header.program !== '');
      if (header.pid !== undefined) assert.ok(Number.isSafeInteger(header.pid) && header.pid >= 0);
    }),
    { numRuns: 3000 },
  );
});

test('property: any time goes through RFC 3339 and back', () => {
  const time = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(time, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, minutes) => {
      const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
      const sign = minutes < 0 ? '-' : '+';
      const zone = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) =>
        String(part).padStart(2, '0'),
      );
      const header = readHeader(new Line().load(`${local}${sign}${zone.join(':')} h sshd[1]: x`), options());
      assert.equal(header?.time, date.getTime());
    }),
  );
});
