/** From the series of a figure to what its chart draws: places on the axes, gaps that are counted, and no more points than can be seen. */
import type { Figure, FigureSeries } from '../src/protocol/report';
import { axisOf, namedAxis, wholeTicks, widen, type Axis, type Range } from './axis';
import type { Undrawable } from './series';

export type ChartFigure = Extract<Figure, { readonly kind: 'chart' }>;

/** A series in drawing units (log₁₀ on a logarithmic axis); NaN where a point has no place. */
export interface PlacedSeries {
  readonly style: FigureSeries['style'];
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** x never falls: the line runs from left to right. */
  readonly ascending: boolean;
}

export interface PlacedFigure {
  readonly series: readonly PlacedSeries[];
  readonly undrawable: Undrawable;
}

export function placed({ series, x, y }: ChartFigure): PlacedFigure {
  let notFinite = 0;
  let notPositive = 0;
  const place = (value: number, log: boolean): number => {
    if (!Number.isFinite(value)) return Number.NaN;
    return log ? (value > 0 ? Math.log10(value) : Number.NaN) : value;
  };
  const all = series.map((one): PlacedSeries => {
    const at = { x: new Float64Array(one.x.length), y: new Float64Array(one.x.length) };
    let ascending = true;
    let last = -Infinity;
    for (let index = 0; index < one.x.length; index += 1) {
      at.x[index] = place(one.x[index], x.scale === 'log');
      at.y[index] = place(one.y[index], y.scale === 'log');
      if (at.x[index] < last) ascending = false;
      if (!Number.isNaN(at.x[index])) last = at.x[index];
      if (!Number.isNaN(at.x[index]) && !Number.isNaN(at.y[index])) continue;
      if (one.pieces === true && Number.isNaN(one.x[index])) continue;
      if (Number.isFinite(one.x[index]) && Number.isFinite(one.y[index])) notPositive += 1;
      else notFinite += 1;
    }
    return { style: one.style, ...at, ascending };
  });
  return { series: all, undrawable: { notFinite, notPositive } };
}

export interface FigureAxes {
  readonly x: Axis;
  readonly y: Axis;
}

/** The axes that show the series with room for bars at both ends and, on linear axes, with the zero from which bars rise. */
export function figureAxes(figure: ChartFigure, shown: readonly PlacedSeries[], { width, height }: Area): FigureAxes {
  let [xRange, yRange] = [null, null] as [Range | null, Range | null];
  for (const { x, y, style } of shown) {
    for (let index = 0; index < x.length; index += 1) {
      if (Number.isNaN(x[index]) || Number.isNaN(y[index])) continue;
      if (!inside(xRange, x[index])) xRange = widen(xRange, x[index]);
      if (!inside(yRange, y[index])) yRange = widen(yRange, y[index]);
    }
    if (style === 'bars' && figure.y.scale === 'linear') yRange = widen(yRange, 0);
  }
  // A sweep keeps the room of what is still to come.
  if (figure.behind !== undefined)
    for (const at of shown.at(0)?.x ?? []) if (!Number.isNaN(at) && !inside(xRange, at)) xRange = widen(xRange, at);
  const ends = barEnds(shown.filter(({ style }) => style === 'bars'));
  const points = shown.some(({ style }) => isCloud(style));
  if (xRange !== null && ends !== null) xRange = { min: Math.min(xRange.min, ends.first), max: Math.max(xRange.max, ends.last) };
  const wanted = Math.max(2, Math.min(8, Math.floor(width / 75)));
  if (figure.sameUnits === true && xRange !== null && yRange !== null) {
    const [across, up] = toOneScale(xRange, yRange, width, height);
    return { x: axisOf(across, false, wanted, true), y: axisOf(up, false, 6, true) };
  }
  // A line may end at the frame; half a marker would be cut off there.
  const xAxis = axisOf(xRange, figure.x.scale === 'log', wanted, !points);
  const { ticks } = figure.x;
  return {
    x: ticks !== undefined ? namedAxis(ticks, width) : onlyWhole(figure) ? wholeTicks(xAxis, figure.x.scale === 'log') : xAxis,
    y: axisOf(yRange, figure.y.scale === 'log', 6),
  };
}

/** Room around markers, as a share of the range. */
const SAME_UNITS_ROOM = 0.06;

/** Both ranges, the one with room to spare widened so that a unit takes as many pixels across as up. */
function toOneScale(x: Range, y: Range, width: number, height: number): readonly [Range, Range] {
  const scale = Math.max((x.max - x.min) / width, (y.max - y.min) / height) * (1 + SAME_UNITS_ROOM);
  const around = ({ min, max }: Range, size: number): Range => {
    const middle = min / 2 + max / 2;
    return { min: middle - (scale * size) / 2, max: middle + (scale * size) / 2 };
  };
  return [around(x, width), around(y, height)];
}

function inside(range: Range | null, value: number): boolean {
  return range !== null && value >= range.min && value <= range.max;
}

/** Counts have no halves: an axis of whole numbers is labelled with whole numbers. */
function onlyWhole({ series }: ChartFigure): boolean {
  return series.every(({ x }) => x.every((value) => !Number.isFinite(value) || Number.isInteger(value)));
}

