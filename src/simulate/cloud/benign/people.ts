import { shuffled } from '../../logins/world.ts';
import type { Call } from '../call.ts';
import type { Stage } from '../episode.ts';
import { anomalyOf } from '../finding-types.ts';
import { contains } from '../internet.ts';
import { anomaly, isOwn, type Odd, strangeDay } from './odd.ts';

/** Travels, new providers, new colleagues, new keys, the new egress of the VPN, and a VPN of one's own. */
export function* peopleChange(stage: Stage): Generator<Odd> {
  const { cast, company, random } = stage;
  let leavers = 6;
  for (const worker of shuffled(cast.workers, random)) {
    const { person } = worker;
    const days = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
    const first = (from: number, count: number): readonly Call[] =>
      days(Math.max(0, from), count)
        .map((day) => worker.day(day))
        .find((calls) => calls.length > 3) ?? [];
    for (const trip of person.trips) {
      yield* strangeDay(stage, 'travel', first(trip.from, trip.to - trip.from + 1));
      yield* strangeDay(stage, 'travel', first(trip.from + 2, Math.max(0, trip.to - trip.from - 1)));
    }
    if (person.moves !== undefined) yield* strangeDay(stage, 'new-provider', first(person.moves.day, 10));
    if (person.starts >= 0) {
      yield* strangeDay(stage, 'new-colleague', first(person.starts, 6));
      yield* strangeDay(stage, 'new-colleague', first(person.starts + 4, 6));
    }
    const made = days(0, company.calendar.days)
      .slice(person.user?.kind === 'key' ? person.user.renewed : company.calendar.days)
      .slice(0, 1)
      .flatMap((day) => worker.day(day))
      .find(({ api }) => api === 'iam:CreateAccessKey');
    if (made !== undefined) yield { type: anomalyOf(made.api), scenario: 'key-rotation', relevance: 0, calls: [made] };
    if (leavers > 0 && person.shares.vpn > 0.2) {
      const block = company.vpn.after;
      const calls = days(company.vpn.day, 6)
        .flatMap((day) => worker.day(day))
        .filter(({ from }) => contains(block, from.ip));
      if (calls.length > 0) {
        leavers--;
        yield* strangeDay(stage, 'vpn-egress', calls);
      }
    }
    if (person.desk !== undefined) {
      const { ip, day } = person.desk;
      const calls = days(day, company.calendar.days - day)
        .flatMap((each) => worker.day(each))
        .filter(({ from }) => from.ip === ip);
      yield* strangeDay(stage, 'rented-desk', calls);
    }
    if (person.privacy !== undefined) {
      const { privacy } = person;
      const calls = days(5, company.calendar.days - 6)
        .flatMap((day) => worker.day(day))
        .filter(({ from }) => company.internet.find(from.ip) === privacy);
      for (const call of shuffled(calls.filter(isOwn), random).slice(0, 2))
        yield anomaly(stage, 'own-vpn', calls, call);
      const listed = calls.find(isOwn);
      if (listed !== undefined)
        yield {
          type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
          scenario: 'listed-by-mistake',
          relevance: 0,
          calls: calls
            .filter(({ from, by }) => from.ip === listed.from.ip && by.accessKeyId === listed.by.accessKeyId)
            .slice(0, 12),
        };
    }
  }
}
