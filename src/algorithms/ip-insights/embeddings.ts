import type { Random } from '../random.ts';
import { moments, negligible } from './kernels/adam.ts';
import { widthOf } from './shape.ts';

/** Vectors of entities while they are learnt; only those of a batch take a step, as Amazon's do. */
export class Embeddings {
  readonly vectors: Float32Array;
  readonly #width: number;
  readonly #means: Float32Array;
  readonly #squares: Float32Array;

  constructor(entities: number, dim: number, random: Random) {
    this.#width = widthOf(dim);
    this.vectors = new Float32Array(entities * this.#width);
    this.#means = new Float32Array(entities * this.#width);
    this.#squares = new Float32Array(entities * this.#width);
    const most = Math.sqrt(3 / dim);
    for (let entity = 0; entity < entities; entity++)
      for (let i = 0; i < dim; i++) this.vectors[entity * this.#width + i] = most * (2 * random.next() - 1);
  }

  copy(entity: number, to: Float32Array, slot: number): void {
    const from = entity * this.#width;
    const end = from + this.#width;
    for (let i = from, j = slot * this.#width; i < end; i++, j++) to[j] = this.vectors[i]!;
  }

  /** A step of Adam for some entities, whose gradients follow one another. */
  step(entities: readonly number[], gradients: Float32Array, rate: number, decay: number): void {
    const { vectors } = this;
    const [means, squares, width] = [this.#means, this.#squares, this.#width];
    let slot = 0;
    for (const entity of entities) {
      const end = (entity + 1) * width;
      for (let i = entity * width; i < end; i++) {
        const gradient = gradients[slot++]! + decay * vectors[i]!;
        const mean = moments.mean * means[i]! + (1 - moments.mean) * gradient;
        const square = moments.square * squares[i]! + (1 - moments.square) * gradient * gradient;
        means[i] = Math.abs(mean) > negligible ? mean : 0;
        squares[i] = square > negligible ** 2 ? square : 0;
        vectors[i]! -= (rate * mean) / (Math.sqrt(square) + moments.least);
      }
    }
  }
}
