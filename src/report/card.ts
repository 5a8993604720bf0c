import type { Finding, Reason } from '../event/index.ts';
import { escapeMarkup, shorten } from '../text/escape.ts';
import { chance as asChance } from '../text/finding.ts';
import { scoreBar } from './bar.ts';
import { counted, decimal, host, instant, name, plain, whole, words } from './words.ts';

/** How much of a raw record a page shows, in UTF-16 units. */
const rawLimit = 8192;
const limits = { reasons: 12, evidence: 12, fields: 80, name: 80, value: 600 };

/** One finding in full: score against threshold, when and where, reasons with evidence, event fields, raw record. */
export function card(finding: Finding, index: number, excess: number): string {
  const id = `finding-${index + 1}`;
  const { event } = finding;
  const reasons = finding.reasons.slice(0, limits.reasons).map(reason);
  const more = finding.reasons.length - reasons.length;
  return `<article class="card" id="${id}" aria-labelledby="${id}-title">
<header><span class="badge" aria-label="Rank ${finding.rank}">${finding.rank}</span><h3 id="${id}-title"><bdi>${words(name(finding), 300)}</bdi></h3></header>
<dl class="facts">
<div class="wide"><dt>Score</dt><dd>${score(finding, excess)}</dd></div>
${finding.pValue === undefined ? '' : fact('p-value', chance(finding.pValue))}
${fact('Time', time(finding.time))}
${fact('Host', `<bdi>${words(host(finding), 120)}</bdi>`)}
${belongs(finding)}
${fact('Detector', `${words(finding.detector, 60)} <span class="muted">on ${words(event.kind, 20)}</span>`)}
${finding.count > 1 ? fact('Stands for', counted(finding.count, 'event')) : ''}
</dl>
${reasons.length === 0 ? '' : `<h4>Why</h4>\n<ul class="reasons">${reasons.join('')}</ul>`}
${more > 0 ? `<p class="muted">${counted(more, 'further reason')} not shown.</p>` : ''}
${fields(event.fields)}
${raw(event.raw)}
</article>`;
}

/** What a ranking gives has a chance in place of a threshold. */
function score(finding: Finding, excess: number): string {
  const value = `<strong>${decimal(finding.score)}</strong>`;
  if (finding.probability !== undefined) {
    return `${value} <span class="muted">chance ${words(asChance(finding.probability), 20)}</span>`;
  }
  return `${meter(finding, excess)} ${value} <span class="muted">threshold ${decimal(finding.threshold)}</span>`;
}

/** A score against its threshold as a small picture. The same words stand beside it, so it is hidden from readers. */
export function meter(finding: Finding, excess: number): string {
  return `<svg class="meter" viewBox="0 0 120 10" aria-hidden="true">${scoreBar(finding, excess, 120)}</svg>`;
}

export function time(value: number): string {
  const known = Math.abs(value) <= 8.64e15;
  return known ? `<time datetime="${new Date(value).toISOString()}">${instant(value)}</time>` : instant(undefined);
}

/** A p-value, and how many ordinary events it takes to see one as strange. */
function chance(value: number): string {
  if (!(value > 0 && value <= 1)) return decimal(value);
  const about =
    value < 0.5 ? ` <span class="muted">1 in ${whole(Number((1 / value).toPrecision(2)))} ordinary events</span>` : '';
  return `${value < 0.001 ? value.toExponential(1) : decimal(value)}${about}`;
}

function belongs(finding: Finding): string {
  const { type, name } = finding.entity;
  if (name === host(finding)) return '';
  return fact('Belongs to', `${words(type, 40)} <bdi>${words(name, 120)}</bdi>`);
}

const fact = (name: string, value: string): string => `<div><dt>${name}</dt><dd>${value}</dd></div>`;

function reason({ text, evidence, code }: Reason): string {
  const values = Object.entries(evidence).slice(0, limits.evidence);
  const list = values.map(
    ([name, value]) =>
      `<div><dt>${words(name, limits.name)}</dt><dd><bdi>${words(typeof value === 'number' ? number(value) : value, 300)}</bdi></dd></div>`,
  );
  return `<li><span title="${words(code, 60)}">${words(text, 1000)}</span>${list.length === 0 ? '' : `<dl class="evidence">${list.join('')}</dl>`}</li>`;
}

const number = (value: number): string => (Number.isInteger(value) ? whole(value) : decimal(value));

function fields(all: Finding['event']['fields']): string {
  const entries = Object.entries(all);
  if (entries.length === 0) return '';
  const rows = entries
    .slice(0, limits.fields)
    .map(
      ([name, value]) =>
        `<tr><th scope="row">${words(name, limits.name)}</th><td><bdi>${words(typeof value === 'object' ? joined(value) : String(value), limits.value)}</bdi></td></tr>`,
    );
  const more = entries.length - rows.length;
  const rest = more > 0 ? `<p class="muted">${counted(more, 'further field')} not shown.</p>` : '';
  return `<details><summary>Event fields <span class="muted">${whole(entries.length)}</span></summary><table class="fields"><tbody>${rows.join('')}</tbody></table>${rest}</details>`;
}

const joined = (list: readonly string[]): string =>
  list
    .slice(0, limits.value)
    .map((one) => shorten(one, limits.value))
    .join(' ');

function raw(record: string): string {
  if (record === '') return '';
  const shown = plain(record, rawLimit);
  const size =
    record.length > rawLimit
      ? `first ${whole(rawLimit)} of ${counted(record.length, 'character')}`
      : counted(record.length, 'character');
  return `<details><summary>Raw record <span class="muted">${size}</span></summary><pre tabindex="0"><bdi>${escapeMarkup(shown)}</bdi></pre></details>`;
}