/** Outer edges of the first and last bar, half way to where the next would stand; null without bars. */
function barEnds(bars: readonly PlacedSeries[]): { readonly first: number; readonly last: number } | null {
  const at = Float64Array.from(new Set(bars.flatMap(({ x }) => Array.from(x).filter((value) => !Number.isNaN(value))))).sort();
  if (at.length === 0) return null;
  const [first, last] = [at[0], at[at.length - 1]];
  if (at.length === 1) return { first: first - 1, last: last + 1 };
  return { first: first - (at[1] - first) / 2, last: last + (last - at[at.length - 2]) / 2 };
}

/** Points that no line joins. */
function isCloud(style: FigureSeries['style']): boolean {
  return style === 'points' || style === 'rings';
}

/** How many points the series of a kind draw together at most: what a redraw has time for, and the eye too. */
const DRAWN = { line: 6000, points: 4000, bars: 2000, rings: 1000 } as const;

/** So many points are a crowd: the lines run above it. */
const CROWD = 400;

/** Whether a series is drawn below the lines that stand beside it. */
export function isCrowd(kind: 'line' | 'points' | 'bars', points: number): boolean {
  return kind === 'points' && points > CROWD;
}

/** Points that each visible series may draw. */
export function pointLimit(style: FigureSeries['style'], visible: readonly PlacedSeries[]): number {
  return Math.max(50, Math.floor(DRAWN[style] / Math.max(1, visible.filter((one) => one.style === style).length)));
}

export interface Area {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface Thinned {
  /** Indices of the points that are drawn, in the order of drawing. */
  readonly index: readonly number[];
  /** Points that stand for others are among them. */
  readonly thinned: boolean;
}

/**
 * The points of a series worth drawing, at most `limit` and a few gaps. Left to right, each column of pixels keeps its lowest
 * and highest value; a line that turns back, or a cloud, keeps one point a pixel.
 */
export function thin(series: PlacedSeries, axes: FigureAxes, area: Area, limit: number): Thinned {
  const { x, y, style, ascending } = series;
  if (x.length <= limit) return { index: Array.from(x.keys()), thinned: false };
  if (!isCloud(style) && ascending)
    return { index: extremes(series, axes.x, Math.max(1, Math.min(area.width, limit >> 1))), thinned: true };
  let cell = isCloud(style) ? 1.5 : 0.75;
  for (;;) {
    const kept = isCloud(style) ? cloud(x, y, axes, area, cell) : path(x, y, axes, area, cell);
    if (kept.length <= limit) return { index: kept, thinned: true };
    cell *= 1.5;
  }
}

function extremes({ x, y }: PlacedSeries, axis: Axis, columns: number): readonly number[] {
  const kept: number[] = [];
  let column = -1;
  let low = -1;
  let high = -1;
  const flush = (): void => {
    if (low >= 0) kept.push(...(low === high ? [low] : low < high ? [low, high] : [high, low]));
    low = high = -1;
  };
  for (let index = 0; index < x.length; index += 1) {
    if (Number.isNaN(x[index]) || Number.isNaN(y[index])) {
      flush();
      // One gap says as much as many.
      const last = kept.at(-1);
      if (last !== undefined && !Number.isNaN(x[last]) && !Number.isNaN(y[last])) kept.push(index);
      continue;
    }
    const own = Math.floor(((x[index] - axis.min) / (axis.max - axis.min)) * columns);
    if (own !== column) flush();
    column = own;
    if (low < 0 || y[index] < y[low]) low = index;
    if (high < 0 || y[index] > y[high]) high = index;
  }
  flush();
  return kept;
}

function pixels(axis: Axis, size: number): (value: number) => number {
  const scale = size / (axis.max - axis.min);
  return (value) => (value - axis.min) * scale;
}

function cloud(x: Float64Array, y: Float64Array, axes: FigureAxes, { width, height }: Area, cell: number): readonly number[] {
  const [toX, toY] = [pixels(axes.x, width), pixels(axes.y, height)];
  const columns = Math.ceil(width / cell) + 1;
  const taken = new Set<number>();
  const kept: number[] = [];
  for (let index = 0; index < x.length; index += 1) {
    if (Number.isNaN(x[index]) || Number.isNaN(y[index])) continue;
    const key = Math.floor(toY(y[index]) / cell) * columns + Math.floor(toX(x[index]) / cell);
    if (taken.has(key)) continue;
    taken.add(key);
    kept.push(index);
  }
  return kept;
}

function path(x: Float64Array, y: Float64Array, axes: FigureAxes, { width, height }: Area, cell: number): readonly number[] {
  const [toX, toY] = [pixels(axes.x, width), pixels(axes.y, height)];
  const kept: number[] = [];
  let last = -1;
  let gap = false;
  for (let index = 0; index < x.length; index += 1) {
    if (Number.isNaN(x[index]) || Number.isNaN(y[index])) {
      if (!gap && last >= 0) kept.push(index);
      gap = true;
      continue;
    }
    const far = last < 0 || gap || index === x.length - 1 || Math.hypot(toX(x[index]) - toX(x[last]), toY(y[index]) - toY(y[last])) >= cell;
    if (!far) continue;
    kept.push(index);
    last = index;
    gap = false;
  }
  return kept;
}
