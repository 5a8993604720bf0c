import { simulatedGeo } from '../../simulate/logins.ts';
import { encodeMmdb } from '../../text/mmdb-writer.ts';

/** Geo databases of a seed's invented world, made at `now` (epoch milliseconds), as .mmdb files. */
export function worldFiles(seed: number, now: number): { readonly geo: Uint8Array; readonly asn: Uint8Array } {
  const world = simulatedGeo(seed);
  const about = { buildEpoch: Math.floor(now / 1000), ipVersion: 6 } as const;
  return {
    geo: encodeMmdb({ ...about, databaseType: 'Scops-Simulated-City', entries: world.city }),
    asn: encodeMmdb({ ...about, databaseType: 'Scops-Simulated-ASN', entries: world.asn }),
  };
}
