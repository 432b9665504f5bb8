// Which row a key leads to.
const MOVES = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'] as const;

export type Move = (typeof MOVES)[number];

export function isMove(key: string): key is Move {
  return MOVES.some((move) => move === key);
}

/** `page` is how many rows are in sight. */
export function moved(move: Move, from: number, total: number, page: number): number {
  const to = {
    ArrowUp: from - 1,
    ArrowDown: from + 1,
    PageUp: from - page,
    PageDown: from + page,
    Home: 0,
    End: total - 1,
  }[move];
  return Math.max(0, Math.min(total - 1, to));
}
