import * as v from 'valibot';
import { defineSink } from '../event/index.ts';
import { LineFile } from '../io/line-file.ts';
import { Once } from '../io/once.ts';
import { findingRecord } from '../text/finding.ts';
import { jsonLine } from '../text/json-line.ts';

/** Findings in a file, one JSON object a line, on disk before `write` returns. Throws ScopsError OUTPUT_UNWRITABLE. */
export const jsonl = defineSink({
  name: 'jsonl',
  summary: 'Writes findings to a file, one JSON object a line.',
  examples: ['scops score --model hosts.scops --source wazuh:alerts.json --sink jsonl:findings.jsonl'],
  options: v.strictObject({
    path: v.pipe(v.string(), v.minLength(1), v.description('The file. Its folder must exist.')),
    append: v.optional(
      v.pipe(v.boolean(), v.description('Add to what the file holds; false begins it anew with each run.')),
      true,
    ),
  }),
  target: (path) => ({ path }),
  create: ({ path, append }, context) => {
    const file = new LineFile({ path, append, prefix: '{"id":', log: context.log });
    const once = new Once();
    return {
      name: 'jsonl',
      write: async (findings) => {
        const fresh = once.fresh(findings);
        if (fresh.length === 0) return;
        await file.write(fresh.map((finding) => jsonLine(findingRecord(finding))).join(''));
        once.delivered(fresh);
      },
      close: () => file.close(),
    };
  },
});
