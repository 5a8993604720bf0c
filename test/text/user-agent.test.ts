import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Client, clientText, parseUserAgent } from '../../src/text/user-agent.ts';

const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';
const known: readonly (readonly [agent: string, program: string, major: number, system: string, device: string])[] = [
  [`${windows} Chrome/120.0.6099.130 Safari/537.36`, 'Chrome', 120, 'Windows', 'desktop'],
  [`${windows} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.2210.91`, 'Edge', 120, 'Windows', 'desktop'],
  [`${windows} Chrome/118.0.0.0 Safari/537.36 OPR/104.0.0.0`, 'Opera', 104, 'Windows', 'desktop'],
  [
    'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0',
    'Firefox',
    121,
    'Linux',
    'desktop',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 Safari/605.1.15',
    ...(['Safari', 17, 'macOS', 'desktop'] as const),
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0 Mobile/15E148 Safari/604.1',
    ...(['Chrome', 120, 'iOS', 'phone'] as const),
  ],
  ['Mozilla/5.0 (iPad; CPU OS 17_2 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148', 'WebView', 605, 'iOS', 'tablet'],
  [
    'Mozilla/5.0 (Linux; Android 13; SM-S901B) AppleWebKit/537.36 SamsungBrowser/23.0 Chrome/115.0 Mobile Safari/537.36',
    ...(['Samsung Internet', 23, 'Android', 'phone'] as const),
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko',
    'Internet Explorer',
    11,
    'Windows',
    'desktop',
  ],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/119.0 Safari/537.36',
    'Chrome',
    119,
    'ChromeOS',
    'desktop',
  ],
  [
    'Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041',
    'PowerShell',
    5,
    'Windows',
    'script',
  ],
  ['Mozilla/5.0 (compatible; Somebot/2.1; +http://example.org/bot)', 'somebot', 2, '', 'script'],
  [`${windows} HeadlessChrome/119.0.0.0 Safari/537.36`, 'HeadlessChrome', 119, 'Windows', 'script'],
  ['curl/8.5.0', 'curl', 8, '', 'script'],
  ['python-requests/2.31.0', 'python-requests', 2, '', 'script'],
  ['Go-http-client/1.1', 'Go-http-client', 1, '', 'script'],
  ['aws-cli/2.15.0 Python/3.11.6 Linux/5.10.0', 'aws-cli', 2, 'Linux', 'script'],
  ['MailApp/3.2 (iPhone; iOS 17.1; Scale/3.00)', 'MailApp', 3, 'iOS', 'phone'],
  ['Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)', 'Dalvik', 2, 'Android', 'phone'],
  ['(', 'unnamed', -1, '', 'script'],
];

test('browsers, apps and programs are told by what they call themselves', () => {
  for (const [agent, program, major, system, device] of known)
    assert.deepEqual(parseUserAgent(agent), { program, major, system, device }, agent);
  assert.equal(parseUserAgent(''), undefined);
  assert.equal(parseUserAgent('   '), undefined);
});

test('in words', () => {
  const text = (agent: string): string => clientText(parseUserAgent(agent) as Client);
  assert.equal(text(known[0]?.[0] as string), 'Chrome on Windows');
  assert.equal(text('curl/8.5.0'), 'the program curl');
  assert.equal(text(known[6]?.[0] as string), 'WebView on iOS (tablet)');
});

test('names are cut short, and what follows 512 characters is not read', () => {
  const robot = `Mozilla/5.0 (compatible; ${'x'.repeat(100)}/2)`;
  assert.equal(parseUserAgent(robot)?.program, 'x'.repeat(48));
  assert.equal(parseUserAgent(`${'y'.repeat(100)}/2`)?.program, 'y'.repeat(48));
  const browser = (length: number): unknown => parseUserAgent(`Mozilla/5.0 ${'a'.repeat(length)} Chrome/12`)?.program;
  assert.deepEqual([browser(400), browser(500)], ['Chrome', 'Mozilla']);
});

test('whatever is sent, what comes of it is small, the same each time, and soon there', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('Mozilla/5.0 ', '(', ')', ';', 'Chrome/', 'rv:', '/', '__proto__/1 ', 'constructor', '\u0000', '9'),
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const agent = parts.join('');
      const client = parseUserAgent(agent);
      assert.deepEqual(parseUserAgent(agent), client);
      if (client === undefined) return;
      assert.ok(client.program.length > 0 && client.program.length <= 48);
      assert.ok(Number.isInteger(client.major) && client.major >= -1 && client.major < 100_000);
    }),
  );
  const start = process.cpuUsage();
  for (const part of ['(', '/', 'mozilla/', ' ', 'a', '9', ':/'])
    assert.deepEqual(parseUserAgent(part.repeat(2 ** 22)), parseUserAgent(part.repeat(2 ** 9)));
  assert.ok(process.cpuUsage(start).user < 5e6);
});
