/** How many neighbours on either side tell how closely an address is surrounded. */
const around = 8;

/**
 * Where the addresses of all entities lie, as a sorted sample without repeats: between two addresses of the sample lie
 * about equally many, so places in it measure distance by how inhabited the land between is.
 */
export class Landscape {
  readonly sample: Float64Array;

  /** From addresses as numbers, ascending, each once. */
  constructor(sample: Float64Array) {
    this.sample = sample;
  }

  /** The place of an address; half-way for one of the sample itself. Found faster from a place that is near. */
  place(key: number, near?: number): number {
    const { sample } = this;
    let least = Math.floor(near ?? 0);
    let most = near === undefined ? sample.length : least;
    for (let step = 1; least > 0 && sample[least - 1]! >= key; step *= 2) {
      most = least - 1;
      least = Math.max(0, least - step);
    }
    for (let step = 1; most < sample.length && sample[most]! < key; step *= 2) {
      least = most + 1;
      most = Math.min(sample.length, most + step);
    }
    while (least < most) {
      const middle = (least + most) >>> 1;
      if (sample[middle]! < key) least = middle + 1;
      else most = middle;
    }
    return sample[least] === key ? least + 0.5 : least;
  }

  /** The address of the sample so many before a place, or after it for a negative number; the first or last beyond the ends. */
  before(place: number, steps: number): number {
    const { sample } = this;
    const at = steps > 0 ? Math.ceil(place) - 1 - steps : Math.floor(place + 0.5) - steps;
    return sample[Math.max(0, Math.min(sample.length - 1, at))] ?? 0;
  }

  /** How wide a stretch holds the closest few of the sample; the wider, the emptier the land. */
  width(place: number): number {
    return this.before(place, -around) - this.before(place, around);
  }
}
