import type { EventKind, Finding } from '../event/index.ts';
import { shorten, visible } from './escape.ts';
import { scoreInWords, standsFor, utc, whereabouts } from './finding.ts';

interface TextElement {
  readonly type: 'text';
  readonly text: string;
  readonly style?: { readonly bold?: true; readonly code?: true };
}
interface Section {
  readonly type: 'rich_text_section' | 'rich_text_preformatted';
  readonly elements: readonly TextElement[];
}
interface List {
  readonly type: 'rich_text_list';
  readonly style: 'bullet' | 'ordered';
  readonly elements: readonly Section[];
}
type Block =
  | { readonly type: 'header'; readonly text: { type: 'plain_text'; text: string; emoji: false } }
  | { readonly type: 'rich_text'; readonly elements: readonly (Section | List)[] };

export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly parse: 'none';
  readonly link_names: false;
  readonly mrkdwn: false;
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

const mostReasons = 8;
const mostRows = 20;

/** In our own words, so that the header, which is a text object, never holds log text. */
const headlines: Readonly<Record<EventKind, string>> = {
  process: 'Unusual command',
  file: 'Unusual file change',
  login: 'Unusual login',
  api: 'Unusual API call',
  finding: 'Unusual finding',
  indicator: 'Indicator seen',
  log: 'Unusual log line',
};

/**
 * One finding as a message of Block Kit. Log text goes into the text elements of a `rich_text` block and nowhere else
 * among the blocks: they have no syntax (a mention, a link or an emoji there is an element of another type, which we
 * never make), whereas a `mrkdwn` text object reads `<!channel>` and `<https://…>` and links bare addresses.
 * All texts together stay below 8,000 characters: Slack refuses a message somewhere under 12,000 with
 * `msg_blocks_too_long`. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export function slackMessage(finding: Finding): SlackMessage {
  const { reasons } = finding;
  const more = reasons.length - mostReasons;
  const list: List = {
    type: 'rich_text_list',
    style: 'bullet',
    elements: reasons.slice(0, mostReasons).map((reason) => section(plain(reason.text, 400))),
  };
  const details = `rank ${finding.rank}, detector ${finding.detector}, finding `;
  return message(headline(finding), `${whereabouts(finding)}: ${finding.title}`, [
    section(bold(whereabouts(finding), 300), plain(` at ${utc(finding.time)}${alike(finding)}`)),
    { type: 'rich_text_preformatted', elements: [plain(finding.title, 2000)] },
    ...(list.elements.length > 0 ? [list] : []),
    section(plain(`${more > 0 ? `and ${more} more reasons; ` : ''}${details}`), code(finding.id, 200)),
  ]);
}

/** Many findings in one message: the `most` strangest (at most 20) with their first reason, and how many more came. */
export function slackDigest(findings: readonly Finding[], most: number): SlackMessage {
  const rows = [...findings].sort((a, b) => a.rank - b.rank || b.score - a.score).slice(0, Math.min(most, mostRows));
  const more = findings.length - rows.length;
  const list: List = {
    type: 'rich_text_list',
    style: 'ordered',
    elements: rows.map((finding) =>
      section(
        bold(whereabouts(finding), 80),
        plain(' '),
        code(finding.title, 140),
        plain(` (${scoreInWords(finding)}${alike(finding)})`),
        ...(finding.reasons[0] ? [plain(`: ${finding.reasons[0].text}`, 120)] : []),
      ),
    ),
  };
  return message(
    `${findings.length} findings at once`,
    rows.map((finding) => whereabouts(finding)).join(', '),
    more > 0 ? [list, section(plain(`and ${more} more`))] : [list],
  );
}

function message(header: string, summary: string, elements: readonly (Section | List)[]): SlackMessage {
  return {
    text: `Scops: ${header}. ${escapeSlack(shorten(summary, 200))}`,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: shorten(header, 150), emoji: false } },
      { type: 'rich_text', elements },
    ],
    parse: 'none',
    link_names: false,
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  };
}

/**
 * Log text for a text field that Slack reads, such as the fallback of a notification: `&`, `<` and `>` as entities,
 * which disarms `<!channel>`, `<@U…>` and `<url|text>`, and a word joiner (U+2060, no width) after `:`, `/`, `.`, `@` and
 * `#`, so that nothing in it is recognised as an address, a domain, a mail address or a mention.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function escapeSlack(text: string): string {
  return visible(text)
    .replace(/[:/.@#]/g, '$&\u2060')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

const headline = (finding: Finding): string => `${headlines[finding.event.kind]}: ${scoreInWords(finding)}`;
function alike(finding: Finding): string {
  const several = standsFor(finding);
  return several === undefined ? '' : `, ${several}`;
}

const section = (...elements: readonly TextElement[]): Section => ({ type: 'rich_text_section', elements });
/** Slack refuses an empty text. */
const plain = (text: string, most = 3000): TextElement => ({
  type: 'text',
  text: shorten(visible(shorten(text, most)), most) || ' ',
});
const bold = (text: string, most: number): TextElement => ({ ...plain(text, most), style: { bold: true } });
const code = (text: string, most: number): TextElement => ({ ...plain(text, most), style: { code: true } });
