import type { Event, Reason } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { shorten } from '../../text/escape.ts';
import { numberOf } from './call.ts';

const perDegree = 0.25;
const middle = 5;

/**
 * A quarter of a nat for each degree of GuardDuty's severity above or below 5: -1 at 1 (low), 1.25 at 10 (critical).
 * Little, because all findings of a type have the same; a severity that is no number from 0 to 10 counts as its bound.
 */
export function severity(finding: Event): Reason | undefined {
  const given = numberOf(finding, 'event.severity');
  if (given === undefined) return undefined;
  const bounded = Math.min(10, Math.max(0, given));
  const nats = perDegree * (bounded - middle);
  const name = bounded >= 9 ? 'critical' : bounded >= 7 ? 'high' : bounded >= 4 ? 'medium' : 'low';
  return {
    code: 'severity',
    text: `GuardDuty's severity is ${bounded} (${name}) for ${shorten(text(finding, 'rule.name') ?? 'this', 128)}.`,
    evidence: { nats, severity: bounded },
  };
}

interface TypePrior {
  readonly matches: RegExp;
  readonly nats: number;
  readonly text: string;
}

/** The first that matches counts. These are judgements, not measurements: small beside what behaviour says. */
const types: readonly TypePrior[] = [
  { matches: /^AttackSequence:/, nats: 3, text: 'GuardDuty has put several signals together into an attack sequence' },
  {
    matches: /InstanceCredentialExfiltration\.OutsideAWS/,
    nats: 2,
    text: 'An instance has no reason to use its credentials outside AWS',
  },
  { matches: /InstanceCredentialExfiltration/, nats: 1, text: "An instance's credentials were used elsewhere" },
  { matches: /TorIPCaller|Tor(?:IP|Relay|Client)/, nats: 1.5, text: 'Few people have a reason to come through Tor' },
  { matches: /^PenTest:/, nats: 0.5, text: 'The tools are those of a penetration test, which is seldom secret' },
  {
    matches: /MaliciousIPCaller|MaliciousFile|C&CActivity|BitcoinTool|CryptoCurrency/,
    nats: 1,
    text: 'It rests on a list of what is known as malicious',
  },
  {
    matches: /^(?:Stealth|DefenseEvasion):/,
    nats: 0.5,
    text: 'It is about hiding, which ordinary work seldom looks like',
  },
  {
    matches: /^Policy:/,
    nats: -1.5,
    text: 'It is about how something is set up, which is seldom an intruder at work',
  },
  {
    matches: /PortProbe|Portscan|BruteForce|DenialOfService/,
    nats: -1.5,
    text: 'Whatever is on the internet is probed like this every day',
  },
];

/** What a finding's type alone says, in nats. */
export function findingType(finding: Event): Reason | undefined {
  const type = text(finding, 'rule.name')?.slice(0, 256) ?? '';
  const prior = types.find(({ matches }) => matches.test(type));
  if (prior === undefined) return undefined;
  return { code: 'finding-type', text: `${prior.text} (${type}).`, evidence: { nats: prior.nats, type } };
}

/** A suppression rule, or a person, has put a finding aside. */
export function archived({ fields }: Event): Reason | undefined {
  if (fields['aws.finding.archived'] !== true) return undefined;
  return {
    code: 'archived',
    text: 'It is archived in GuardDuty: somebody, or a suppression rule, has put it aside.',
    evidence: { nats: -1 },
  };
}

const perTactic = 0.7;
const mostNats = 1;
const named = 4;

/**
 * Findings about one actor of different tactics, the part of their type before the colon. 0.7 nats for the second, half of
 * that for each further one, at most 1: whoever does one strange thing sets off several, be it an intruder or a tester.
 */
export function severalTypes(all: Iterable<string>): Reason | undefined {
  const types = [...new Set(all)].sort();
  const tactics = new Set(types.map((type) => type.split(':', 1)[0] ?? ''));
  if (tactics.size < 2) return undefined;
  const more = types.length > named ? ` and ${types.length - named} more` : '';
  return {
    code: 'several-types',
    text: `${types.length} different types of finding are about this actor: ${types.slice(0, named).join(', ')}${more}.`,
    evidence: { nats: Math.min(mostNats, (perTactic * tactics.size) / 2), types: types.length },
  };
}
