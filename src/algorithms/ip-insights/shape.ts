/** Octets of an address that are looked at: all of IPv4, the first 64 bits of IPv6 (the rest names a host). */
export type Octets = 4 | 8;

/** Of what size an encoder is: bits → (`layers` of `dim` with ReLU) → `dim`. */
export interface EncoderShape {
  readonly octets: Octets;
  readonly dim: number;
  readonly layers: number;
}

/** The floats of a vector in memory; those beyond its length are and stay 0. */
export const widthOf = (dim: number): number => Math.ceil(dim / 8) * 8;

/** Where each part of an encoder's weights begins, in floats. */
export interface Layout {
  readonly width: number;
  /** What the last layer gets: the hidden layer's width, or the bits themselves. */
  readonly features: number;
  /** A row of weights for each bit. */
  readonly first: number;
  readonly firstBias: number;
  /** Rows are what goes in, columns what comes out. */
  readonly deep: readonly { readonly weights: number; readonly bias: number }[];
  /** Rows are what comes out, columns what goes in. */
  readonly last: number;
  readonly lastBias: number;
  readonly size: number;
}

export function layoutOf({ octets, dim, layers }: EncoderShape): Layout {
  const width = widthOf(dim);
  const features = layers === 0 ? 8 * octets : width;
  let size = 0;
  const place = (length: number): number => {
    size += length;
    return size - length;
  };
  const first = place(layers === 0 ? 0 : 8 * octets * width);
  const firstBias = place(layers === 0 ? 0 : width);
  const deep = Array.from({ length: Math.max(0, layers - 1) }, () => ({
    weights: place(width * width),
    bias: place(width),
  }));
  const last = place(width * features);
  const lastBias = place(width);
  return { width, features, first, firstBias, deep, last, lastBias, size };
}
