const encoder = new TextEncoder();

/**
 * The 64-bit FNV-1 of Fowler, Noll and Vo (multiply, then xor), as Jubatus computes it: bytes are signed, so that one
 * of 0x80 or more flips the upper bits too.
 */
export class Fnv1 {
  private high = 0;
  private low = 0;

  reset(): void {
    this.high = 0xcbf29ce4 | 0;
    this.low = 0x84222325 | 0;
  }

  byte(byte: number): void {
    // The prime is 2^40 + 435.
    const product = (this.low >>> 0) * 435;
    const high = (Math.imul(this.high, 435) + Math.floor(product / 4294967296) + (this.low << 8)) | 0;
    const sign = (byte << 24) >> 31;
    this.low = Math.imul(this.low, 435) ^ ((byte << 24) >> 24);
    this.high = high ^ sign;
  }

  text(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        for (const byte of encoder.encode(text.slice(i))) this.byte(byte);
        return;
      }
      this.byte(code);
    }
  }

  /** A whole number as its four bytes, lowest first. */
  int32(value: number): void {
    this.byte(value & 0xff);
    this.byte((value >>> 8) & 0xff);
    this.byte((value >>> 16) & 0xff);
    this.byte(value >>> 24);
  }

  /** The lower 32 bits. */
  get low32(): number {
    return this.low >>> 0;
  }

  /** The lower 53 bits, as many as a number holds. */
  get low53(): number {
    return (this.high & 0x1fffff) * 4294967296 + (this.low >>> 0);
  }

  get value(): bigint {
    return (BigInt(this.high >>> 0) << 32n) | BigInt(this.low >>> 0);
  }
}

const shared = new Fnv1();

/** Jubatus' hash of a text's UTF-8, for `hash_max_size`. */
export function fnv1(text: string): bigint {
  shared.reset();
  shared.text(text);
  return shared.value;
}

/** The lower 32 bits of `fnv1`: the seed of a feature's random projection. */
export function fnv1Seed(text: string): number {
  shared.reset();
  shared.text(text);
  return shared.low32;
}
