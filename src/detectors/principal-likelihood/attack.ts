import type { ProviderKind } from '../../text/provider-kind.ts';
import type { Call } from './call.ts';
import { tacticOf } from './sensitive.ts';
import type { Origin } from './whence.ts';

/**
 * How intruders with stolen credentials act, where the model needs to say: rough shares, from public reports rather than
 * from any one data set. Each enters as its logarithm, so a factor of two more or less is 0.7 nats beside sums of ten.
 */

/** How often an intruder does as the principal does: by dimension, by choice or by chance. */
export const agreeing = {
  origin: 0.1,
  spot: 0.05,
  endpoint: 0.1,
  action: 0.3,
  agent: 0.3,
  platform: 0.5,
  region: 0.7,
  assumer: 0.8,
} as const;

const origins: Readonly<Record<Origin, number>> = { public: 0.9, inside: 0.05, service: 0.04, other: 0.01, '': 0.01 };
export const originShare = (origin: Origin): number => origins[origin];

/** A service to hide behind is one of some dozens; an inside network is one of very many. */
export const spotShare = (origin: Origin): number => (origin === 'service' ? 0.02 : 0.0005);
export const endpointShare = 0.001;

/** What intruders do: the list's actions often, and write more often than read of what nobody else does. */
export function actionShare({ action, write }: Call): number {
  const tactic = tacticOf(action);
  if (tactic === 'discovery') return 1 / 60;
  if (tactic !== undefined) return 1 / 100;
  return write ? 1 / 1500 : 1 / 3000;
}

const tools: ReadonlySet<string> = new Set(
  'grimoire pacu prowler scoutsuite stratus-red-team trufflehog cloudmapper kali parrot pentoo'.split(' '),
);
const usualTools: ReadonlySet<string> = new Set(['aws-cli', 'boto3', 'botocore']);
export const isTool = (name: string): boolean => tools.has(name);
export const agentShare = (family: string): number => (usualTools.has(family) ? 0.2 : tools.has(family) ? 0.05 : 0.02);
export const platformShare = (platform: string): number => (tools.has(platform) ? 0.15 : 0.2);
export const regionShare = 1 / 17;
/** One over how many principals an intruder may have come as. */
export const assumerShare = 0.02;
/** The share of an intruder's calls that are the first of an action new to the principal. */
export const exploring = 0.3;

/**
 * By the narrowest network that is known: the share of stolen credentials that are used from there. Some are used on the
 * victim's own machine, some from the same cloud or a proxy in the same town, nearly all from elsewhere.
 */
export const nearness: readonly number[] = [0.02, 0.01, 0.03, 0.94];
/** The share of intruders who come from where so many colleagues do, and of those that come from somewhere new. */
export const shared = { by: 3, attack: 0.02, ordinary: 0.5 } as const;
/** One over how many providers intruders choose from. */
export const providerShare = 0.001;

/** Of intruders in a network new to the principal: how many come from its own provider where that rents out servers. */
export const sameRented = 0.4;

/** From a network that is new to the principal: how often its provider and country are not, of intruders and of its own. */
export const providerKnown = { attack: 0.1, ordinary: 0.6 } as const;
export const countryKnown = { attack: 0.3, ordinary: 0.85 } as const;

type Shares = Readonly<Record<ProviderKind, number>>;
/** Providers new to the principal, by kind: intruders', and those that people and programs move to by themselves. */
export const providers: Readonly<Record<'attack' | 'person' | 'program', Shares>> = {
  attack: { access: 0.4, hosting: 0.4, vpn: 0.15, tor: 0.05 },
  person: { access: 0.85, hosting: 0.08, vpn: 0.065, tor: 0.005 },
  program: { access: 0.1, hosting: 0.88, vpn: 0.015, tor: 0.005 },
};

/** What a trusted network takes off, in nats: one intruder in twenty comes through it. */
export const trusted = Math.log(0.05);

/** At the principal's own hours, by chance of the time zone or on purpose; the others at any hour. */
export const usualHours = 0.4;

/** Calls that are refused, of one who does not know what the credentials are good for. */
export const denied = 0.4;

/** Without the second factor, of sessions of somebody who has one. */
export const withoutFactor = 0.5;

/** Stolen temporary credentials are used from a second network, by definition but for a proxy in the first. */
export const secondNetwork = 0.5;
/** Sessions of others that are, by the principal's class: people move between networks, machines do not. */
export const secondNetworkOrdinary = (of: string): number =>
  of === 'instance' ? 0.003 : of === 'automation' || of === 'service' ? 0.01 : of === 'human' ? 0.06 : 0.03;
