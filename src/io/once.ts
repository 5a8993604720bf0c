import type { Finding } from '../event/index.ts';

/** What a sink has delivered in this run, so that a finding handed in again is not delivered again. Keeps the latest. */
export class Once {
  readonly #ids = new Set<string>();
  readonly #most: number;

  constructor(most = 50_000) {
    this.#most = most;
  }

  /** Those not delivered yet, each once, in their order. */
  fresh(findings: readonly Finding[]): Finding[] {
    const first = new Map<string, Finding>();
    for (const finding of findings) {
      if (!this.#ids.has(finding.id) && !first.has(finding.id)) first.set(finding.id, finding);
    }
    return [...first.values()];
  }

  /** These were accepted. */
  delivered(findings: readonly Finding[]): void {
    for (const { id } of findings) this.#ids.add(id);
    for (const id of this.#ids) {
      if (this.#ids.size <= this.#most) break;
      this.#ids.delete(id);
    }
  }
}
