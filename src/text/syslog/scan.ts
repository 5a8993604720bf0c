/** Character codes that headers and messages turn on. */
export const space = 32;
export const colon = 58;
export const openBracket = 91;
export const closeBracket = 93;

export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** Two digits as a number, -1 when they are none. */
export function pair(codes: Uint8Array, at: number): number {
  const tens = (codes[at] as number) - 48;
  const ones = (codes[at + 1] as number) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Four digits as a number, -1 when they are none. */
export function fourDigits(codes: Uint8Array, at: number): number {
  const high = pair(codes, at);
  const low = pair(codes, at + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/** `HH:MM:SS` as milliseconds, -1 when it is none. 60 is a leap second; it becomes the next minute's first. */
export function timeOfDay(codes: Uint8Array, at: number): number {
  if (codes[at + 2] !== colon || codes[at + 5] !== colon) return -1;
  const hour = pair(codes, at);
  const minute = pair(codes, at + 3);
  const second = pair(codes, at + 6);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return -1;
  return ((hour * 60 + minute) * 60 + second) * 1000;
}

/** The number of a month's first three letters, 0 when they are none; case does not matter. */
export function monthOf(codes: Uint8Array, at: number): number {
  const letters =
    ((codes[at] as number) << 16) | ((codes[at + 1] as number) << 8) | (codes[at + 2] as number) | 0x202020;
  switch (letters) {
    case 0x6a616e:
      return 1;
    case 0x666562:
      return 2;
    case 0x6d6172:
      return 3;
    case 0x617072:
      return 4;
    case 0x6d6179:
      return 5;
    case 0x6a756e:
      return 6;
    case 0x6a756c:
      return 7;
    case 0x617567:
      return 8;
    case 0x736570:
      return 9;
    case 0x6f6374:
      return 10;
    case 0x6e6f76:
      return 11;
    case 0x646563:
      return 12;
    default:
      return 0;
  }
}

/** The first place from `at` that is no space. */
export function skipSpaces(codes: Uint8Array, at: number): number {
  let next = at;
  while (codes[next] === space) next++;
  return next;
}

/** The end of the word that begins at `at`. */
export function wordEnd(codes: Uint8Array, at: number, end: number): number {
  let next = at;
  while (next < end && codes[next] !== space) next++;
  return next;
}

/** At most nine digits from `at` as a number, -1 when there is none there or there are more. */
export function wholeNumber(codes: Uint8Array, at: number, end: number): number {
  let value = 0;
  let next = at;
  while (next < end && isDigit(codes[next] as number)) {
    value = value * 10 + (codes[next] as number) - 48;
    next++;
  }
  return next === at || next - at > 9 ? -1 : value;
}

/** Whether ` from ` stands at `at`. */
export const isFrom = (codes: Uint8Array, at: number): boolean =>
  codes[at] === 32 &&
  codes[at + 1] === 102 &&
  codes[at + 2] === 114 &&
  codes[at + 3] === 111 &&
  codes[at + 4] === 109 &&
  codes[at + 5] === 32;

/** Whether ` port ` stands at `at`. */
export const isPort = (codes: Uint8Array, at: number): boolean =>
  codes[at] === 32 &&
  codes[at + 1] === 112 &&
  codes[at + 2] === 111 &&
  codes[at + 3] === 114 &&
  codes[at + 4] === 116 &&
  codes[at + 5] === 32;
