/** From the columns of a run to what a chart draws. Nothing is invented: what cannot be drawn is a gap and is counted. */
import { MEASURE_GROUPS, MEASURES, type MeasureGroup, type MeasureInfo, type MeasureName } from '../src/protocol/measures';
import { widen, type Range } from './axis';
import { formatFromLog10, formatNumber } from './format-number';
import type { Curves } from './live-buffer';

/** A run whose curves are overlaid. The first one is the shown run. */
export interface PlottedRun {
  readonly title: string;
  readonly curves: Curves;
}

/** Measures that share a chart. */
export interface ChartPlan {
  /** Stable name, also the key of the remembered vertical scale: "loss.log". */
  readonly key: string;
  readonly title: string;
  readonly measures: readonly string[];
  /** Columns that are shown in the table beside the drawn ones. */
  readonly extraColumns: readonly string[];
  readonly log: boolean;
}

/** One line. `x` and `y` are in drawing units (log₁₀ on a logarithmic axis); y is NaN where there is a gap. */
export interface Line {
  readonly run: number;
  readonly measure: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** The row of the run's curves behind each point. */
  readonly row: Int32Array;
}

export interface Horizontal {
  readonly name: string;
  readonly log: boolean;
}

/** What a reader should hear of. */
export interface Undrawable {
  /** NaN or infinite. */
  readonly notFinite: number;
  /** Zero or negative on a logarithmic axis. */
  readonly notPositive: number;
}

export interface Lines {
  readonly lines: readonly Line[];
  readonly xRange: Range | null;
  readonly yRange: Range | null;
  /** Points that are gaps, of each measure that has any; the start alone, which often has no logarithm or no direction yet, is left out silently. */
  readonly undrawable: ReadonlyMap<string, Undrawable>;
  /** Rows of the runs without a place on the horizontal axis. */
  readonly unplaced: Undrawable;
}

/** Columns without an entry in the catalogue of measures share a chart; groups of a later version stand before it. */
const OTHER = 'other';
const GROUP_ORDER: readonly string[] = Object.keys(MEASURE_GROUPS);

