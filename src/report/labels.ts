/** A ring that wants its number beside it. */
export interface Ring {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Line {
  readonly a: Place;
  readonly b: Place;
}

/** Where a label went: the centre of its text, and where its leader line starts on the ring, when it has one. */
export interface Label {
  readonly x: number;
  readonly y: number;
  readonly leader?: Place;
}

const distances = [1, 5, 12, 20, 30, 42, 56, 72, 90, 110];
const angles = 24;

/**
 * Place one label per ring, in the order given, without overlapping a label, a leader line or, where it can be, a ring:
 * away from the frame's middle first, then all around, then farther out with a leader line. Greedy, as Christensen,
 * Marks and Shieber (1995, doi:10.1145/212332.212334) describe it. `undefined` where no place is free.
 */
export function placeLabels(
  rings: readonly Ring[],
  texts: readonly string[],
  frame: Box,
  size: number,
): (Label | undefined)[] {
  const boxes: Box[] = [];
  const leaders: Line[] = [];
  const free = (box: Box, line: Line | undefined, avoid: readonly Ring[]): boolean =>
    inside(box, frame) &&
    !boxes.some((other) => overlap(box, other) || (line && crosses(line, other))) &&
    !leaders.some((other) => crosses(other, box)) &&
    !avoid.some((ring) => touches(box, ring));
  return texts.map((text, i) => {
    const ring = rings[i] as Ring;
    const half = { width: (text.length * size * 0.64) / 2 + 2, height: size / 2 + 1 };
    for (const avoid of [rings, []]) {
      for (const { x, y, leader } of candidates(ring, half, frame)) {
        const box = { left: x - half.width, right: x + half.width, top: y - half.height, bottom: y + half.height };
        const line = leader && { a: leader, b: { x, y } };
        if (!free(box, line, avoid)) continue;
        boxes.push(box);
        if (line) leaders.push(line);
        return leader ? { x, y, leader } : { x, y };
      }
    }
    return undefined;
  });
}

function* candidates(
  ring: Ring,
  half: { readonly width: number; readonly height: number },
  frame: Box,
): Generator<Label> {
  const outward = Math.atan2(ring.y - (frame.top + frame.bottom) / 2, ring.x - (frame.left + frame.right) / 2);
  for (const distance of distances) {
    for (let turn = 0; turn < angles; turn++) {
      const steps = turn % 2 === 0 ? turn / 2 : -(turn + 1) / 2;
      const angle = outward + (steps * 2 * Math.PI) / angles;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const edge = Math.min(half.width / (Math.abs(cos) || 1e-9), half.height / (Math.abs(sin) || 1e-9));
      const reach = ring.radius + distance + edge;
      const label = { x: ring.x + cos * reach, y: ring.y + sin * reach };
      const leader = { x: ring.x + cos * ring.radius, y: ring.y + sin * ring.radius };
      yield distance > 5 ? { ...label, leader } : label;
    }
  }
}

const inside = (box: Box, frame: Box): boolean =>
  box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;

export const overlap = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

function touches(box: Box, ring: Ring): boolean {
  const dx = ring.x - clamp(ring.x, box.left, box.right);
  const dy = ring.y - clamp(ring.y, box.top, box.bottom);
  return dx * dx + dy * dy < ring.radius * ring.radius;
}

/** Whether the line enters the box. Liang and Barsky (1984), doi:10.1145/357332.357333 */
export function crosses({ a, b }: Line, box: Box): boolean {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  let [from, to] = [0, 1];
  const sides: [number, number][] = [
    [-dx, a.x - box.left],
    [dx, box.right - a.x],
    [-dy, a.y - box.top],
    [dy, box.bottom - a.y],
  ];
  for (const [step, room] of sides) {
    if (step === 0 && room < 0) return false;
    if (step < 0) from = Math.max(from, room / step);
    else if (step > 0) to = Math.min(to, room / step);
  }
  return from < to;
}
