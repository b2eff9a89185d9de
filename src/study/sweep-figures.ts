/** Pictures of a sweep: a line with its quartiles over one axis, a heat map over two. */
import { inWords } from '../numerics/in-words';
import { MEASURES, type MeasureInfo, type MeasureName } from '../protocol/measures';
import type { Figure, FigureAxis, FigureRuns, FigureSeries } from '../protocol/report';
import type { Spread, SweepAxis, SweepCell } from '../protocol/sweep';
import { transitionFigure } from './sweep-transition';

/** Of more than two axes, each further combination of values is a picture of its own; a page shows so many. */
const MOST_PICTURES = 20;

/** Of measures that share a logarithmic axis, what is so much smaller than the largest value is left out: it would take all the room. */
const ROUNDING = 1e-12;

const NOTHING: Spread = { count: 0, mean: Number.NaN, median: Number.NaN, lower: Number.NaN, upper: Number.NaN };

const infoOf = (name: string): MeasureInfo =>
  Object.hasOwn(MEASURES, name)
    ? MEASURES[name as MeasureName]
    : { title: name, symbol: name, description: name, scale: 'linear', group: 'loss' };

const spreadAt = (cell: SweepCell | undefined, name: string): Spread =>
  cell !== undefined && Object.hasOwn(cell.measures, name) ? cell.measures[name] : NOTHING;

/** What is drawn: all of a sweep, or as much of it as is known. */
export interface DrawnSweep {
  readonly axes: readonly SweepAxis[];
  /** In the order of the grid: the last axis varies first. */
  readonly cells: readonly SweepCell[];
  readonly repeat: number;
  readonly seed: number;
  /** A letter of `RUN_LETTERS` for each run, in the order of their numbers. */
  readonly states: string;
  /** A measure at the end of a run; NaN where there is none. */
  valueOf(run: number, name: string): number;
}

/** @param shown measures, by name */
export function sweepFigures(sweep: DrawnSweep, shown: readonly string[]): readonly Figure[] {
  const { axes, cells, repeat, states } = sweep;
  const over = [...states].reduce((count, letter) => count + (letter === 'w' || letter === 'r' ? 0 : 1), 0);
  const partial = over === states.length ? '' : ` ${over} of ${states.length} runs so far.`;
  const saying = <F extends Figure>(figure: F): F => (partial === '' ? figure : { ...figure, says: figure.says + partial });
  if (axes.length === 1) return lineCharts(axes[0], sweep, shown).map(saying);
  const [rows, columns, ...others] = axes;
  const layer = rows.values.length * columns.values.length;
  const rest = others.reduce((product, { values }) => product * values.length, 1);
  const figures: Figure[] = [];
  let k = 0;
  for (; k < rest && figures.length < MOST_PICTURES; k++) {
    // The further axes vary first: every rest-th cell belongs to one picture.
    const own = Array.from({ length: layer }, (_, i) => cells[i * rest + k]);
    const held = own[0].settings.slice(2).map(({ path, value }) => `${nameOf(path)} = ${valueText(value)}`);
    const runs = own.map((_, i) => (i * rest + k) * repeat);
    for (const name of shown) {
      const map = heatMap(rows, columns, own, name, held, `sweep-${name}-${k}`);
      figures.push({ ...map, runs, behind: runsBehind(sweep, runs, [name]) });
    }
    const transition = transitionFigure(rows, columns, own, nameOf, `sweep-transition-${k}`);
    if (transition !== null) figures.push(transition);
  }
  const drawn = figures.slice(0, MOST_PICTURES);
  if (rest > k) {
    const last = drawn[drawn.length - 1];
    const [names, values] = [others.map(({ path }) => nameOf(path)).join(' and '), rest - k];
    drawn[drawn.length - 1] = { ...last, says: `${last.says} ${values} more of the ${rest} values of ${names} are in sweep.json.` };
  }
  return drawn.map(saying);
}

/** @param first number of the first run of each place */
function runsBehind({ repeat, seed, states, valueOf }: DrawnSweep, first: readonly number[], names: readonly string[]): FigureRuns {
  const all = first.flatMap((run) => Array.from({ length: repeat }, (_, k) => run + k));
  return {
    repeat,
    seed,
    states: all.map((run) => states[run]).join(''),
    measures: names.map((name) => ({ name, values: all.map((run) => valueOf(run, name)) })),
  };
}

