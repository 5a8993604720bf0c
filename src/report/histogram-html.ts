import { described, type HistogramInput, histogram, histogramStyle, numbered, signs } from './histogram.ts';
import { page } from './page.ts';
import { pageStyle } from './style.ts';
import { counted, decimal, whole, words } from './words.ts';

const wide = 640;
const tall = 400;

/** A standalone page of the two distributions with a table of what is marked. No script, nothing external. */
export function histogramHtml(input: HistogramInput): string {
  const title = words(input.title, 200);
  const { ordinary, found, names } = input;
  return page({
    title: input.title,
    style: `${pageStyle()}\n${histogramStyle()}`,
    header: `<h1>${title}</h1>`,
    main: `<figure class="panel-box">
<ul class="legend">${sign(signs.ordinary, `${names.ordinary} (${counted(ordinary.length, 'value')})`)}${sign(signs.found, `${names.found} (${counted(found.length, 'value')})`)}</ul>
<svg class="scatter" viewBox="0 0 ${wide} ${tall}" role="img" aria-labelledby="plot-title plot-text"><title id="plot-title">${title}</title><desc id="plot-text">${described(input)}</desc>${histogram(input, wide, tall)}</svg>
<figcaption class="muted">Each series as shares of its own. The numbers are ranks; a rank rests on more than this axis. Every finding has a tick on it.</figcaption>
</figure>
${table(input)}`,
    made: input.made,
  });
}

const sign = (drawn: string, text: string): string =>
  `<li><svg viewBox="0 0 22 16" aria-hidden="true">${drawn}</svg>${words(text, 120)}</li>`;

function table({ marks, names }: HistogramInput): string {
  if (marks.length === 0) return '<section><p>No findings.</p></section>';
  const rows = marks
    .slice(0, numbered)
    .map(
      ({ rank, value, label }) =>
        `<tr><td class="rank-cell">${rank}</td><td>${decimal(value)}</td><td class="what-cell"><bdi>${words(label, 240)}</bdi></td></tr>`,
    );
  const more = marks.length - rows.length;
  return `<section aria-labelledby="ranked"><h2 id="ranked">Strangest first</h2>
<table class="ranked"><thead><tr><th scope="col">Rank</th><th scope="col">Value</th><th scope="col">What</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>${more > 0 ? `<p class="muted">and ${whole(more)} more ${words(names.found, 60)}</p>` : ''}</section>`;
}
