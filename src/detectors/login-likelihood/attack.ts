/**
 * How attackers log in, where the model needs to say: rough shares, from public reports rather than from any one data
 * set. Each enters as its logarithm, so a factor of two more or less is 0.7 nats beside sums of ten.
 */

/**
 * By level of the network, coarse to fine: the share of stolen logins that come from where the victim also comes from.
 * Stolen credentials are sold with a proxy of the victim's country or even town; the victim's own machine is used now
 * and then, another one in its street hardly ever.
 */
export const agreeing: readonly number[] = [0.25, 0.12, 0.06, 0.02, 0.005, 0.001, 0.005, 0.005];

/**
 * By level: the share of stolen logins that come from where colleagues come from, of those from where the victim does
 * not. An ordinary login from somewhere new does so every other time. What is narrow may be the company's own; what is
 * wider is the town's provider, where attackers find their proxies.
 */
export const sharing: readonly number[] = [0.5, 0.5, 0.35, 0.35, 0.3, 0.02, 0.02, 0.02];
export const sharingOrdinary = 0.5;

/** The same inside: who has one server goes on from there, and most servers are in one network. */
export const agreeingInside: readonly number[] = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01];

/**
 * A provider new to the user, by kind: how often an attacker's is one, of those from a country that the user never came
 * from and of those that took care to come from the victim's; and how often an ordinary one.
 */
export const providers = {
  access: { abroad: 0.3, near: 0.75, ordinary: 0.92 },
  hosting: { abroad: 0.45, near: 0.15, ordinary: 0.03 },
  vpn: { abroad: 0.2, near: 0.08, ordinary: 0.045 },
  tor: { abroad: 0.05, near: 0.02, ordinary: 0.005 },
} as const;

/** From a new region or country but a provider that the user knows, as with a mobile network or a VPN with many exits. */
export const providerKnown = { attack: 0.2, ordinary: 0.4 };

/** From where unknown users are taken over: so often from countries as the users are, else from any. */
export const ofTheFleet = 0.3;

/** With a key: how often it is the user's own, stolen or used through an agent, rather than one that was added. */
export const keyStolen = 0.6;

/** How they prove who they are. */
export function methodShare(method: string): number {
  if (method === 'publickey') return 0.4;
  return method === 'ntlm' || method.includes('password') || method.includes('keyboard') ? 0.5 : 0.1;
}

/** At the user's own hours, by chance of the time zone or on purpose; the others at any hour. */
export const usualHours = 0.4;

/** To a host that the user uses. */
export const hostKnown = 0.5;

/** Faster than an airliner from where the user just was. */
export const tooFast = 0.5;

/** How often that is so of ordinary logins from rented servers, VPNs and Tor, which are not where their users are. */
export const tooFastOrdinary = { access: 0, hosting: 0.15, vpn: 0.5, tor: 0.5 } as const;

/** How often it is so of ordinary logins to or from where colleagues come from too, as it may be a company's VPN. */
export const tooFastShared = 0.08;

/** After a pause of more than a week in the user's logins: accounts of people on leave or gone are taken on purpose. */
export const longPause = 0.1;

/** After guessing that left failures in the log: where something can be guessed, and where not, as with a key. */
export const guessed = { secret: 0.3, key: 0.02 } as const;

/** Whether a method proves itself by something that can be guessed. */
export const isGuessable = (method: string): boolean =>
  method !== 'publickey' && method !== 'hostbased' && !method.startsWith('gssapi');

/** From an address on a block list, and how often ordinary logins come from one, by the kind of a new provider. */
export const listed = 0.3;
export const listedOrdinary = { access: 0.015, hosting: 0.05, vpn: 0.1, tor: 0.3 } as const;

/** What a trusted network takes off, in nats: one in twenty comes through it. */
export const trusted = Math.log(0.05);

/** By dimension of the client, coarse to fine: how often an attacker's is as the victim's, by chance or on purpose. */
export const agreeingClient: readonly number[] = [0.7, 0.4, 0.25, 0.15];

/** What a later version of the program that the user has says: attackers too have what is current. In nats. */
export const upgraded = 0.5;

/** A program that is no browser in the hands of one who uses browsers: of attackers one in five, else one in fifty. */
export const scripted = Math.log(0.2 / 0.02);