/** Measures that are read on the same axis share a chart. */
function lineCharts(axis: SweepAxis, sweep: DrawnSweep, shown: readonly string[]): readonly Figure[] {
  const { cells, repeat } = sweep;
  const groups = new Map<string, string[]>();
  for (const name of shown) {
    const { group, scale } = infoOf(name);
    const key = `${group} ${scale}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const { x, at } = horizontal(axis);
  const numeric = at === axis.values;
  const runs = cells.map((_, cell) => cell * repeat);
  return [...groups.values()].map((names): Figure => {
    const infos = names.map(infoOf);
    const floor = infos[0].scale === 'log' && names.length > 1 ? ROUNDING * largestOf(cells, names) : -Infinity;
    const drawn = (value: number): number => (value < floor ? Number.NaN : value);
    const hidden = names.some((name) => cells.some((cell) => spreadAt(cell, name).lower < floor));
    const series = names.flatMap((name, k): FigureSeries[] => {
      const { title } = infos[k];
      const spreads = cells.map((cell) => spreadAt(cell, name));
      const line = (label: string, value: (spread: Spread) => number, band?: string): FigureSeries => ({
        name: label,
        // Between texts there is nothing to draw a line through.
        style: numeric ? 'line' : 'points',
        x: at,
        y: spreads.map((spread) => drawn(value(spread))),
        ...(band !== undefined && { band }),
      });
      const law = cells.map(({ expected }) => (Object.hasOwn(expected, name) ? expected[name] : Number.NaN));
      const theory: FigureSeries[] = law.every(Number.isNaN)
        ? []
        : [{ name: `${title}, theory`, style: 'points', x: at, y: law.map(drawn) }];
      if (repeat === 1) return [line(title, ({ median }) => median), ...theory];
      return [
        line(`${title}, median`, ({ median }) => median),
        line(`${title}, lower quartile`, ({ lower }) => lower, `${title}, median`),
        line(`${title}, upper quartile`, ({ upper }) => upper, `${title}, median`),
        ...theory,
      ];
    });
    const over = repeat === 1 ? '' : `, median and quartiles of ${repeat} runs`;
    return {
      kind: 'chart',
      id: `sweep-${names.join('-')}`,
      title: `${infos.map(({ title }) => title).join(' and ')} over ${nameOf(axis.path)}`,
      says:
        names.map((name) => `${infoOf(name).title}${over}: ${rangeText(axis, cells, name)}.`).join(' ') +
        (hidden ? ` Values below ${numberText(floor)} are rounding beside the others and are not drawn.` : ''),
      x,
      y: { label: infos.map(({ symbol }) => symbol).join(', '), scale: infos[0].scale },
      series,
      runs,
      behind: runsBehind(sweep, runs, names),
    };
  });
}

function largestOf(cells: readonly SweepCell[], names: readonly string[]): number {
  const values = cells.flatMap((cell) => names.map((name) => spreadAt(cell, name).median)).filter(Number.isFinite);
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function heatMap(
  rows: SweepAxis,
  columns: SweepAxis,
  cells: readonly (SweepCell | undefined)[],
  name: string,
  held: readonly string[],
  id: string,
): Extract<Figure, { readonly kind: 'heat-map' }> {
  const info = infoOf(name);
  const log = info.scale === 'log';
  const medians = cells.map((cell) => spreadAt(cell, name).median);
  const finite = medians.filter(Number.isFinite);
  const range =
    finite.length === 0 ? 'no run has a value' : `from ${numberText(Math.min(...finite))} to ${numberText(Math.max(...finite))}`;
  return {
    kind: 'heat-map',
    id,
    title: `${info.title} over ${nameOf(rows.path)} and ${nameOf(columns.path)}${held.length === 0 ? '' : `, ${held.join(', ')}`}`,
    says: `Median of ${info.symbol} ${range}. ${rowsText(rows, columns)}`,
    x: { label: nameOf(columns.path), scale: columns.scale, ticks: columns.values.map(valueText) },
    y: { label: nameOf(rows.path), scale: rows.scale, ticks: rows.values.map(valueText) },
    rows: rows.values.length,
    columns: columns.values.length,
    values: log ? medians.map((value) => (value > 0 ? Math.log10(value) : Number.NaN)) : medians,
    label: log ? `log₁₀ ${info.symbol}` : info.symbol,
    ...(log && { signed: false }),
  };
}

function rowsText(rows: SweepAxis, columns: SweepAxis): string {
  const ends = ({ path, values }: SweepAxis): string =>
    `${nameOf(path)} ${valueText(values[0])}${values.length > 1 ? ` … ${valueText(values[values.length - 1])}` : ''}`;
  return `Rows: ${ends(rows)}; columns: ${ends(columns)}.`;
}

function rangeText(axis: SweepAxis, cells: readonly SweepCell[], name: string): string {
  const medians = cells.map((cell) => spreadAt(cell, name).median);
  const finite = medians.flatMap((value, k) => (Number.isNaN(value) ? [] : [k]));
  if (finite.length === 0) return 'no run has a value';
  const at = (k: number): string => `${numberText(medians[k])} at ${valueText(axis.values[k])}`;
  const least = finite.reduce((best, k) => (medians[k] < medians[best] ? k : best));
  const most = finite.reduce((best, k) => (medians[k] > medians[best] ? k : best));
  return `smallest ${at(least)}, largest ${at(most)}`;
}

/** Numbers stand where they are; anything else at 1, 2, …, under its text. */
function horizontal({ path, values, scale }: SweepAxis): { readonly x: FigureAxis; readonly at: readonly number[] } {
  if (values.every((value) => typeof value === 'number')) {
    return { x: { label: nameOf(path), scale: scale === 'log' && values.every((value) => value > 0) ? 'log' : 'linear' }, at: values };
  }
  return { x: { label: nameOf(path), scale: 'linear', ticks: values.map(valueText) }, at: values.map((_, k) => k + 1) };
}

/** "init scale" of "/init/scale". */
function nameOf(path: string): string {
  return path.slice(1).replaceAll('/', ' ').replaceAll('~1', '/').replaceAll('~0', '~');
}

function valueText(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function numberText(value: number): string {
  return inWords(value, 4);
}
