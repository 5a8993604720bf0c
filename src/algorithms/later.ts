/** A clock that is now so far behind what it said before was wrong before, in milliseconds. */
const wrong = 2 * 86_400_000;

/** The later of two times, unless the later one must have been wrong. */
export const later = (known: number, time: number): number => (time > known || time < known - wrong ? time : known);
