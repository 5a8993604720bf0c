import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { wazuhLevels, wazuhLocalfile, wazuhRules } from '../../src/text/wazuh-rules.ts';

const example = (name: string): string => join(import.meta.dirname, '../../examples/wazuh', name);
const asIs = { serializers: [(value: unknown) => String(value)] };

/** Whether every element is closed in its order and no stray mark stands in the text. Enough for what we write. */
function wellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml
    .replace(/<!--(?:(?!--).)*-->/gs, '')
    .replace(/<(\/?)([a-z_]+)((?: [a-z_]+="[^"<&]*")*)>/g, (_, close: string, name: string) => {
      if (close === '') open.push(name);
      else if (open.pop() !== name) open.push('wrong');
      return '';
    })
    .replace(/&(?:amp|lt|gt|quot|#39);/g, '');
  return open.length === 0 && !/[<>&]/.test(rest);
}

test('the examples are what the functions give', (t) => {
  t.assert.fileSnapshot(wazuhRules(), example('scops_rules.xml'), asIs);
  t.assert.fileSnapshot(wazuhLocalfile(), example('localfile.xml'), asIs);
});

test('rules and localfile are well-formed, whatever the path', () => {
  for (const path of ['/var/ossec/logs/scops/findings.json', '/tmp/<a> & "b"\'s.json']) {
    assert.ok(wellFormed(wazuhRules({ path })));
    assert.ok(wellFormed(wazuhLocalfile(path)));
  }
  assert.ok(!wellFormed('<a><b></a></b>') && !wellFormed('<a>&</a>') && !wellFormed('<a>'));
});

test('rule ids are unique, in the range that Wazuh leaves to its users, and begin where asked', () => {
  const ids = (xml: string): number[] => [...xml.matchAll(/<rule id="(\d+)"/g)].map(([, id]) => Number(id));
  assert.deepEqual(ids(wazuhRules()), [100700, 100701, 100702, 100703]);
  assert.deepEqual(ids(wazuhRules({ firstRule: 110000 })), [110000, 110001, 110002, 110003]);
});

test('only the file of the sink can raise them, and all of them are in the group scops', () => {
  const rules = wazuhRules({ path: '/srv/findings.json' });
  assert.match(rules, /<location>\^\/srv\/findings\.json\$<\/location>/);
  assert.match(rules, /<group name="scops,anomaly,">/);
});

test('the guide names the levels and rules as they are', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/wazuh.md'), 'utf8');
  for (const [i, [grade, level]] of Object.entries(wazuhLevels).entries()) {
    assert.match(guide, new RegExp(`^\\| \`${grade}\` \\|.*\\| ${100701 + i} \\| ${level} \\|$`, 'm'));
  }
  const snippet = wazuhLocalfile().replace(/^<!--.*\n/, '');
  assert.ok(guide.replace(/^ {3}/gm, '').includes(snippet));
});
