import assert from 'node:assert/strict';
import { quality } from '../quality.ts';

/** A successful login with its score and what it was. */
export interface Scored {
  readonly score: number;
  readonly attack: boolean;
  /** What is one to a person: the incident, or the user's logins from one network on one day. */
  readonly unit: string;
}

export interface LoginQuality {
  readonly auc: number;
  readonly averagePrecision: number;
  /** The share of attack logins above all but so many of the ordinary ones. */
  readonly found: (falseRate: number) => number;
  /** Ordinary logins shown when 95 % of the attack logins are. */
  readonly falseLogins95: number;
  /** Findings of ordinary logins, folded, when 95 % of the incidents are shown. */
  readonly falseFindings95: number;
}

/** How well scores rank. Ties between attack and ordinary count as their mean for the area, against the attack else. */
export function loginQuality(list: readonly Scored[]): LoginQuality {
  const descending = (attack: boolean): number[] =>
    list.flatMap((each) => (each.attack === attack ? [each.score] : [])).sort((a, b) => b - a);
  const [attacks, ordinary] = [descending(true), descending(false)];
  assert.ok(attacks.length > 0 && ordinary.length > 0, 'logins of both kinds');
  const ranked = quality(
    list.map((each) => ({ ...each, session: each.unit })),
    1,
  );
  const least = attacks[Math.ceil(0.95 * attacks.length) - 1] as number;
  return {
    auc: ranked.eventAuroc,
    averagePrecision: ranked.eventAp,
    found: (falseRate) => {
      const threshold = ordinary[Math.floor(falseRate * ordinary.length)] as number;
      return attacks.filter((score) => score > threshold).length / attacks.length;
    },
    falseLogins95: ordinary.filter((score) => score >= least).length,
    falseFindings95: ranked.falseSessionsAt95,
  };
}
