const day = 86_400_000;

/**
 * The time of a stream, which one record dated far ahead must not move: a leap of more than a day counts once the next
 * record confirms it. Takes epoch milliseconds of each record in turn, and gives the time to believe.
 */
export function steadyClock(): (time: number) => number {
  let now = Number.NaN;
  let leap = Number.NaN;
  return (time) => {
    if (Number.isNaN(now) || time <= now + day) {
      now = Number.isNaN(now) ? time : Math.max(now, time);
      leap = Number.NaN;
      return now;
    }
    if (time >= leap - day) now = Math.min(time, leap);
    leap = time;
    return now;
  };
}
