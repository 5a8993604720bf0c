import { card, meter, time } from './card.ts';
import { caption, legend } from './legend.ts';
import { page } from './page.ts';
import { chosen, dots, excess, numbered, type PictureInput, panels } from './picture.ts';
import { contents, description, type Scatter, scatter } from './scatter.ts';
import { pageStyle } from './style.ts';
import { timeline } from './timeline.ts';
import { counted, decimal, host, instant, name, whole, words } from './words.ts';

/** How many findings a page shows in full, and how many it lists. */
export const detailed = 100;
export const listed = 1000;

/**
 * A standalone page: counts, scatter, time strip, ranked table, and each finding with its reasons, event fields and raw
 * record. No script, nothing external; its Content Security Policy forbids both, and allows one style sheet by its hash.
 * Log text is escaped and bounded: https://owasp.org/www-community/attacks/xss/
 */
export function renderHtml(input: PictureInput): string {
  const title = words(input.title, 200);
  const measure = excess(input.findings);
  const full = input.findings.slice(0, detailed);
  return page({
    title: input.title,
    style: pageStyle(),
    header: `
<p class="brand"><svg viewBox="0 0 20 20" aria-hidden="true"><circle class="ring" cx="10" cy="10" r="7.5"/><circle class="core" cx="10" cy="10" r="2.2"/></svg> Scops</p>
<h1>${title}</h1>
${tiles(input)}
`,
    main: `${pictures(input)}
${strip(input)}
<section aria-labelledby="ranked"><h2 id="ranked">Strangest first</h2>
${table(input, measure)}
</section>
${full.length === 0 ? '' : `<section aria-labelledby="findings"><h2 id="findings">Findings and their reasons</h2>\n${full.map((finding, i) => card(finding, i, measure(finding))).join('\n')}\n${rest(input)}</section>`}`,
    made: input.made,
  });
}

function tiles({ summary }: PictureInput): string {
  const tile = (name: string, value: string) => `<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const span =
    summary.from === undefined
      ? ''
      : `<div class="when"><dt>From – to</dt><dd class="span">${instant(summary.from)}<br>${instant(summary.to)}</dd></div>`;
  const rejects = summary.rejects > 0 ? tile('Unreadable records', whole(summary.rejects)) : '';
  return `<dl class="tiles">${tile('Findings', whole(summary.findings))}${tile('Events', whole(summary.events))}${rejects}${span}</dl>`;
}

function pictures(input: PictureInput): string {
  const shown = input.groups.slice(0, panels);
  if (shown.length === 0) return '';
  const [width, height] = shown.length === 1 ? [560, 370] : [420, 350];
  const options = {
    width,
    height,
    labelSize: shown.length === 1 ? 17 : 13,
    dots: Math.floor(dots / shown.length),
    ...chosen(shown),
    excess: excess(shown.flatMap((group) => group.findings)),
  };
  const all: Scatter[] = [];
  const figures = shown.map((group, i) => {
    const drawn = scatter(group, options);
    all.push(drawn);
    return `<div class="panel-box"><h3>${words(group.name, 60)}</h3><p class="muted">${contents(group)}</p>
<svg class="scatter" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="plot-${i}-title plot-${i}-text"><title id="plot-${i}-title">${words(group.name, 60)}</title><desc id="plot-${i}-text">${description(group)}</desc>${drawn.svg}</svg></div>`;
  });
  const signs = legend.map(
    ({ sign, text }) => `<li><svg viewBox="0 0 20 24" aria-hidden="true">${sign}</svg>${text}</li>`,
  );
  const more = input.groups.length - shown.length;
  return `<section aria-labelledby="picture"><h2 id="picture">Where they stand</h2>
<figure><ul class="legend">${signs.join('')}</ul>
<div class="panels${shown.length === 1 ? ' solo' : ''}">${figures.join('\n')}</div>
<figcaption class="muted">${caption(all)} The numbers are ranks; hover over a ring for its finding.${more > 0 ? ` ${counted(more, 'group')} not shown.` : ''}</figcaption></figure></section>`;
}

const minute = (value: number): string => instant(value).slice(0, -7);

function strip(input: PictureInput): string {
  const drawn = timeline(input);
  if (drawn === undefined) return '';
  return `<section aria-labelledby="when"><h2 id="when">When they happened</h2>
<figure><svg class="strip" viewBox="0 0 1000 64" preserveAspectRatio="none" role="img" aria-labelledby="strip-title"><title id="strip-title">Events over time; each finding is a red tick above.</title>${drawn.svg}</svg>
<p class="ends muted"><span>${minute(drawn.from)}</span><span>${minute(drawn.to)} UTC</span></p>
<figcaption class="muted">${drawn.caption} Red ticks: findings.</figcaption></figure></section>`;
}

function table(input: PictureInput, measure: ReturnType<typeof excess>): string {
  if (input.findings.length === 0) return '<p>No findings: nothing passed its threshold.</p>';
  const rows = input.findings.slice(0, numbered).map((finding, i) => {
    const folded = finding.count > 1 ? ` <span class="muted">×${whole(finding.count)}</span>` : '';
    return `<tr><td class="rank-cell">${finding.rank}</td><td class="score-cell"><span class="score">${decimal(finding.score)}</span> ${meter(finding, measure(finding))}</td><td class="host-cell"><bdi>${words(host(finding), 48)}</bdi></td><td class="what-cell"><a href="#finding-${i + 1}"><bdi>${words(name(finding), 160)}</bdi></a>${folded}</td></tr>`;
  });
  return `<table class="ranked"><thead><tr><th scope="col">Rank</th><th scope="col">Score</th><th scope="col">Host</th><th scope="col">What</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
<p class="muted">The tick on a bar is the threshold; beyond it the bar grows with the logarithm of the score.</p>`;
}

function rest(input: PictureInput): string {
  const list = input.findings.slice(detailed, listed);
  const missing = Math.max(input.summary.findings, input.findings.length) - detailed - list.length;
  const note = missing > 0 ? `<p class="muted">${counted(missing, 'further finding')} not on this page.</p>` : '';
  if (list.length === 0) return input.findings.length < detailed ? '' : note;
  const rows = list.map(
    (finding) =>
      `<tr><td>${finding.rank}</td><td>${decimal(finding.score)}</td><td>${time(finding.time)}</td><td><bdi>${words(host(finding), 80)}</bdi></td><td><bdi>${words(name(finding), 160)}</bdi></td></tr>`,
  );
  return `<details class="card"><summary>${counted(list.length, 'further finding')}</summary><table class="ranked"><thead><tr><th scope="col">Rank</th><th scope="col">Score</th><th scope="col">Time</th><th scope="col">Host</th><th scope="col">What</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></details>${note}`;
}
