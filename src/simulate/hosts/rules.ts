interface Technique {
  readonly name: string;
  readonly tactics: readonly string[];
}

const techniques: Readonly<Record<string, Technique>> = {
  T1021: { name: 'Remote Services', tactics: ['Lateral Movement'] },
  'T1021.004': { name: 'SSH', tactics: ['Lateral Movement'] },
  'T1070.004': { name: 'File Deletion', tactics: ['Defense Evasion'] },
  T1078: {
    name: 'Valid Accounts',
    tactics: ['Defense Evasion', 'Persistence', 'Privilege Escalation', 'Initial Access'],
  },
  T1098: { name: 'Account Manipulation', tactics: ['Persistence'] },
  T1110: { name: 'Brute Force', tactics: ['Credential Access'] },
  'T1110.001': { name: 'Password Guessing', tactics: ['Credential Access'] },
  T1112: { name: 'Modify Registry', tactics: ['Defense Evasion'] },
  T1136: { name: 'Create Account', tactics: ['Persistence'] },
  T1485: { name: 'Data Destruction', tactics: ['Impact'] },
  T1531: { name: 'Account Access Removal', tactics: ['Impact'] },
  'T1548.003': { name: 'Sudo and Sudo Caching', tactics: ['Privilege Escalation', 'Defense Evasion'] },
  'T1565.001': { name: 'Stored Data Manipulation', tactics: ['Impact'] },
  'T1053.003': { name: 'Cron', tactics: ['Execution', 'Persistence', 'Privilege Escalation'] },
};

export interface Rule {
  readonly level: number;
  readonly description: string;
  readonly groups: readonly string[];
  readonly mitre?: {
    readonly id: readonly string[];
    readonly tactic: readonly string[];
    readonly technique: readonly string[];
  };
}

const rule = (level: number, description: string, groups: string, ...mitre: string[]): Rule => {
  const known = mitre.map((id) => techniques[id] as Technique);
  return {
    level,
    description,
    groups: groups.split(' '),
    ...(mitre.length > 0 && {
      mitre: {
        id: mitre,
        tactic: [...new Set(known.flatMap((technique) => technique.tactics))],
        technique: known.map((technique) => technique.name),
      },
    }),
  };
};

/** The Wazuh rules that the simulated company meets: number, level, groups and ATT&CK ids as the ruleset documents them. */
export const rules: Readonly<Record<string, Rule>> = {
  503: rule(3, 'Wazuh agent started.', 'ossec'),
  510: rule(7, 'Host-based anomaly detection event (rootcheck).', 'ossec rootcheck'),
  533: rule(7, 'Listened ports status (netstat) changed (new port opened or closed).', 'ossec'),
  550: rule(7, 'Integrity checksum changed.', 'ossec syscheck syscheck_entry_modified syscheck_file', 'T1565.001'),
  553: rule(7, 'File deleted.', 'ossec syscheck syscheck_entry_deleted syscheck_file', 'T1070.004', 'T1485'),
  554: rule(5, 'File added to the system.', 'ossec syscheck syscheck_entry_added syscheck_file'),
  594: rule(
    5,
    'Registry Key Integrity Checksum Changed',
    'ossec syscheck syscheck_entry_modified syscheck_registry',
    'T1565.001',
    'T1112',
  ),
  597: rule(
    5,
    'Registry Key Entry Deleted.',
    'ossec syscheck syscheck_entry_deleted syscheck_registry',
    'T1070.004',
    'T1485',
    'T1112',
  ),
  598: rule(
    5,
    'Registry Key Entry Added to the System',
    'ossec syscheck syscheck_entry_added syscheck_registry',
    'T1112',
  ),
  750: rule(
    5,
    'Registry Value Integrity Checksum Changed',
    'ossec syscheck syscheck_entry_modified syscheck_registry',
    'T1565.001',
    'T1112',
  ),
  751: rule(
    5,
    'Registry Value Entry Deleted.',
    'ossec syscheck syscheck_entry_deleted syscheck_registry',
    'T1070.004',
    'T1485',
    'T1112',
  ),
  752: rule(
    5,
    'Registry Value Entry Added to the System',
    'ossec syscheck syscheck_entry_added syscheck_registry',
    'T1112',
  ),
  2832: rule(5, 'Crontab entry changed.', 'syslog cron'),
  2902: rule(7, 'New dpkg (Debian Package) installed.', 'syslog dpkg config_changed'),
  5303: rule(3, 'User successfully changed UID to root.', 'syslog su authentication_success', 'T1078'),
  5304: rule(3, 'User successfully changed UID.', 'syslog su authentication_success', 'T1078'),
  5402: rule(3, 'Successful sudo to ROOT executed.', 'syslog sudo', 'T1548.003'),
  5407: rule(3, 'Successful sudo executed.', 'syslog sudo', 'T1548.003'),
  5501: rule(3, 'PAM: Login session opened.', 'pam syslog authentication_success', 'T1078'),
  5502: rule(3, 'PAM: Login session closed.', 'pam syslog'),
  5503: rule(5, 'PAM: User login failed.', 'pam syslog authentication_failed', 'T1110.001'),
  5710: rule(
    5,
    'sshd: Attempt to login using a non-existent user',
    'syslog sshd authentication_failed invalid_login',
    'T1110.001',
    'T1021.004',
  ),
  5712: rule(
    10,
    'sshd: brute force trying to get access to the system. Non existent user.',
    'syslog sshd authentication_failures',
    'T1110',
  ),
  5715: rule(3, 'sshd: authentication success.', 'syslog sshd authentication_success', 'T1078', 'T1021'),
  5760: rule(5, 'sshd: authentication failed.', 'syslog sshd authentication_failed', 'T1110.001', 'T1021.004'),
  5763: rule(
    10,
    'sshd: brute force trying to get access to the system. Authentication failed.',
    'syslog sshd authentication_failures',
    'T1110',
  ),
  5902: rule(8, 'New user added to the system.', 'syslog adduser', 'T1136'),
  19007: rule(7, '', 'sca'),
  19008: rule(3, '', 'sca'),
  23504: rule(7, '', 'vulnerability-detector'),
  23505: rule(10, '', 'vulnerability-detector'),
  31101: rule(5, 'Web server 400 error code.', 'web accesslog attack'),
  31151: rule(10, 'Multiple web server 400 error codes from same source ip.', 'web accesslog web_scan recon'),
  40704: rule(5, 'Systemd: Service exited due to a failure.', 'local systemd'),
  60106: rule(3, 'Windows Logon Success', 'windows windows_security authentication_success', 'T1078'),
  60122: rule(
    5,
    'Logon Failure - Unknown user or bad password',
    'windows windows_security authentication_failed',
    'T1531',
  ),
  60137: rule(3, 'Windows User Logoff', 'windows windows_security'),
  61104: rule(3, 'Service startup type was changed', 'windows windows_system policy_changed'),
  80792: rule(3, '', 'audit audit_command'),
};
