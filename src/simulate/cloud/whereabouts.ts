import type { Random } from '../../algorithms/random.ts';
import type { Origin } from './call.ts';
import type { Company } from './company.ts';
import { anywhere, sixth, within } from './internet.ts';
import type { Line, Person } from './people.ts';

/** Where somebody is on a day; `from` gives the address that a call from there has. */
export interface Place {
  readonly what: 'office' | 'home' | 'vpn' | 'away' | 'privacy' | 'desk';
  from(random: Random, browser: boolean): Origin;
}

/** The address that a line has on a day. */
function leased(company: Company, line: Line, day: number): string {
  const lease = Math.floor((day + line.site) / line.lease);
  return within(line.block, company.random(`lease/${line.site}/${lease}`));
}

/** Where a person works on a day: what their habits and travels say, drawn with `random`. */
export function placeOf(company: Company, person: Person, day: number, random: Random): Place {
  const { shares, trips, moves, privacy, desk } = person;
  const trip = trips.find(({ from, to }) => day >= from && day <= to);
  const vpn: Place = {
    what: 'vpn',
    from: (draws) => ({ ip: within(company.vpnBlock(day), draws) }),
  };
  if (trip !== undefined) {
    if (random.next() < shares.vpn * 0.4) return vpn;
    const ip = anywhere(random.pick(trip.networks), random);
    return { what: 'away', from: () => ({ ip }) };
  }
  if (desk !== undefined && day >= desk.day && random.next() < 0.3)
    return { what: 'desk', from: () => ({ ip: desk.ip }) };
  if (privacy !== undefined && random.next() < 0.15) {
    const ip = anywhere(privacy, random);
    return { what: 'privacy', from: () => ({ ip }) };
  }
  if (random.next() < shares.office) {
    const office = company.offices[person.office]!;
    const { six } = office.network;
    const site = office.block.base & 0xffff;
    const gate = office.block.base + 1 + random.integer(3);
    const ip = within({ base: gate - 1, bits: 30 }, random);
    return {
      what: 'office',
      from: (draws, browser) => ({
        ip: six !== undefined && browser && draws.next() < 0.4 ? sixth(six, site, draws) : ip,
      }),
    };
  }
  if (random.next() < shares.vpn) return vpn;
  const line = moves !== undefined && day >= moves.day ? moves.home : person.home;
  const ip = leased(company, line, day);
  const { six } = line.network;
  const privacyAddress = six === undefined || line.site % 3 === 0 ? undefined : sixth(six, line.site, random);
  return {
    what: 'home',
    from: (draws, browser) => ({
      ip: privacyAddress !== undefined && browser && draws.next() < 0.5 ? privacyAddress : ip,
    }),
  };
}

/** A phone's network hands out an address of its pool to many. */
export const onPhone = ({ mobile }: Person, random: Random): Origin => ({ ip: anywhere(mobile, random) });
