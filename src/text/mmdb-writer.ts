import ipaddr from 'ipaddr.js';
import { type MmdbValue, Section } from './mmdb-section.ts';

export interface MmdbContent {
  /** Such as 'GeoLite2-City'; readers choose by it how to understand the records. */
  readonly databaseType: string;
  /** When the data was made, in epoch seconds. */
  readonly buildEpoch: number;
  /** 6 holds IPv4 too, as ::/96. */
  readonly ipVersion: 4 | 6;
  /** Networks with their records, in any order: a smaller network stands out of a larger one, of equal ones the last counts. */
  readonly entries: Iterable<readonly [cidr: string, record: MmdbValue]>;
}

/**
 * A database of networks in MaxMind's format, as every reader of .mmdb files takes it: for example data and tests.
 * Throws an Error that names a network which is none, or when there are more than 128 MB of records.
 * https://maxmind.github.io/MaxMind-DB/
 */
export function encodeMmdb(content: MmdbContent): Uint8Array {
  const tree = new Tree(content.ipVersion);
  const data = new Section(true);
  const networks = Array.from(content.entries, ([cidr, record]) => ({ ...network(cidr, content.ipVersion), record }));
  for (const { address, bits, record } of networks.sort((a, b) => a.bits - b.bits)) {
    tree.insert(address, bits, data.place(record));
  }
  const nodes = tree.encode(data.length);
  const about = new Section(false);
  about.write({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: BigInt(content.buildEpoch),
    database_type: content.databaseType,
    description: { en: content.databaseType },
    ip_version: content.ipVersion,
    languages: ['en'],
    node_count: tree.size,
    record_size: nodes.recordSize,
  });
  return Buffer.concat([nodes.bytes, new Uint8Array(16), data.bytes(), Buffer.from(marker, 'latin1'), about.bytes()]);
}

const marker = '\xab\xcd\xefMaxMind.com';

function network(cidr: string, ipVersion: 4 | 6): { readonly address: readonly number[]; readonly bits: number } {
  const [ip, bits] = ipaddr.parseCIDR(cidr);
  const address = ip.toByteArray();
  if (ipVersion === 4) {
    if (address.length === 16) throw new Error(`"${cidr}" does not fit into a database of IPv4.`);
    return { address, bits };
  }
  return address.length === 4
    ? { address: [...new Array(12).fill(0), ...address], bits: bits + 96 }
    : { address, bits };
}

/** A child is the number of a node, or below zero: nothing, or a place in the data section as -2 - place. */
const nothing = -1;

class Tree {
  readonly #children: number[] = [nothing, nothing];
  /** The bits of an address. */
  readonly #depth: number;

  constructor(ipVersion: 4 | 6) {
    this.#depth = ipVersion === 4 ? 32 : 128;
  }

  get size(): number {
    return this.#children.length / 2;
  }

  /** Larger networks come before smaller ones. */
  insert(address: readonly number[], bits: number, place: number): void {
    const leaf = -2 - place;
    if (bits === 0) {
      this.#children.fill(leaf, 0, 2);
      return;
    }
    let node = 0;
    for (let depth = 0; depth < Math.min(bits, this.#depth); depth++) {
      const side = ((address[depth >> 3] as number) >> (7 - (depth & 7))) & 1;
      const at = 2 * node + side;
      if (depth === bits - 1) {
        this.#children[at] = leaf;
        return;
      }
      const child = this.#children[at] as number;
      node = child >= 0 ? child : this.size;
      if (child >= 0) continue;
      this.#children[at] = node;
      this.#children.push(child, child);
    }
  }

  encode(dataLength: number): { readonly bytes: Uint8Array; readonly recordSize: number } {
    const { size } = this;
    const recordSize = size + 16 + dataLength < 2 ** 24 ? 24 : 28;
    const bytes = Buffer.alloc((size * recordSize) / 4);
    const value = (child: number): number => (child >= 0 ? child : child === nothing ? size : size + 14 - child);
    for (let node = 0; node < size; node++) {
      const at = (node * recordSize) / 4;
      const left = value(this.#children[2 * node] as number);
      const right = value(this.#children[2 * node + 1] as number);
      bytes.writeUIntBE(left & 0xffffff, at, 3);
      bytes.writeUIntBE(right & 0xffffff, at + (recordSize === 24 ? 3 : 4), 3);
      if (recordSize === 28) bytes[at + 3] = ((left >>> 24) << 4) | (right >>> 24);
    }
    return { bytes, recordSize };
  }
}
