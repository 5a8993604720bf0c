import { escapeMarkup } from './escape.ts';

/** Where the documentation and the examples put findings for Wazuh to read. */
export const wazuhFindings = '/var/ossec/logs/scops/findings.json';

/** How high a finding stands, as the sink `wazuh` writes it into `scops.grade`, and the alert level of each. */
export const wazuhLevels = { low: 5, medium: 8, high: 12 } as const;
export type WazuhGrade = keyof typeof wazuhLevels;

export interface WazuhRulesOptions {
  /** Id of the first of four rules; Wazuh leaves 100000 to 120000 to its users. @default 100700 */
  readonly firstRule?: number;
  /** The file that the sink writes on the manager. @default '/var/ossec/logs/scops/findings.json' */
  readonly path?: string;
}

/**
 * Rules that make alerts of the lines that the sink `wazuh` writes; Wazuh's own JSON decoder reads them. The first rule
 * asks for the file too: a JSON log from elsewhere that calls itself `scops` must not pass as a finding, nor reach the
 * group `scops`, which readers of alerts leave out. https://documentation.wazuh.com/current/user-manual/ruleset/rules/custom.html
 */
export function wazuhRules({ firstRule = 100700, path = wazuhFindings }: WazuhRulesOptions = {}): string {
  const grades = (Object.keys(wazuhLevels) as WazuhGrade[]).map(
    (grade, i) => `
  <rule id="${firstRule + 1 + i}" level="${wazuhLevels[grade]}">
    <if_sid>${firstRule}</if_sid>
    <field name="scops.grade">^${grade}$</field>
    <description>Scops: unusual $(scops.kind), $(scops.entity.type) $(scops.entity.name): $(scops.title)</description>
    <options>no_full_log</options>
  </rule>
`,
  );
  return `<!-- Scops findings as Wazuh alerts. Copy to /var/ossec/etc/rules/ and restart the manager. -->
<group name="scops,anomaly,">

  <rule id="${firstRule}" level="0">
    <decoded_as>json</decoded_as>
    <location>^${escapeMarkup(path)}$</location>
    <field name="scops.id">\\.+</field>
    <description>Scops findings.</description>
    <options>no_full_log</options>
  </rule>
${grades.join('')}
</group>
`;
}

/** What makes the manager read the sink's file: goes inside `<ossec_config>` of /var/ossec/etc/ossec.conf. */
export function wazuhLocalfile(path: string = wazuhFindings): string {
  return `<!-- Goes inside <ossec_config> of /var/ossec/etc/ossec.conf. -->
<localfile>
  <log_format>json</log_format>
  <location>${escapeMarkup(path)}</location>
</localfile>
`;
}
