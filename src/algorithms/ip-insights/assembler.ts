/** WebAssembly instructions, such as the expression that leaves a value or a statement that leaves none. */
export type Code = readonly number[];
type Kind = 'i32' | 'f32' | 'v128';

const kinds: Readonly<Record<Kind, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
    if (rest === 0) return bytes;
  }
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 0x7f;
    rest >>= 7;
    const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}

const binary =
  (...opcode: number[]) =>
  (left: Code, right: Code): Code => [...left, ...right, ...opcode];
const unary =
  (...opcode: number[]) =>
  (value: Code): Code => [...value, ...opcode];
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
/** Alignment is a hint: 2^2 bytes. */
const at = (offset: number): number[] => [2, ...unsigned(offset)];

/** 32-bit whole numbers and addresses. */
export const i32 = {
  of: (value: number): Code => [0x41, ...signed(value)],
  add: binary(0x6a),
  subtract: binary(0x6b),
  multiply: binary(0x6c),
  and: binary(0x71),
  shiftLeft: binary(0x74),
  trailingZeros: unary(0x68),
  load: (address: Code): Code => [...address, 0x28, ...at(0)],
  /** An unsigned byte. */
  loadOctet: (address: Code, offset: number): Code => [...address, 0x2d, 0, ...unsigned(offset)],
};

const float = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];

/** Four 32-bit floats. */
export const x4 = {
  zero: [...simd(12), ...new Array<number>(16).fill(0)] as Code,
  of: (value: number): Code => [...simd(12), ...[0, 1, 2, 3].flatMap(() => float(value))],
  load: (address: Code, offset = 0): Code => [...address, ...simd(0), ...at(offset)],
  /** One float from memory, four times. */
  loadSplat: (address: Code): Code => [...address, ...simd(9), ...at(0)],
  store: (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...simd(11), ...at(offset)],
  splat: unary(...simd(19)),
  /** The sum of the four as one float, to memory. */
  storeSum: (address: Code, value: Code): Code => {
    const lane = (index: number): Code => [...value, ...simd(31), index];
    const sum = [...lane(0), ...lane(1), 0x92, ...lane(2), ...lane(3), 0x92, 0x92];
    return [...address, ...sum, 0x38, ...at(0)];
  },
  and: binary(...simd(78)),
  greater: binary(...simd(68)),
  absolute: unary(...simd(224)),
  squareRoot: unary(...simd(227)),
  add: binary(...simd(228)),
  subtract: binary(...simd(229)),
  multiply: binary(...simd(230)),
  divide: binary(...simd(231)),
  greatest: binary(...simd(233)),
};

export interface Local {
  readonly get: Code;
  set(value: Code): Code;
}

/** Do statements, at least once, until the counter is down to 0 or below. */
export const repeat = (counter: Local, step: number, ...body: Code[]): Code => [
  0x03,
  0x40,
  ...body.flat(),
  ...counter.set(i32.add(counter.get, i32.of(-step))),
  ...counter.get,
  ...i32.of(0),
  0x4a,
  0x0d,
  0,
  0x0b,
];

/** Move an address on. */
export const advance = (address: Local, by: Code): Code => address.set(i32.add(address.get, by));

/** A function without result that is being written; parameters first, then locals. */
export class Routine {
  readonly #kinds: Kind[] = [];
  #parameters = 0;
  #body: Code = [];

  /** Whole numbers, unless their name begins with `float`. */
  parameters<const Name extends string>(...names: Name[]): Readonly<Record<Name, Local>> {
    this.#parameters = names.length;
    return this.#named(names, (name) => (name.startsWith('float') ? 'f32' : 'i32'));
  }

  locals<const Name extends string>(kind: Kind, ...names: Name[]): Readonly<Record<Name, Local>> {
    return this.#named(names, () => kind);
  }

  /** Unnamed ones. */
  several(kind: Kind, count: number): Local[] {
    return Array.from({ length: count }, () => this.#add(kind));
  }

  #named<Name extends string>(names: readonly Name[], kind: (name: Name) => Kind): Record<Name, Local> {
    return Object.fromEntries(names.map((name) => [name, this.#add(kind(name))])) as Record<Name, Local>;
  }

  #add(kind: Kind): Local {
    const index = unsigned(this.#kinds.push(kind) - 1);
    return { get: [0x20, ...index], set: (value) => [...value, 0x21, ...index] };
  }

  does(...body: Code[]): this {
    this.#body = body.flat();
    return this;
  }

  type(): number[] {
    return [0x60, ...list(this.#kinds.slice(0, this.#parameters).map((kind) => [kinds[kind]])), 0];
  }

  code(): number[] {
    const locals = this.#kinds.slice(this.#parameters).map((kind) => [1, kinds[kind]]);
    return sized([...list(locals), ...this.#body, 0x0b]);
  }
}

const list = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: Code): number[] => [...unsigned(bytes.length), ...bytes];
const named = (name: string): number[] => sized([...name].map((character) => character.charCodeAt(0)));

/**
 * The bytes of a module that imports its memory as `host.memory` and exports the routines by name (ASCII).
 * https://webassembly.github.io/spec/core/binary/
 */
export function assemble(routines: Readonly<Record<string, Routine>>): Uint8Array<ArrayBuffer> {
  const all = Object.entries(routines);
  const section = (id: number, items: readonly Code[]): number[] => [id, ...sized(list(items))];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      all.map(([, routine]) => routine.type()),
    ),
    ...section(2, [[...named('host'), ...named('memory'), 2, 0, 1]]),
    ...section(
      3,
      all.map((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      all.map(([name], index) => [...named(name), 0, ...unsigned(index)]),
    ),
    ...section(
      10,
      all.map(([, routine]) => routine.code()),
    ),
  ]);
}
