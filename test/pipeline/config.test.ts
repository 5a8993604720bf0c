import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ScopsError } from '../../src/event/index.ts';
import { parseConfig } from '../../src/pipeline/config.ts';

const good = `source:
  kafka:
    brokers: 127.0.0.1:9092
    topic: wazuh
model: hosts.scops
budget: 5/day
sinks:
  - slack: { url: "http://127.0.0.1/hook" }
  - stdout
`;

const problems = async (text: string): Promise<string> => {
  const error = await parseConfig(text, 'pipeline.yaml').then(
    () => assert.fail('accepted'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ScopsError);
  assert.equal(error.code, 'CONFIG_INVALID');
  return error.message;
};

describe('a pipeline file', () => {
  test('names a source, a model and sinks', async () => {
    const config = await parseConfig(good, 'pipeline.yaml');
    assert.equal(config.source.component.name, 'kafka');
    assert.deepEqual(
      config.sinks.map(({ component }) => component.name),
      ['slack', 'stdout'],
    );
    assert.deepEqual(config.limit, { budget: 5 });
  });

  test('an unknown option is reported where it stands, with the nearest name', async () => {
    const text = good.replace('topic: wazuh', 'topik: wazuh');
    assert.match(
      await problems(text),
      /^pipeline\.yaml:4:5 {2}Unknown option "topik" for source "kafka"\. Did you mean "topic"\?/m,
    );
  });

  test('an unknown key, component and a wrong value too, all at once', async () => {
    assert.match(
      await problems(good.replace('budget', 'buget')),
      /^pipeline\.yaml:6:1 {2}Unknown key "buget"\. Did you mean "budget"\?$/m,
    );
    assert.match(
      await problems(good.replace('slack', 'slak')),
      /^pipeline\.yaml:8:5 {2}Unknown sink "slak"\. Did you mean "slack"\?/m,
    );
    assert.match(await problems(good.replace('5/day', 'lots')), /^pipeline\.yaml:6:9 {2}"lots" is not a budget/m);
    assert.match(await problems(good.replace('model: hosts.scops\n', '')), /"?model"? is missing/);
    assert.match(await problems('source: [1, 2'), /^pipeline\.yaml:1:\d+ {2}/);
  });

  test('whatever is in it, the answer is a list of problems or a configuration', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.tuple(fc.nat(good.length), fc.string()).map(([at, extra]) => good.slice(0, at) + extra + good.slice(at)),
        ),
        async (text) => {
          try {
            await parseConfig(text, 'p.yaml');
          } catch (error) {
            assert.ok(error instanceof ScopsError, String(error));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('aliases cannot blow it up', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nmodel: *b\n`;
    await assert.rejects(parseConfig(bomb, 'p.yaml'), ScopsError);
  });
});
