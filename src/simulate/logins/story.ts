import { newsDays } from './episodes.ts';
import type { Key, Person } from './people.ts';
import { type Episode, keysOn, type Oddity, type Plan } from './plan.ts';
import type { Purpose } from './step.ts';

export const ordinary: Purpose = { attack: false, scenario: 'ordinary', incident: '' };

/** What happens in one person's life, and how long it is news. */
export class Story {
  readonly #person: Person;
  readonly #episodes: readonly Episode[];
  readonly #quits: number;
  readonly #purposes = new Map<Episode, Purpose>();
  /** The day on which a change was first felt. */
  readonly #since = new Map<Episode, number>();

  constructor({ episodes, quits }: Plan, person: Person) {
    this.#person = person;
    this.#episodes = episodes.filter((episode) => episode.person === person);
    this.#quits = quits.get(person) ?? Number.POSITIVE_INFINITY;
    for (const each of this.#episodes)
      this.#purposes.set(each, { attack: false, scenario: each.scenario, incident: each.incident });
  }

  now(scenario: Oddity, day: number): Episode | undefined {
    return this.#episodes.find((each) => each.scenario === scenario && each.from <= day && day <= each.to);
  }

  /** The absence that somebody is back from. */
  absence(day: number): Episode | undefined {
    return this.#episodes.find(({ scenario, to }) => scenario === 'long-absence' && day > to);
  }

  /** Not yet there, there no more, or away without a word. */
  gone(day: number): boolean {
    const joins = this.#episodes.find(({ scenario }) => scenario === 'new-user')?.from ?? 0;
    return day < joins || day > this.#quits || this.now('long-absence', day) !== undefined;
  }

  felt(episode: Episode): boolean {
    return this.#since.has(episode);
  }

  /** An episode's label. */
  purpose(episode: Episode): Purpose {
    return this.#purposes.get(episode) ?? ordinary;
  }

  /** A change's label while it is news, else the ordinary one. */
  news(episode: Episode | undefined, day: number): Purpose {
    if (episode === undefined) return ordinary;
    const since = this.#since.get(episode) ?? day;
    this.#since.set(episode, since);
    return day <= since + newsDays ? this.purpose(episode) : ordinary;
  }

  keys(day: number): readonly Key[] {
    return keysOn({ episodes: this.#episodes }, this.#person, day);
  }
}
