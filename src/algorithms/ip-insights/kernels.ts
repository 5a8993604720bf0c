import { assemble } from './assembler.ts';
import { adam } from './kernels/adam.ts';
import { gate, rectify } from './kernels/layers.ts';
import { multiply } from './kernels/multiply.ts';
import { collect, encode, scatter, tabulate } from './kernels/octets.ts';
import { dots, spread } from './kernels/samples.ts';

/** What of WebAssembly is used; every engine has it, the language's own library of types has not. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
};

/**
 * Loops over 32-bit floats in one memory, four at a time. Addresses and distances are in bytes, counts in rows, widths
 * in floats. Widths are multiples of 8, counts at least 1.
 */
export interface Kernels {
  /**
   * C += A·B with rows of A `aRow` and columns of A `aStep` bytes apart, so that A can be read transposed. `rows` is a
   * multiple of 4, `columns` one of 8.
   */
  multiply(
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    c: number,
    cRow: number,
    rows: number,
    inner: number,
    columns: number,
  ): void;
  /** The row of each value of an octet: row 0 and the rows of the bits that are set in it. */
  tabulate(bits: number, table: number, width: number): void;
  /** The reverse, for gradients: what each value's row holds is added to its bits' rows, and to row 0. */
  collect(bits: number, table: number, width: number): void;
  /** x = max(0, sum of the rows of an address' octets). */
  encode(tables: number, octets: number, count: number, x: number, width: number): void;
  /** The reverse: dx, where x is above 0, is added to the rows of the octets. */
  scatter(tables: number, octets: number, count: number, x: number, dx: number, width: number): void;
  /** The product of a row of x and a row of q for each sample; `rows` and `slots` hold their offsets. */
  dots(count: number, rows: number, slots: number, x: number, q: number, out: number, width: number): void;
  /** The reverse: with the sample's gradient g, p += g x and dx += g q. */
  spread(
    count: number,
    rows: number,
    slots: number,
    g: number,
    x: number,
    q: number,
    p: number,
    dx: number,
    width: number,
  ): void;
  /** x = max(0, x + bias) of each row. */
  rectify(x: number, bias: number, count: number, width: number): void;
  /** The reverse: dx = 0 where x is 0, and what is left is added to the gradient of the bias. */
  gate(x: number, dx: number, bias: number, count: number, width: number): void;
  /**
   * A step of Adam over `count` floats (a multiple of 8) with weight decay as an L2 penalty; the gradient is cleared.
   * Kingma and Ba (2015), https://arxiv.org/abs/1412.6980
   */
  adam(
    weights: number,
    gradient: number,
    mean: number,
    square: number,
    count: number,
    rate: number,
    decay: number,
  ): void;
}

const page = 65_536;
const line = 16;

/** The loops for addresses of so many octets, and arrays of so many floats in their memory, all 0. */
export function createKernels<Name extends string>(
  octets: number,
  lengths: Readonly<Record<Name, number>>,
): { readonly kernels: Kernels; readonly floats: Readonly<Record<Name, Float32Array>> } {
  let bytes = 0;
  const places = Object.entries<number>(lengths).map(([name, length]) => {
    const at = bytes;
    bytes += Math.ceil((4 * length) / line) * line;
    return [name, at, length] as const;
  });
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / page) });
  const module = new WebAssembly.Module(
    assemble({
      multiply: multiply(),
      tabulate: tabulate(),
      collect: collect(),
      encode: encode(octets),
      scatter: scatter(octets),
      dots: dots(),
      spread: spread(),
      rectify: rectify(),
      gate: gate(),
      adam: adam(),
    }),
  );
  const { exports } = new WebAssembly.Instance(module, { host: { memory } });
  const views = places.map(([name, at, length]) => [name, new Float32Array(memory.buffer, at, length)]);
  return { kernels: exports as Kernels, floats: Object.fromEntries(views) as Record<Name, Float32Array> };
}
