/** Figures of a report as they arrive: counts, lengths and sizes are capped, and what was left out is said. */
import type { Figure, FigureAxis, FigureRuns, FigureSeries } from '../src/protocol/report';
import { formatNumber } from './format-number';
import { fields, list, numbers, oneOf, text, word } from './plain';
import { isLetter } from './sweep-state';

export const FIGURE_LIMITS = {
  figures: 20,
  series: 40,
  /** Points of one series. */
  points: 20_000,
  /** Runs behind the places of a sweep's picture. */
  runs: 10_000,
  /** Cells of one heat map. */
  cells: 250_000,
  /** Names of rows or columns; more are counted. */
  ticks: 2000,
  /** Points and cells of all figures of a report together: what a page can hold without being slow. */
  numbers: 1_000_000,
} as const;

const STYLES: readonly FigureSeries['style'][] = ['line', 'points', 'bars', 'rings'];

/** What is left to spend on the numbers of a report. */
interface Budget {
  left: number;
}

/** The figures that can be shown, each with an id of its own; those without a single number are left out. */
export function figuresOf(value: unknown): readonly Figure[] {
  const budget: Budget = { left: FIGURE_LIMITS.numbers };
  const taken = new Set<string>();
  return list(value, (item) => figureOf(item, budget), FIGURE_LIMITS.figures).flatMap((figure, index) => {
    if (figure === null) return [];
    const wanted = figure.id || `figure-${index + 1}`;
    const id = taken.has(wanted) ? `${wanted}-${index + 1}` : wanted;
    taken.add(id);
    return [{ ...figure, id }];
  });
}

function figureOf(value: unknown, budget: Budget): Figure | null {
  const raw = fields(value);
  const common = {
    id: word(raw.id),
    title: word(raw.title) || word(raw.id) || 'Figure',
    says: text(raw.says),
    x: axisOf(raw.x),
    y: axisOf(raw.y),
  };
  if (raw.kind === 'chart') return chartOf(raw, common, budget);
  return raw.kind === 'heat-map' ? heatMapOf(raw, common, budget) : null;
}

function axisOf(value: unknown): FigureAxis {
  const raw = fields(value);
  const ticks = list(raw.ticks, word, FIGURE_LIMITS.ticks);
  return {
    label: word(raw.label),
    scale: oneOf(raw.scale, ['linear', 'log'] as const, 'linear'),
    ...(ticks.length > 0 && { ticks }),
  };
}

type Common = Pick<Figure, 'id' | 'title' | 'says' | 'x' | 'y'>;
type Raw = Readonly<Record<string, unknown>>;

function chartOf(raw: Raw, common: Common, budget: Budget): Figure | null {
  let cut = 0;
  const series = list(
    raw.series,
    (item): FigureSeries => {
      const one = fields(item);
      const x = numbers(one.x, FIGURE_LIMITS.points + 1) ?? [];
      const y = numbers(one.y, FIGURE_LIMITS.points + 1) ?? [];
      const given = Math.min(x.length, y.length);
      const length = Math.min(given, FIGURE_LIMITS.points, budget.left);
      if (length < given) cut += 1;
      budget.left -= length;
      const band = word(one.band);
      const style = oneOf(one.style, STYLES, 'line');
      return {
        name: word(one.name),
        style,
        x: x.slice(0, length),
        y: y.slice(0, length),
        ...(band !== '' && { band }),
        ...(one.pieces === true && { pieces: true }),
      };
    },
    FIGURE_LIMITS.series,
  );
  const named = series.map((one, index) => ({ ...one, name: one.name || `Series ${index + 1}` })).filter(({ x }) => x.length > 0);
  if (named.length === 0) return null;
  const given = Array.isArray(raw.series) ? raw.series.length : 0;
  return {
    ...common,
    kind: 'chart',
    says: saying(
      common.says,
      given > FIGURE_LIMITS.series && `The first ${FIGURE_LIMITS.series} of ${formatNumber(given)} series are shown.`,
      cut > 0 && `Long series are cut after ${formatNumber(FIGURE_LIMITS.points)} points.`,
    ),
    series: named,
    ...(raw.sameUnits === true && { sameUnits: true }),
    ...runsOf(raw.runs),
    ...behindOf(raw.behind),
  };
}

function heatMapOf(raw: Raw, common: Common, budget: Budget): Figure | null {
  const [givenRows, givenColumns] = [whole(raw.rows), whole(raw.columns)];
  const room = Math.min(FIGURE_LIMITS.cells, budget.left);
  const columns = Math.min(givenColumns, room);
  const rows = columns === 0 ? 0 : Math.min(givenRows, Math.floor(room / columns));
  if (rows === 0) return null;
  budget.left -= rows * columns;
  const given = numbers(raw.values, rows * givenColumns) ?? [];
  const values = new Array<number>(rows * columns);
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) values[row * columns + column] = given[row * givenColumns + column] ?? Number.NaN;
  return {
    ...common,
    kind: 'heat-map',
    says: saying(
      common.says,
      (rows < givenRows || columns < givenColumns) &&
        `The first ${formatNumber(rows)} × ${formatNumber(columns)} of ${formatNumber(givenRows)} × ${formatNumber(givenColumns)} cells are shown.`,
    ),
    rows,
    columns,
    values,
    label: word(raw.label),
    ...(raw.signed === false && { signed: false }),
    // Numbers of runs belong to the cells as they were given.
    ...(rows === givenRows && columns === givenColumns && { ...runsOf(raw.runs), ...behindOf(raw.behind) }),
  };
}

function runsOf(value: unknown): { readonly runs?: readonly number[] } {
  const runs = numbers(value, FIGURE_LIMITS.cells);
  return runs !== null && runs.length > 0 && runs.every((run) => Number.isInteger(run) && run >= 0) ? { runs } : {};
}

function behindOf(value: unknown): { readonly behind?: FigureRuns } {
  const raw = fields(value);
  const repeat = whole(raw.repeat);
  if (repeat === 0 || repeat > FIGURE_LIMITS.runs || typeof raw.states !== 'string') return {};
  const states = [...raw.states.slice(0, FIGURE_LIMITS.runs)].map((letter) => (isLetter(letter) ? letter : 'w')).join('');
  const measures = list(raw.measures, fields, FIGURE_LIMITS.series).map(({ name, values }) => ({
    name: word(name),
    values: numbers(values, FIGURE_LIMITS.runs) ?? [],
  }));
  return { behind: { repeat, seed: Number.isSafeInteger(raw.seed) ? (raw.seed as number) : 0, states, measures } };
}

/** A size; 0 of anything else. */
function whole(value: unknown): number {
  return typeof value === 'number' && value >= 1 && value <= Number.MAX_SAFE_INTEGER ? Math.floor(value) : 0;
}

function saying(...sentences: readonly (string | false)[]): string {
  return sentences.filter((sentence) => sentence !== false && sentence !== '').join(' ');
}