/** "Agreement with the prediction" of "agreement"; a group of a later version by its own name: "spikes-of-loss" → "Spikes of loss". */
export function groupTitle(group: string): string {
  if (Object.hasOwn(MEASURE_GROUPS, group)) return MEASURE_GROUPS[group as MeasureGroup].title;
  if (group === OTHER) return 'Other measures';
  const words = group
    .replace(/([a-z0-9])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`)
    .replace(/[-_.\s]+/g, ' ')
    .trim();
  return words === '' ? 'Other measures' : words.charAt(0).toUpperCase() + words.slice(1);
}

function groupPosition(group: string): number {
  const position = GROUP_ORDER.indexOf(group);
  if (position >= 0) return position;
  return GROUP_ORDER.length + (group === OTHER ? 1 : 0);
}

/** ln of a measure recorded under another name: exact where the measure itself underflows or overflows. */
const LOGARITHM_OF: Readonly<Record<string, string>> = { loss: 'logLoss', time: 'logTime' };

/** The words of a measure; a column of a later version is shown under its own name. */
export function measureInfo(name: string): Omit<MeasureInfo, 'group'> & { readonly group: string } {
  if (Object.hasOwn(MEASURES, name)) return MEASURES[name as MeasureName];
  return { title: name, symbol: name, description: '', scale: 'linear', group: OTHER };
}

/** " in rad" of the angle; the other measures are numbers without a unit. */
export function unitOf(name: string): string {
  return name === 'angle' ? ' in rad' : '';
}

/** "Loss ℒ": words and symbol, the symbol only where it says more. */
export function measureLabel(name: string): string {
  const { title, symbol } = measureInfo(name);
  return (symbol === title ? title : `${title} ${symbol}`) + unitOf(name);
}

/** Horizontal axes among the columns, in the order of the catalogue of measures. */
export function horizontalAxes(names: readonly string[]): readonly string[] {
  return Object.keys(MEASURES).filter((name) => measureInfo(name).group === 'axis' && names.includes(name));
}

/**
 * The axis a reader expects at first: time on its usual scale, else steps. Where time overflows, ln t on a logarithmic
 * scale: there the 1/ln t law of the direction is a straight line, and nothing else of such a run would be seen.
 */
export function defaultHorizontal(curves: Curves): Horizontal {
  const axes = horizontalAxes(curves.names);
  if (axes.includes('logTime') && overflows(curves)) return { name: 'logTime', log: true };
  const name = ['time', 'logTime', 'step'].find((candidate) => axes.includes(candidate)) ?? axes[0] ?? 'step';
  return { name, log: measureInfo(name).scale === 'log' };
}

/** Whether any row has a place on the axis. */
export function hasPlace(curves: Curves, { name, log }: Horizontal): boolean {
  for (let row = 0; row < curves.rows; row += 1) if (!Number.isNaN(drawingValue(curves, name, row, log))) return true;
  return false;
}

function overflows(curves: Curves): boolean {
  const time = curves.column('time');
  return time !== null && time.subarray(0, curves.rows).includes(Infinity);
}

/** Whether all finite values of these measures have a logarithm. */
export function isPositive(runs: readonly PlottedRun[], measures: readonly string[]): boolean {
  return runs.every(({ curves }) =>
    measures.every(
      (name) =>
        curves
          .column(name)
          ?.subarray(0, curves.rows)
          .every((value) => value > 0 || !Number.isFinite(value)) ?? true,
    ),
  );
}

/** The charts that the columns ask for, one for each group and usual scale. */
export function planCharts(names: readonly string[]): readonly ChartPlan[] {
  const plans = new Map<string, { title: string; measures: string[]; extraColumns: string[]; log: boolean }>();
  for (const name of names) {
    const { group, scale } = measureInfo(name);
    if (group === 'axis') continue;
    // ln ℒ on a linear axis is the same picture as ℒ on a logarithmic one: it sharpens that chart instead of a second one.
    if (name === 'logLoss' && names.includes('loss')) continue;
    const key = `${group}.${scale}`;
    const plan = plans.get(key) ?? { title: groupTitle(group), measures: [], extraColumns: [], log: scale === 'log' };
    plan.measures.push(name);
    const logarithm = LOGARITHM_OF[name];
    if (logarithm !== undefined && names.includes(logarithm)) plan.extraColumns.push(logarithm);
    plans.set(key, plan);
  }
  const order = (key: string): number => groupPosition(key.slice(0, key.lastIndexOf('.')));
  return [...plans]
    .sort(([left], [right]) => order(left) - order(right))
    .map(([key, plan]) => {
      const siblings = [...plans].filter(([other]) => other !== key && other.split('.')[0] === key.split('.')[0]);
      // Of two charts of a group the larger one has its title.
      const first = siblings.every(([, { measures }]) => measures.length < plan.measures.length);
      return { ...plan, key, title: first ? plan.title : titleOf(plan.measures) };
    });
}

/** "Training error and test error". */
function titleOf(measures: readonly string[]): string {
  const titles = measures.map((name) => measureInfo(name).title);
  const others = titles.slice(1).map((title) => title.charAt(0).toLowerCase() + title.slice(1));
  return others.length === 0 ? titles[0] : `${[titles[0], ...others.slice(0, -1)].join(', ')} and ${others[others.length - 1]}`;
}

/** The value of a column in drawing units, by its logarithm where that is recorded. NaN where it cannot be drawn. */
export function drawingValue(curves: Curves, name: string, row: number, log: boolean): number {
  const column = curves.column(name);
  if (column === null) return Number.NaN;
  const value = column[row];
  if (!log) return Number.isFinite(value) ? value : Number.NaN;
  if (value > 1e-300 && value < 1e300) return Math.log10(value);
  const exact = LOGARITHM_OF[name] === undefined ? null : curves.column(LOGARITHM_OF[name]);
  if (exact !== null && Number.isFinite(exact[row]) && !(value < 0)) return exact[row] / Math.LN10;
  return value > 0 && Number.isFinite(value) ? Math.log10(value) : Number.NaN;
}

/** The value at a row as text, by its logarithm where the value itself leaves double precision. */
export function valueText(curves: Curves, name: string, row: number): string {
  const column = curves.column(name);
  if (column === null) return '';
  const value = column[row];
  if (value === 0 || value === Infinity || (Math.abs(value) < 1e-300 && value > 0)) {
    const logarithm = drawingValue(curves, name, row, true);
    if (Number.isFinite(logarithm)) return formatFromLog10(logarithm);
  }
  return formatNumber(value);
}

/** The lines of a chart for all runs, with what could not be drawn. */
export function linesOf(runs: readonly PlottedRun[], measures: readonly string[], horizontal: Horizontal, log: boolean): Lines {
  const lines: Line[] = [];
  let xRange: Range | null = null;
  let yRange: Range | null = null;
  const gaps = new Map(measures.map((measure) => [measure, { notFinite: 0, notPositive: 0, atStart: 0 }]));
  const unplaced = { notFinite: 0, notPositive: 0 };
  runs.forEach(({ curves }, run) => {
    const abscissa = abscissaOf(curves, horizontal);
    xRange = widenBy(xRange, abscissa.x);
    unplaced.notFinite += abscissa.notFinite;
    unplaced.notPositive += abscissa.notPositive;
    for (const measure of measures) {
      const column = curves.column(measure);
      const gap = gaps.get(measure);
      if (column === null || gap === undefined) continue;
      const y = new Float64Array(abscissa.row.length);
      for (let index = 0; index < y.length; index += 1) {
        const row = abscissa.row[index];
        y[index] = drawingValue(curves, measure, row, log);
        if (!Number.isNaN(y[index])) continue;
        if (row === 0) gap.atStart += 1;
        if (Number.isFinite(column[row])) gap.notPositive += 1;
        else gap.notFinite += 1;
      }
      yRange = widenBy(yRange, y);
      lines.push({ run, measure, x: abscissa.x, y, row: abscissa.row });
    }
  });
  const undrawable = new Map([...gaps].filter(([, { notFinite, notPositive, atStart }]) => notFinite + notPositive > atStart));
  return { lines, xRange, yRange, undrawable, unplaced };
}

function widenBy(range: Range | null, values: Float64Array): Range | null {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? widen(widen(range, min), max) : range;
}

interface Abscissa extends Undrawable {
  readonly x: Float64Array;
  readonly row: Int32Array;
}

/** A first stretch before the logarithm of the axis goes silently up to this part of the rows: the curves begin where it does. */
const SILENT_START = 1 / 4;

/** Positions along the horizontal axis, ascending; rows without a place on it are left out and counted. */
function abscissaOf(curves: Curves, horizontal: Horizontal): Abscissa {
  const column = curves.column(horizontal.name);
  const x = new Float64Array(curves.rows);
  const row = new Int32Array(curves.rows);
  let length = 0;
  let notFinite = 0;
  let notPositive = 0;
  let early = 0;
  let sorted = true;
  for (let index = 0; index < curves.rows; index += 1) {
    const value = drawingValue(curves, horizontal.name, index, horizontal.log);
    if (Number.isNaN(value)) {
      // t = 0 and ln 0 = −∞ are a start, and so is all with ln t ≤ 0; NaN never is.
      if (length === 0 && column !== null && column[index] <= 0) early += 1;
      if (column !== null && Number.isFinite(column[index])) notPositive += 1;
      else notFinite += 1;
      continue;
    }
    if (length > 0 && value < x[length - 1]) sorted = false;
    x[length] = value;
    row[length] = index;
    length += 1;
  }
  const silent = early === notFinite + notPositive && early <= Math.max(1, SILENT_START * curves.rows);
  const missing = silent ? { notFinite: 0, notPositive: 0 } : { notFinite, notPositive };
  const found = { x: x.subarray(0, length), row: row.subarray(0, length), ...missing };
  if (sorted) return found;
  const order = Array.from(found.x.keys()).sort((left, right) => found.x[left] - found.x[right]);
  return { ...found, x: Float64Array.from(order, (at) => found.x[at]), row: Int32Array.from(order, (at) => found.row[at]) };
}

/** "9 points of “Loss” are not drawn: 3 not finite; 6 not positive, on a logarithmic axis."; empty when all are drawn. */
export function undrawableText({ notFinite, notPositive }: Undrawable, name = ''): string {
  const total = notFinite + notPositive;
  if (total === 0) return '';
  const both = notFinite > 0 && notPositive > 0;
  const reasons = [
    ...(notFinite > 0 ? [`${both ? `${formatNumber(notFinite)} ` : ''}not finite`] : []),
    ...(notPositive > 0 ? [`${both ? `${formatNumber(notPositive)} ` : ''}not positive, on a logarithmic axis`] : []),
  ];
  const points = `${total === 1 ? 'point' : 'points'}${name === '' ? '' : ` of “${name}”`}`;
  return `${formatNumber(total)} ${points} ${total === 1 ? 'is' : 'are'} not drawn: ${reasons.join('; ')}.`;
}

/** The same of a chart of several measures, each by its name. */
export function gapsText(undrawable: Lines['undrawable'], several: boolean): string {
  return [...undrawable].map(([measure, gap]) => undrawableText(gap, several ? measureInfo(measure).title : '')).join(' ');
}

/** The same for rows that the horizontal axis has no place for. */
export function unplacedText({ notFinite, notPositive }: Undrawable, axis: string): string {
  const sentences = [
    ...(notPositive > 0
      ? [
          `${formatNumber(notPositive)} recorded ${notPositive === 1 ? 'row has' : 'rows have'} ${axis} ≤ 0 and no place on its logarithmic axis.`,
        ]
      : []),
    ...(notFinite > 0 ? [`${formatNumber(notFinite)} recorded ${notFinite === 1 ? 'row has' : 'rows have'} no finite ${axis}.`] : []),
  ];
  return sentences.join(' ');
}

/** Index of the point of `x` (ascending) nearest to `at`; −1 when empty. */
export function nearest(x: Float64Array, at: number): number {
  let low = 0;
  let high = x.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (x[middle] < at) low = middle;
    else high = middle;
  }
  return at - x[low] <= x[high] - at ? low : high;
}

/** One sentence for a line: "Loss falls from 0.69 to 10⁻¹² over 200 points". */
export function lineSummary(run: PlottedRun, measure: string): string {
  const { curves } = run;
  const column = curves.column(measure);
  const { title } = measureInfo(measure);
  if (column === null || curves.rows === 0) return `${title}: no points yet`;
  const points = `${formatNumber(curves.rows)} ${curves.rows === 1 ? 'point' : 'points'}`;
  const first = firstDrawable(column, curves.rows);
  if (first < 0) return `${title}: no finite values in ${points}`;
  const last = lastDrawable(column, curves.rows);
  const from = column[first];
  const to = column[last];
  const [fromText, toText] = [valueText(curves, measure, first), valueText(curves, measure, last)];
  if (fromText === toText) return `${title} stays at ${toText} over ${points}`;
  return `${title} ${to < from ? 'falls' : 'rises'} from ${fromText} to ${toText} over ${points}`;
}

function firstDrawable(column: Float64Array, rows: number): number {
  for (let row = 0; row < rows; row += 1) if (Number.isFinite(column[row])) return row;
  return -1;
}

/** Row of the last finite value of a column, −1 when there is none. */
export function lastDrawable(column: Float64Array, rows: number): number {
  for (let row = rows - 1; row >= 0; row -= 1) if (Number.isFinite(column[row])) return row;
  return -1;
}
