import * as v from 'valibot';
import { defineSink } from '../event/index.ts';
import { findingRecord } from '../text/finding.ts';
import { jsonLine } from '../text/json-line.ts';
import { findingsTable } from '../text/table.ts';

/** Findings for the person at the terminal, or for the next program in the pipe. */
export const stdout = defineSink({
  name: 'stdout',
  summary: 'Prints findings: readable text on a terminal, one JSON object a line in a pipe.',
  examples: ['scops score --model hosts.scops --source wazuh:alerts.json --sink stdout'],
  options: v.strictObject({
    format: v.optional(
      v.pipe(
        v.picklist(['auto', 'table', 'json']),
        v.description(
          'Text for a person (table) or NDJSON (json); with auto the command line decides, and it is table elsewhere.',
        ),
      ),
      'auto',
    ),
    width: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(40), v.maxValue(1000), v.description('Columns of the text.')),
      100,
    ),
    color: v.optional(v.pipe(v.boolean(), v.description('Bold and colours in the text.')), false),
  }),
  target: (format) => ({ format }),
  create: ({ format, width, color }, context) => ({
    name: 'stdout',
    write: async (findings) => {
      if (findings.length === 0) return;
      const lines = format === 'json' ? findings.map((finding) => jsonLine(findingRecord(finding))) : [];
      await context.stdout(format === 'json' ? lines.join('') : findingsTable(findings, { width, color }));
    },
  }),
});
