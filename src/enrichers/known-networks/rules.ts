import { ScopsError } from '../../event/index.ts';
import { type CidrSet, createCidrSet, parseIp } from '../../text/ip.ts';

/** One known network, and what to call it. */
export interface Rule {
  readonly kind: 'network' | 'system' | 'country' | 'name';
  readonly value: string;
  readonly label: string;
}

/** Rules made ready for asking. */
export interface Rules {
  readonly networks: CidrSet<string>;
  /** By number of the autonomous system. */
  readonly systems: ReadonlyMap<number, string>;
  /** By ISO 3166-1 code. */
  readonly countries: ReadonlyMap<string, string>;
  /** By host name. */
  readonly names: ReadonlyMap<string, string>;
}

const mostLabel = 100;
const hostName = /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * A rule as people write it: a network or address, `AS64500`, a country such as `DE`, or a host name; with `label=` in
 * front when it has a name of its own. Throws ScopsError CONFIG_INVALID for anything else.
 */
export function parseRule(text: string): Rule {
  const equals = text.indexOf('=');
  const value = text.slice(equals + 1).trim();
  const label = (equals < 0 ? value : text.slice(0, equals).trim()).slice(0, mostLabel);
  if (label !== '') {
    if (/^AS\d{1,10}$/i.test(value)) return { kind: 'system', value: value.slice(2), label };
    if (/^[a-z]{2}$/i.test(value)) return { kind: 'country', value: value.toUpperCase(), label };
    const name = value.toLowerCase().replace(/\.$/, '');
    if (hostName.test(name)) return { kind: 'name', value: name, label };
    if (value.includes('/') || parseIp(value) !== undefined) {
      createCidrSet([[value, label]]);
      return { kind: 'network', value, label };
    }
  }
  throw new ScopsError(
    'CONFIG_INVALID',
    `"${text.slice(0, 100)}" is no known network: give a network such as 192.0.2.0/24, AS64500, a country such as DE or a host name, with label= in front where wanted.`,
  );
}

/** One rule a line; what follows # is a remark. Throws ScopsError CONFIG_INVALID with the line. */
export function parseRules(content: string, path: string): Rule[] {
  return content.split('\n').flatMap((line, at) => {
    const rule = line.replace(/#.*/, '').trim();
    if (rule === '') return [];
    try {
      return [parseRule(rule)];
    } catch (cause) {
      throw new ScopsError('CONFIG_INVALID', `${path}:${at + 1}  ${(cause as Error).message}`, { cause });
    }
  });
}

/** Of two rules for the same the last counts. */
export function compile(rules: readonly Rule[]): Rules {
  const of = (kind: Rule['kind']): [string, string][] =>
    rules.filter((rule) => rule.kind === kind).map(({ value, label }) => [value, label]);
  return {
    networks: createCidrSet(of('network')),
    systems: new Map(of('system').map(([value, label]) => [Number(value), label])),
    countries: new Map(of('country')),
    names: new Map(of('name')),
  };
}
