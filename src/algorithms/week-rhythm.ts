const hours = 24;
const weekdays = 7;
const hour = 3_600_000;
/** An event counts for its hour and, less and less, for two hours on either side. */
const kernel = [0.4, 0.2, 0.1];

const within = (value: number, length: number): number => value - length * Math.floor(value / length);
const hourOf = (time: number): number => within(Math.floor(time / hour), hours);
/** 1970-01-01 was a Thursday; 0 is Sunday. */
const weekdayOf = (time: number): number => within(Math.floor(time / (hours * hour)) + 4, weekdays);

/**
 * At which hours of the week something happens, in UTC: how dense hours of the day and days of the week are, both
 * circular and taken as independent, so that some dozens of events say enough. One flat list of numbers.
 */
export class WeekRhythm {
  /** The sum of weights, then by hour, then by weekday. */
  readonly data: number[];

  constructor(data: number[] = new Array(1 + hours + weekdays).fill(0)) {
    if (data.length !== 1 + hours + weekdays) throw new RangeError('The rhythm is cut short.');
    this.data = data;
  }

  get total(): number {
    return this.data[0] as number;
  }

  add(time: number): void {
    const { data } = this;
    const at = hourOf(time);
    (data[0] as number) += 1;
    (data[1 + at] as number) += kernel[0] as number;
    for (let away = 1; away < kernel.length; away++) {
      const weight = kernel[away] as number;
      (data[1 + (at + away < hours ? at + away : at + away - hours)] as number) += weight;
      (data[1 + (at >= away ? at - away : at - away + hours)] as number) += weight;
    }
    (data[1 + hours + weekdayOf(time)] as number) += 1;
  }

  /** Let every weight fade by a factor. */
  fade(factor: number): void {
    for (let i = 0; i < this.data.length; i++) (this.data[i] as number) *= factor;
  }

  /**
   * How many times likelier this hour of the week is than if all were alike; `prior` events of the density of `base`,
   * which is even where there is none, are mixed in.
   */
  density(time: number, prior: number, base?: WeekRhythm): number {
    const at = 1 + hourOf(time);
    const day = 1 + hours + weekdayOf(time);
    const sum = this.total + prior;
    const [byHour, byDay] = [base?.share(at, hours) ?? 1, base?.share(day, weekdays) ?? 1];
    const hourly = ((this.data[at] as number) * hours + prior * byHour) / sum;
    return (hourly * ((this.data[day] as number) * weekdays + prior * byDay)) / sum;
  }

  /** The density of one bin over that of even ones, with as much of even ones as there are bins. */
  share(bin: number, bins: number): number {
    return (((this.data[bin] as number) + 1) * bins) / (this.total + bins);
  }
}
