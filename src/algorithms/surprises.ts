/** How often events of all bring something new, by dimension: assumed at first, counted later. */
export class Surprises {
  /** How many events there were, and how many of them brought something new. */
  readonly asked: number[];
  readonly surprised: number[];
  readonly #usual: readonly number[];
  readonly #assumed: number;
  readonly #enough: number;

  /**
   * @param usual shares by dimension before any event, which weigh as many as `assumed` events.
   * @param enough counts are halved when they reach it, so that the ways of all may change.
   */
  constructor(usual: readonly number[], assumed: number, enough: number) {
    this.#usual = usual;
    this.#assumed = assumed;
    this.#enough = enough;
    this.asked = usual.map(() => 0);
    this.surprised = usual.map(() => 0);
  }

  share(of: number): number {
    const surprised = (this.surprised[of] as number) + this.#assumed * (this.#usual[of] as number);
    return surprised / ((this.asked[of] as number) + this.#assumed);
  }

  count(of: number, surprised: boolean): void {
    const asked = (this.asked[of] as number) + 1;
    this.asked[of] = asked;
    if (surprised) (this.surprised[of] as number) += 1;
    if (asked < this.#enough) return;
    this.asked[of] = asked / 2;
    (this.surprised[of] as number) /= 2;
  }
}
