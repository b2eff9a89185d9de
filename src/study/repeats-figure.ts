/** Runs that differ in their seeds, drawn over each other: each curve, the median of all and the band between the quartiles. */
import { MEASURES, type MeasureInfo, type MeasureName } from '../protocol/measures';
import type { Figure, FigureSeries, Report } from '../protocol/report';
import { inWords } from '../theory/wording';
import { spreadOf } from './sweep-board';

export interface NamedReport {
  readonly name: string;
  readonly report: Report;
}

/** Places of the band. */
const PLACES = 120;

/** @returns null where no run has a curve of the measure */
export function repeatsFigure(runs: readonly NamedReport[], measure: string): Figure | null {
  const info: Pick<MeasureInfo, 'title' | 'symbol' | 'scale'> = Object.hasOwn(MEASURES, measure)
    ? MEASURES[measure as MeasureName]
    : { title: measure, symbol: measure, scale: 'linear' };
  const curves = runs.flatMap(({ name, report: { trajectory } }) => {
    if (!Object.hasOwn(trajectory, measure) || !Object.hasOwn(trajectory, 'logTime')) return [];
    const { logTime, [measure]: values } = trajectory;
    const kept = Array.from(logTime.keys()).filter((k) => Number.isFinite(logTime[k]) && !Number.isNaN(values[k]));
    return kept.length < 2 ? [] : [{ name, x: kept.map((k) => logTime[k]), y: kept.map((k) => values[k]) }];
  });
  if (curves.length === 0) return null;
  const lines = curves.map((curve): FigureSeries => ({ ...curve, style: 'line' }));
  const ends = curves.map(({ y }) => y[y.length - 1]);
  const { median, lower, upper } = spreadOf(ends);
  const over = `${curves.length} ${curves.length === 1 ? 'run' : 'runs'}`;
  return {
    kind: 'chart',
    id: `repeats-${measure}`,
    title: `${info.title} of ${over}`,
    says: `At the end the median is ${inWords(median, 4)}, the quartiles ${inWords(lower, 4)} and ${inWords(upper, 4)}.`,
    x: { label: 'ln t', scale: 'linear' },
    y: { label: info.symbol, scale: info.scale },
    series: [...(curves.length > 1 ? bandOf(curves) : []), ...lines],
  };
}

interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Where all of the runs are under way. */
function bandOf(curves: readonly Curve[]): readonly FigureSeries[] {
  const from = Math.max(...curves.map(({ x }) => x[0]));
  const to = Math.min(...curves.map(({ x }) => x[x.length - 1]));
  if (!(from < to)) return [];
  const x = Array.from({ length: PLACES }, (_, k) => from + ((to - from) * k) / (PLACES - 1));
  const spreads = x.map((at) => spreadOf(curves.map((curve) => valueAt(curve, at))));
  const line = (name: string, value: (k: number) => number, band?: string): FigureSeries => ({
    name,
    style: 'line',
    x,
    y: x.map((_, k) => value(k)),
    ...(band !== undefined && { band }),
  });
  return [
    line('median', (k) => spreads[k].median),
    line('lower quartile', (k) => spreads[k].lower, 'median'),
    line('upper quartile', (k) => spreads[k].upper, 'median'),
  ];
}

/** Linear between the points of a curve. */
function valueAt({ x, y }: Curve, at: number): number {
  let [low, high] = [0, x.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] <= at) low = middle;
    else high = middle;
  }
  const share = x[high] === x[low] ? 0 : (at - x[low]) / (x[high] - x[low]);
  return share <= 0 ? y[low] : share >= 1 ? y[high] : y[low] + (y[high] - y[low]) * share;
}
