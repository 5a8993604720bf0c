import { Section } from '../../src/text/mmdb-section.ts';
import { encodeMmdb, type MmdbContent } from '../../src/text/mmdb-writer.ts';

/** A whole database of networks, as a Buffer. */
export const mmdb = (content: Partial<MmdbContent> & Pick<MmdbContent, 'entries'>): Buffer =>
  Buffer.from(
    encodeMmdb({ databaseType: 'Test-City', buildEpoch: Date.UTC(2026, 0, 1) / 1000, ipVersion: 6, ...content }),
  );

/** A database whose one node leads to the first byte of `data`, which may be anything, whatever the address is. */
export function rawMmdb(
  data: ArrayLike<number>,
  metadata: Readonly<Record<string, string | number | bigint>> = {},
): Buffer {
  const about = new Section(false);
  about.write({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: BigInt(Date.UTC(2026, 0, 1) / 1000),
    database_type: 'Raw',
    ip_version: 4,
    node_count: 1,
    record_size: 24,
    ...metadata,
  });
  const leaf = [0, 0, 17];
  return Buffer.concat([
    Buffer.from([...leaf, ...leaf]),
    Buffer.alloc(16),
    Buffer.from(Array.from(data)),
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    about.bytes(),
  ]);
}
