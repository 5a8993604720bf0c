import { dayLength } from '../../logins/clock.ts';
import type { Call, Diary } from '../call.ts';
import type { Company } from '../company.ts';

/** Something that acts: what it calls on a day, always the same. */
export interface Actor {
  readonly name: string;
  day(day: number): readonly Call[];
}

/** A random moment of a day. */
export const moment = (company: Company, day: number, diary: Diary): number =>
  company.at(day) + diary.random.integer(dayLength);
