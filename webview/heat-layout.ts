/** Where the parts of a heat map stand, in CSS pixels, and which cell is where. */
import { niceStep } from './axis';
import type { Figure, FigureAxis } from '../src/protocol/report';
import { formatNumber } from './format-number';

export type HeatMap = Extract<Figure, { readonly kind: 'heat-map' }>;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface HeatLayout {
  /** Height of the whole drawing. */
  readonly height: number;
  readonly plot: Box;
  readonly bar: Box;
}

/** Row and column, from 0. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** The title of the rows and their labels, which are usually short numbers. */
const LEFT = { title: 26, labels: 32, most: 120 } as const;
const TOP = 10;
const BOTTOM = 46;
/** From the plot to the colour bar, the bar, and its labels with the title. */
const BAR = { gap: 16, width: 16, labels: 88 } as const;
const LOWEST = 150;
const HIGHEST = 400;

/** Cells are squares where that leaves room for both sides, else they are stretched. `labels`: pixels that the names of the rows take. */
export function heatLayout(width: number, rows: number, columns: number, labels = 0): HeatLayout {
  const left = LEFT.title + Math.min(Math.max(LEFT.labels, Math.ceil(labels)), LEFT.most, Math.max(LEFT.labels, width / 4));
  const room = Math.max(80, width - left - BAR.gap - BAR.width - BAR.labels);
  let plotWidth = room;
  let plotHeight = Math.min(HIGHEST, (room * rows) / columns);
  if (plotHeight === HIGHEST) plotWidth = Math.min(room, Math.max((HIGHEST * columns) / rows, Math.min(LOWEST, room)));
  plotHeight = Math.max(plotHeight, LOWEST);
  const plot = { left, top: TOP, width: Math.round(plotWidth), height: Math.round(plotHeight) };
  return {
    height: TOP + plot.height + BOTTOM,
    plot,
    bar: { left: plot.left + plot.width + BAR.gap, top: plot.top, width: BAR.width, height: plot.height },
  };
}

/** The cell under a place; null beside the plot. */
export function cellAt({ plot }: HeatLayout, { rows, columns }: HeatMap, x: number, y: number): Cell | null {
  const column = Math.floor(((x - plot.left) / plot.width) * columns);
  const row = Math.floor(((y - plot.top) / plot.height) * rows);
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null;
}

export function cellBox({ plot }: HeatLayout, { rows, columns }: HeatMap, { row, column }: Cell): Box {
  const [width, height] = [plot.width / columns, plot.height / rows];
  return { left: plot.left + column * width, top: plot.top + row * height, width, height };
}

/** What a row or column is called: what stands there, else its number from 1. */
export function nameAt({ ticks }: FigureAxis, index: number): string {
  return ticks?.[index] || formatNumber(index + 1);
}

/** "depth = 3" of a named row, "row i 3" of a counted one. */
export function placeText(axis: FigureAxis, index: number, otherwise: string): string {
  return `${axis.label || otherwise}${axis.ticks?.[index] ? ' =' : ''} ${nameAt(axis, index)}`;
}

/** Numbers of rows or columns, from 1, worth a label: about `wanted`, at even distances. */
export function countTicks(count: number, wanted: number): readonly number[] {
  const step = Math.max(1, niceStep(count / Math.max(1, wanted)));
  const ticks: number[] = step > 2 ? [1] : [];
  for (let tick = step > 2 ? step : 1; tick <= count; tick += step) ticks.push(tick);
  return ticks;
}

/** Where a key takes the cursor; null when it is no key of ours. The first one shows it at the first cell. */
export function walk(from: Cell | null, key: string, far: boolean, control: boolean, { rows, columns }: HeatMap): Cell | null {
  const stride = far ? 10 : 1;
  const moves: Readonly<Record<string, (cell: Cell) => Cell>> = {
    ArrowLeft: ({ row, column }) => ({ row, column: column - stride }),
    ArrowRight: ({ row, column }) => ({ row, column: column + stride }),
    ArrowUp: ({ row, column }) => ({ row: row - stride, column }),
    ArrowDown: ({ row, column }) => ({ row: row + stride, column }),
    PageUp: ({ row, column }) => ({ row: row - 10, column }),
    PageDown: ({ row, column }) => ({ row: row + 10, column }),
    Home: ({ row }) => ({ row: control ? 0 : row, column: 0 }),
    End: ({ row }) => ({ row: control ? rows - 1 : row, column: columns - 1 }),
  };
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (move === undefined) return null;
  if (from === null) return { row: 0, column: 0 };
  const { row, column } = move(from);
  return { row: Math.min(rows - 1, Math.max(0, row)), column: Math.min(columns - 1, Math.max(0, column)) };
}
