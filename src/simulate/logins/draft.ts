import type { Random } from '../../algorithms/random.ts';
import { Bookings } from './bookings.ts';
import { Calendar } from './clock.ts';
import { draftArrivals, draftEpisodes } from './episodes.ts';
import { type Host, makeFleet } from './fleet.ts';
import { bookIncidents, draftIncidents, quitting } from './incidents.ts';
import { Line } from './line.ts';
import { makePerson } from './people.ts';
import type { Plan } from './plan.ts';
import { firstOf, makeWorld, networksOf } from './world.ts';

export interface DraftOptions {
  readonly start: number;
  readonly days: number;
  readonly users: number;
  readonly attacks: number;
  readonly attackDays: number;
  readonly noise: number;
}

/** Decide who there is, and what happens to whom and when, without writing a line. */
export function draftPlan(options: DraftOptions, random: Random): Plan {
  const calendar = new Calendar(options.start, options.days);
  const world = makeWorld(random.fork('world'));
  const fleet = makeFleet(random.fork('fleet'));
  const usual = fleet.slice(0, -1);
  const people = Array.from({ length: options.users }, (_, i) =>
    makePerson(i, world, usual, random.fork(`person ${i}`)),
  );
  const office = new Line(
    firstOf(networksOf(world, 'office')),
    firstOf(world.country.cities),
    { daily: 0, each: 0, dual: false },
    random.fork('office'),
  );
  const base = { calendar, world, fleet, people, office };
  const bookings = new Bookings();
  const first = Math.floor(options.days - options.attackDays);
  const arrivals = draftArrivals(base, bookings, random.fork('new users'));
  const booked = bookIncidents(base, bookings, { first, attacks: options.attacks }, random.fork('incidents'));
  const later = draftEpisodes(base, bookings, fleet.at(-1) as Host, random.fork('episodes'));
  const episodes = [...arrivals, ...later];
  const incidents = draftIncidents({ ...base, episodes }, booked);
  return { ...base, episodes, incidents, quits: quitting(booked, options.days), noise: options.noise, random };
}
