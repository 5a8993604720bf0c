import type { Login } from './login.ts';

/** So many logins are held of one user, and of all together; the oldest go, unlearnt. */
const mostOfUser = 64;
const mostOfAll = 16_384;

/** Logins that wait for a person's word, or for their age, before they are learnt. */
export class Quarantine {
  /** In the order in which they came. */
  readonly #held = new Map<string, Login>();
  readonly #ofUser = new Map<string, Set<string>>();

  get size(): number {
    return this.#held.size;
  }

  add(login: Login): void {
    this.take(login.id);
    const own = this.#ofUser.get(login.user) ?? new Set();
    if (own.size >= mostOfUser) this.#takeFirst(own);
    if (this.#held.size >= mostOfAll) this.#takeFirst(this.#held.keys());
    this.#held.set(login.id, login);
    this.#ofUser.set(login.user, own.add(login.id));
  }

  /** Remove and return a login. */
  take(id: string): Login | undefined {
    const login = this.#held.get(id);
    if (login === undefined) return undefined;
    this.#held.delete(id);
    const own = this.#ofUser.get(login.user);
    own?.delete(id);
    if (own?.size === 0) this.#ofUser.delete(login.user);
    return login;
  }

  /** The one held longest, when it is older than `age` at a time. */
  due(time: number, age: number): Login | undefined {
    if (this.#held.size === 0) return undefined;
    for (const login of this.#held.values()) return time - login.time > age ? this.take(login.id) : undefined;
    return undefined;
  }

  all(): Iterable<Login> {
    return this.#held.values();
  }

  #takeFirst(ids: Iterable<string>): void {
    for (const id of ids) {
      this.take(id);
      return;
    }
  }
}
