const words = 20;
const mask = [0xfdff37ff, 0xef7f3f7d, 0xff777b7d, 0x7ff7fb2f] as const;
const parity = [1, 0, 0, 0x5986f054] as const;

/** SFMT-607 of Saito and Matsumoto (2008), seeded with one number: the first numbers of its sequence. */
export function sfmtSequence(seed: number, out: Uint32Array): void {
  const state = new Uint32Array(words);
  state[0] = seed;
  for (let i = 1; i < words; i++) {
    const before = state[i - 1]!;
    state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
  }
  certify(state);
  for (let done = 0; done < out.length; done += words) {
    refill(state);
    out.set(state.subarray(0, Math.min(words, out.length - done)), done);
  }
}

/** Makes sure of the full period. */
function certify(state: Uint32Array): void {
  let inner = 0;
  for (let i = 0; i < 4; i++) inner ^= state[i]! & parity[i]!;
  for (let shift = 16; shift > 0; shift >>= 1) inner ^= inner >>> shift;
  // The lowest bit of the parity is its lowest one, so this is the bit to flip.
  if ((inner & 1) === 0) state[0]! ^= 1;
}

/** The next 20 numbers: 128-bit words a, b (two on), c and d (the two before). */
function refill(state: Uint32Array): void {
  let c = words - 8;
  let d = words - 4;
  for (let a = 0; a < words; a += 4) {
    const b = (a + 8) % words;
    const [c0, c1, c2, c3] = [state[c]!, state[c + 1]!, state[c + 2]!, state[c + 3]!];
    const [a0, a1, a2, a3] = [state[a]!, state[a + 1]!, state[a + 2]!, state[a + 3]!];
    // a and c move by three bytes as a whole, b and d by bits within each quarter.
    state[a] = a0 ^ (a0 << 24) ^ ((state[b]! >>> 13) & mask[0]) ^ ((c0 >>> 24) | (c1 << 8)) ^ (state[d]! << 15);
    state[a + 1] =
      a1 ^
      ((a1 << 24) | (a0 >>> 8)) ^
      ((state[b + 1]! >>> 13) & mask[1]) ^
      ((c1 >>> 24) | (c2 << 8)) ^
      (state[d + 1]! << 15);
    state[a + 2] =
      a2 ^
      ((a2 << 24) | (a1 >>> 8)) ^
      ((state[b + 2]! >>> 13) & mask[2]) ^
      ((c2 >>> 24) | (c3 << 8)) ^
      (state[d + 2]! << 15);
    state[a + 3] =
      a3 ^ ((a3 << 24) | (a2 >>> 8)) ^ ((state[b + 3]! >>> 13) & mask[3]) ^ (c3 >>> 24) ^ (state[d + 3]! << 15);
    c = d;
    d = a;
  }
}
