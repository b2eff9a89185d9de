/** From a point of a sweep to files of their own: the experiment at that point, and a finer sweep around it. */
import { axisValues, gridPoint, pointText } from '../experiment/sweep-points';
import type { Experiment } from '../experiment/schema';
import { withoutDefaults } from '../experiment/without-defaults';

/** Values of an axis that is looked at more closely: from one neighbour of the chosen value to the other. */
const FINER = 9;
/** Equal steps and ratios are rounded to so many digits. */
const DIGITS = 6;

/** The experiment of one run of the sweep, as the text of a file. Null where the sweep has no such point. */
export function pointFile(experiment: Experiment, point: number): string | null {
  const grid = gridOf(experiment, point);
  if (grid === null) return null;
  const place = gridPoint(experiment, grid, point);
  // Without the defaults of one kind, which another would not know.
  const text = pointText(withoutDefaults({ ...experiment, sweep: undefined }), experiment, place);
  if (text === null) return null;
  const says = place.settings.map(({ path, value }) => `${nameOf(path)} ${valueText(value)}`).join(', ');
  const file = JSON.parse(text) as Record<string, unknown>;
  return writtenOut({ ...file, title: `${experiment.title}${experiment.title === '' ? '' : ': '}${says}`.slice(0, 500) });
}

/** Whether a finer sweep has more to look at: an axis with two different quantities. */
export function isRefinable(experiment: Experiment): boolean {
  const several = (values: readonly unknown[]): boolean => new Set(values.filter((value) => typeof value === 'number')).size > 1;
  return experiment.sweep?.axes.some((axis) => !isName(axis.path, experiment) && several(axisValues(axis))) ?? false;
}

/** Numbers between which nothing lies: seeds, and labels of classes, which are names. */
function isName(path: string, { loss }: Experiment): boolean {
  return path === '/seed' || (loss.kind !== 'square' && /^\/data\/(?:test\/)?y\//u.test(path));
}

/** The sweep with every axis of quantities between the neighbours of the chosen value, as the text of a file; other axes keep that value. */
export function refinedSweep(experiment: Experiment, point: number): string | null {
  const grid = gridOf(experiment, point);
  if (grid === null || experiment.sweep === undefined) return null;
  const { settings } = gridPoint(experiment, grid, point);
  const axes = experiment.sweep.axes.map((axis, k) => {
    const at = grid[k].indexOf(settings[k].value);
    if (isName(axis.path, experiment)) return { path: axis.path, values: [settings[k].value] };
    return { path: axis.path, values: finer(grid[k], at, axis.log !== undefined) };
  });
  const { title } = experiment;
  return writtenOut({ ...experiment, title: `${title}${title === '' ? '' : ', '}refined`, sweep: { ...experiment.sweep, axes } });
}

function gridOf(experiment: Experiment, point: number): readonly (readonly unknown[])[] | null {
  const { sweep } = experiment;
  if (sweep === undefined) return null;
  const grid = sweep.axes.map(axisValues);
  const total = grid.reduce((product, values) => product * values.length, sweep.repeat);
  return Number.isInteger(point) && point >= 0 && point < total ? grid : null;
}

function finer(values: readonly unknown[], at: number, log: boolean): readonly unknown[] {
  const chosen = values[at];
  if (typeof chosen !== 'number') return [chosen];
  const beside = [values[at - 1], values[at + 1]].map((value) => (typeof value === 'number' ? value : chosen));
  const [from, to] = [Math.min(...beside), Math.max(...beside)];
  if (from === to) return [chosen];
  const ratios = from > 0 && (log || equalRatios(values));
  const whole = values.every(Number.isInteger);
  const all = Array.from({ length: FINER }, (_, k) => {
    const share = k / (FINER - 1);
    const value = ratios ? from * Math.pow(to / from, share) : from + (to - from) * share;
    return whole ? Math.round(value) : Number(value.toPrecision(DIGITS));
  });
  // The chosen value itself is among them, wherever its neighbours stand.
  return [...new Set([...all, chosen])].sort((a, b) => a - b);
}

/** Three values and more that grow by one factor, to a percent. */
function equalRatios(values: readonly unknown[]): boolean {
  const numbers = values.filter((value): value is number => typeof value === 'number' && value > 0);
  if (numbers.length !== values.length || numbers.length < 3) return false;
  const ratio = Math.log(numbers[1] / numbers[0]);
  return numbers.every((value, k) => k === 0 || Math.abs(Math.log(value / numbers[k - 1]) - ratio) <= 0.01 * Math.abs(ratio));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As people write it: without what may be left out, short lists on one line. */
function writtenOut(file: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(withoutDefaults(file), null, 2);
  return `${text.replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, items: string) => `[${items.replace(/\s*\n\s*/g, ' ')}]`)}\n`;
}
