// Which tile a key leads to.
const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'] as const;

export type Move = (typeof MOVES)[number];

export function isMove(key: string): key is Move {
  return MOVES.some((move) => move === key);
}

export interface Layout {
  total: number;
  columns: number;
  /** How many rows are in sight. */
  page: number;
  rightToLeft: boolean;
}

export function moved(move: Move, from: number, { total, columns, page, rightToLeft }: Layout): number {
  const forward = rightToLeft ? -1 : 1;
  const last = total - 1;
  // Up and down stay in their column: at the edges they lead nowhere, but down reaches a shorter last row.
  const up = (rows: number) => Math.max(from % columns, from - rows * columns);
  const down = (rows: number) => {
    const onLastRow = Math.floor(from / columns) === Math.floor(last / columns);
    return onLastRow ? from : Math.min(last, from + rows * columns);
  };
  const to = {
    ArrowLeft: from - forward,
    ArrowRight: from + forward,
    ArrowUp: up(1),
    ArrowDown: down(1),
    PageUp: up(page),
    PageDown: down(page),
    Home: 0,
    End: last,
  }[move];
  return Math.max(0, Math.min(last, to));
}
