import { digest, textSeed } from './numbers.ts';
import type { FileChange, RegistryChange } from './step.ts';

interface Sums {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

/** What syscheck's database holds of one file or registry value. */
export interface Entry extends Sums {
  readonly content: number;
  readonly size: number;
  readonly mode: string;
  readonly owner: string;
  readonly ownerId: string;
  readonly inode: number;
  readonly time: number;
}

const seconds = (time: number): string => new Date(time).toISOString().slice(0, 19);

const sums = (content: number): Sums => ({
  md5: digest(content, 1, 32),
  sha1: digest(content, 2, 40),
  sha256: digest(content, 3, 64),
});

/** The entry as it was before the simulation began: a fixed function of the path. */
const assumed = (key: string, time: number, owner: { name: string; id: string }): Entry => {
  const content = textSeed(key);
  return {
    content,
    ...sums(content),
    size: 200 + (content % 9000),
    mode: 'rw-r--r--',
    owner: owner.name,
    ownerId: owner.id,
    inode: 130_000 + (content % 900_000),
    time: time - 86_400_000 * (3 + (content % 200)),
  };
};

export type ChangedPart = { readonly full: string; readonly fields: Readonly<Record<string, unknown>> };

/** syscheck's memory of every entry that changed, so that "before" is what the last "after" was. */
export class FileDatabase {
  readonly #entries = new Map<string, Entry>();
  #inode = 1_100_000;

  /** The entry before and after a change. */
  apply(key: string, step: FileChange | RegistryChange): { before: Entry; after: Entry } {
    const owner =
      step.type === 'file' ? { name: step.owner.name, id: String(step.owner.id) } : { name: 'SYSTEM', id: 'S-1-5-18' };
    const before = this.#entries.get(key) ?? assumed(key, step.time, owner);
    const modeOnly = step.type === 'file' && step.modeOnly === true;
    const content = modeOnly
      ? before.content
      : (Math.imul(before.content ^ (step.time >>> 3), 0x01000193) ^ this.#inode) >>> 0;
    const mode =
      (step.type === 'file' ? step.mode : undefined) ?? (step.change === 'modified' ? before.mode : 'rw-r--r--');
    const after: Entry = {
      content,
      ...(modeOnly ? { md5: before.md5, sha1: before.sha1, sha256: before.sha256 } : sums(content)),
      size: modeOnly
        ? before.size
        : step.change === 'modified'
          ? Math.max(1, before.size + (content % 160) - 40)
          : 60 + (content % 14_000),
      mode,
      owner: step.change === 'modified' ? before.owner : owner.name,
      ownerId: step.change === 'modified' ? before.ownerId : owner.id,
      inode: step.change === 'modified' ? before.inode : ++this.#inode,
      time: modeOnly ? before.time : step.time - 200,
    };
    if (step.change === 'deleted') this.#entries.delete(key);
    else this.#entries.set(key, after);
    return { before, after: step.change === 'deleted' ? before : after };
  }
}

/** Attributes of an entry under `_after` names, in the order of Wazuh's JSON. */
export function afterFields(entry: Entry, change: string): Record<string, unknown> {
  return {
    size_after: String(entry.size),
    perm_after: entry.mode,
    uid_after: entry.ownerId,
    gid_after: entry.ownerId,
    md5_after: entry.md5,
    sha1_after: entry.sha1,
    sha256_after: entry.sha256,
    uname_after: entry.owner,
    gname_after: entry.owner,
    mtime_after: seconds(entry.time),
    inode_after: entry.inode,
    event: change,
  };
}

/** What changed between two states, as fields and as the words that Wazuh writes into `full_log`. */
export function difference(before: Entry, after: Entry): ChangedPart {
  const names: string[] = [];
  const fields: Record<string, unknown> = {};
  const words: string[] = [];
  if (before.size !== after.size) {
    names.push('size');
    fields.size_before = String(before.size);
    words.push(`Size changed from '${before.size}' to '${after.size}'`);
  }
  if (before.mode !== after.mode) {
    names.push('permission');
    fields.perm_before = before.mode;
    words.push(`Permissions changed from '${before.mode}' to '${after.mode}'`);
  }
  if (before.time !== after.time) {
    names.push('mtime');
    fields.mtime_before = seconds(before.time);
    words.push(
      `Old modification time was: '${Math.floor(before.time / 1000)}', now it is '${Math.floor(after.time / 1000)}'`,
    );
  }
  if (before.content !== after.content) {
    for (const kind of ['md5', 'sha1', 'sha256'] as const) {
      names.push(kind);
      fields[`${kind}_before`] = before[kind];
      words.push(`Old ${kind}sum was: '${before[kind]}'`, `New ${kind}sum is : '${after[kind]}'`);
    }
  }
  return {
    full: `Changed attributes: ${names.join(',')}\n${words.join('\n')}\n`,
    fields: { ...fields, changed_attributes: names },
  };
}
