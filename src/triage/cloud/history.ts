import type { Event, Reason } from '../../event/index.ts';
import { text } from '../../event/index.ts';
import { parseUserAgent } from '../../text/aws/user-agent.ts';
import { shorten } from '../../text/escape.ts';
import { utc } from '../../text/finding.ts';
import { type Call, callOf, ownerOf } from './call.ts';

/** So many different calls are remembered of an owner, and so many owners. */
const mostCalls = 256;
const mostOwners = 20_000;
const longest = 64;

interface Past {
  readonly call: Call;
  readonly network: string;
  readonly owner: string | undefined;
  readonly agent: string;
  readonly provider: string | undefined;
  readonly region: string | undefined;
  count: number;
  last: number;
}

/** What those whom findings are about called before, the different calls of late. */
export class History {
  readonly #owners = new Map<string, Map<string, Past>>();

  constructor(findings: readonly Event[]) {
    for (const finding of findings) {
      if (this.#owners.size >= mostOwners) break;
      const owner = ownerOf(finding);
      if (owner !== '') this.#owners.set(owner, new Map());
    }
  }

  add(event: Event): void {
    const call = callOf(event);
    const calls = this.#owners.get(ownerOf(event));
    if (calls === undefined) return;
    const agent = agentOf(event);
    const key = `${call.address ?? ''}\0${call.action ?? ''}\0${agent}`;
    const known = calls.get(key);
    if (known === undefined) {
      if (calls.size >= mostCalls)
        for (const [oldest] of calls) {
          calls.delete(oldest);
          break;
        }
      calls.set(key, { ...aboutOf(event, call, agent), count: 1, last: event.time });
      return;
    }
    known.count++;
    known.last = Math.max(known.last, event.time);
    calls.delete(key);
    calls.set(key, known);
  }

  /** Whether the owner of a finding made any call, outside the times of findings about it. */
  knows(finding: Event): boolean {
    return (this.#owners.get(ownerOf(finding))?.size ?? 0) > 0;
  }

  /** The most similar of the calls before, in words; undefined when there is none. */
  nearest(event: Event): Reason | undefined {
    const about = aboutOf(event, callOf(event), agentOf(event));
    let nearest: Past | undefined;
    let most = 0;
    for (const past of this.#owners.get(ownerOf(event))?.values() ?? []) {
      const alike = likeness(past, about);
      if (nearest === undefined || alike > most || (alike === most && past.last > nearest.last)) {
        nearest = past;
        most = alike;
      }
    }
    if (nearest === undefined) return undefined;
    const { call: past, agent, count, last } = nearest;
    const from = past.address === undefined ? '' : ` from ${shorten(past.address, longest)}`;
    const by = agent === '' ? '' : ` with ${agent}`;
    const times = count === 1 ? '' : ` (${count} times, last then)`;
    const same = past.address !== undefined && past.address === about.call.address && past.action === about.call.action;
    const how = same ? 'The same was done before by this actor' : 'Most like it among what this actor did before';
    return {
      code: 'nearest-history',
      text: `${how}: ${shorten(past.action ?? 'a call', longest)}${from}${by} at ${utc(last)}${times}.`,
      evidence: { time: utc(last), count, ...(past.address === undefined ? {} : { address: past.address }) },
    };
  }
}

type About = Omit<Past, 'count' | 'last'>;

const aboutOf = (event: Event, call: Call, agent: string): About => ({
  call,
  network: networkOf(call.address ?? ''),
  owner: text(event, 'source.as.number'),
  agent,
  provider: text(event, 'event.provider'),
  region: text(event, 'cloud.region'),
});

const agentOf = (event: Event): string => parseUserAgent(text(event, 'user_agent.original') ?? '')?.family ?? '';

/** The /24 of an IPv4 address, the first three groups of an IPv6 one: enough to see neighbours. */
const networkOf = (address: string): string =>
  address.includes(':')
    ? address.split(':', 3).join(':')
    : /^\d+\.\d+\.\d+\.\d+$/.test(address)
      ? address.slice(0, address.lastIndexOf('.'))
      : '';

function likeness(past: About, now: About): number {
  const same = (a: string | undefined, b: string | undefined, weight: number): number =>
    a !== undefined && a !== '' && a === b ? weight : 0;
  return (
    same(past.call.address, now.call.address, 2) +
    same(past.network, now.network, 2) +
    same(past.owner, now.owner, 1.5) +
    same(past.call.action, now.call.action, 2) +
    same(past.provider, now.provider, 1) +
    same(past.agent, now.agent, 1) +
    same(past.region, now.region, 0.5)
  );
}
