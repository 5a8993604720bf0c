import type { Finding } from '../../src/event/index.ts';
import type { PictureInput } from '../../src/report/picture.ts';
import { finding, sample } from './sample.ts';

/** What a log may hold when somebody wants to break the page that shows it. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  `"'><svg onload=alert(1)> <a href="javascript:alert(1)">x</a>`,
  ']]></style></title></svg><!-- --><?xml version="1.0"?> &amp; &#x3c; &nbsp;',
  'report\u202egnp.exe \u2066x\u2069 \u200b\ufeff',
  'A'.repeat(10_240),
  'W'.repeat(400),
  'nul\u0000 esc\u001b[31m tab\t line\n bell\u0007 c1\u0085',
  'Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306'.repeat(300),
  '漢字仮名交じり文'.repeat(80),
  '😀👩‍👩‍👧'.repeat(60),
  'مرحبا /etc/passwd שלום',
  '\ud800 alone \udfff \ufffe \uffff',
  '',
];

/** The sample with `texts` wherever a log can put text, and numbers that are none. */
export function hostile(texts: readonly string[] = hostileTexts): PictureInput {
  const base = sample({ places: 40, events: 40, findings: 2 });
  const text = (i: number) => texts[i % texts.length] as string;
  const findings = texts.map((_, i): Finding => {
    const plain = finding(
      i,
      text(i),
      i % 2 === 0 ? 'process' : 'file',
      [9, 1e9, 0, -3, Number.MAX_VALUE][i % 5] as number,
    );
    return {
      ...plain,
      time: i % 4 === 3 ? 9e99 : plain.time,
      pValue: i % 3 === 0 ? 0 : 0.2,
      detector: text(i + 1),
      entity: { type: text(i + 2), name: text(i + 3) },
      reasons: [
        ...plain.reasons,
        { code: text(i), text: text(i + 1), evidence: { [text(i + 2)]: text(i + 3), distance: NaN } },
      ],
      event: {
        ...plain.event,
        fields: { ...plain.event.fields, 'host.name': text(i + 4), [text(i)]: text(i + 1), list: texts },
        raw: text(i).repeat(3),
      },
    };
  });
  const [first, second] = base.groups as [PictureInput['groups'][number], PictureInput['groups'][number]];
  return {
    ...base,
    title: text(0),
    made: text(1),
    groups: [
      {
        ...first,
        name: text(2),
        findings: findings.map(({ rank, score, threshold, title }, i) => ({
          x: Math.cos(i),
          y: Math.sin(i),
          rank,
          score,
          threshold,
          label: title,
        })),
      },
      {
        ...second,
        name: text(3),
        training: { xy: Float64Array.of(NaN, 0, 1e308, -1e308, Infinity, 1) },
        events: { xy: new Float64Array() },
        findings: [],
      },
    ],
    findings,
    hours: new Map([...(base.hours ?? []), [0, 1], [8e15, 1], [NaN, 3], [3_600_000, -4]]),
  };
}
