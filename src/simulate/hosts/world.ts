import { ScopsError } from '../../event/index.ts';

export interface Account {
  readonly name: string;
  readonly id: number;
}

const account = (name: string, id: number): Account => ({ name, id });

export const accounts = {
  root: account('root', 0),
  backup: account('backup', 34),
  web: account('www-data', 33),
  postgres: account('postgres', 113),
  ledger: account('ledger', 996),
  portal: account('portal', 995),
  deploy: account('deploy', 1100),
  ansible: account('ansible', 1101),
  runner: account('runner', 1102),
} as const;

export type Role = 'web' | 'app' | 'db' | 'ci' | 'gate' | 'windows';

export interface Host {
  /** Wazuh's agent id, such as `001`. */
  readonly id: string;
  readonly name: string;
  readonly ip: string;
  readonly role: Role;
  /** What auditd puts before the enriched part of a record: 0x1d, or nothing where a forwarder dropped it. */
  readonly separator: '\u001d' | '';
  /** How file changes are noticed: `realtime` does not say who made them. */
  readonly fim: 'whodata' | 'realtime';
  /** Milliseconds between the kernel's record and Wazuh's alert. */
  readonly lag: number;
}

/** Somebody who logs in by hand. */
export interface Person {
  readonly account: Account;
  readonly address: string;
  /** Where this person works. */
  readonly roles: readonly Role[];
  /** The hour (UTC) at which the working day starts. */
  readonly starts: number;
}

export const people: readonly Person[] = [
  { account: account('mara', 1001), address: '10.8.0.11', roles: ['web', 'app', 'ci', 'gate'], starts: 8 },
  { account: account('jonas', 1002), address: '10.8.0.12', roles: ['web', 'app', 'db', 'gate'], starts: 9 },
  { account: account('priya', 1003), address: '10.8.0.13', roles: ['app', 'ci'], starts: 7 },
  { account: account('tomas', 1004), address: '10.8.0.14', roles: ['db', 'gate'], starts: 8 },
];

export const manager = 'wazuh01';

const plan: readonly [name: string, role: Role][] = [
  ['web01', 'web'],
  ['app01', 'app'],
  ['gate01', 'gate'],
  ['ci01', 'ci'],
  ['db01', 'db'],
  ['web02', 'web'],
  ['win01', 'windows'],
];

const fewestHosts = 3;
const mostHosts = 99;

/** The company's machines, the same ones whatever the seed; past the seventh they are more web and app servers. */
export function makeHosts(count: number): readonly Host[] {
  if (!Number.isInteger(count) || count < fewestHosts || count > mostHosts) {
    throw new ScopsError(
      'USAGE',
      `Cannot simulate ${count} hosts: give a whole number from ${fewestHosts} to ${mostHosts}.`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const extra = index - plan.length;
    const [name, role] = plan[index] ?? [
      `${extra % 2 ? 'app' : 'web'}${String((extra >> 1) + 3).padStart(2, '0')}`,
      extra % 2 ? 'app' : 'web',
    ];
    return {
      id: String(index + 1).padStart(3, '0'),
      name,
      ip: `10.40.0.${11 + index}`,
      role,
      separator: role === 'ci' || role === 'db' ? '\u001d' : '',
      fim: name === 'web02' ? 'realtime' : 'whodata',
      lag: 40 + ((index * 37) % 160),
    };
  });
}

export const isLinux = (host: Host): boolean => host.role !== 'windows';
