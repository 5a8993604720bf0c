import type { Random } from '../../algorithms/random.ts';
import { shuffled } from './world.ts';

/** A server of the company. */
export interface Host {
  readonly name: string;
  /** Its address inside the company. */
  readonly ip: string;
  readonly v6: boolean;
  /** It has systemd-logind's lines in its log. */
  readonly logind: boolean;
}

const names =
  'bastion1 app1 app2 app3 app4 web1 web2 web3 db1 db2 db3 build1 build2 git1 stage1 stage2 mon1 mail1 files1 ldap1 queue1 cache1 ml1 backup1'.split(
    ' ',
  );

export function makeFleet(random: Random): readonly Host[] {
  const net = 10 + random.integer(200);
  const numbers = shuffled(
    Array.from({ length: 200 }, (_, i) => i + 10),
    random,
  );
  return names.map((name, index) => ({
    name,
    ip: `10.${net}.${1 + (index % 3)}.${numbers[index]}`,
    v6: random.next() < 0.5,
    logind: random.next() < 0.6,
  }));
}
