/** The points of a sweep: a grid of settings, written into the file one by one. */
import type { z } from 'zod';
import { countInWords } from '../numerics/in-words';
import { LIMITS } from '../protocol/limits';
import { pathOf } from './document';
import type { Experiment } from './schema';
import type { sweepAxisSchema } from './sweep-schema';

export type SweepAxisSpec = z.output<typeof sweepAxisSchema>;

/** A value at a place of the file. */
export interface Setting {
  readonly path: string;
  readonly value: unknown;
}

export interface GridPoint {
  /** 0-based; the repeats of one cell follow each other, the last axis varies before the first. */
  readonly index: number;
  /** The cell of the grid, 0-based. */
  readonly cell: number;
  readonly repeat: number;
  readonly seed: number;
  readonly settings: readonly Setting[];
}

/** Equal steps and ratios are rounded to so many digits, so that 0.1 + 0.2 is 0.3. */
const DIGITS = 12;

/**
 * The values of an axis in their order.
 * @throws RangeError where the axis is not one of the three kinds, or a range cannot be divided; the message says why
 */
export function axisValues({ values, log, linear }: SweepAxisSpec): readonly unknown[] {
  const given = [values, log, linear].filter((one) => one !== undefined);
  if (given.length !== 1) throw new RangeError(`expected one of "values", "log" and "linear", found ${given.length}`);
  if (values !== undefined) return values;
  const [from, to, count] = (log ?? linear) as readonly number[];
  if (!Number.isInteger(count) || count < 1 || count > LIMITS.sweepPoints)
    throw new RangeError(`expected a whole number from 1 to ${countInWords(LIMITS.sweepPoints)} as the count, found ${count}`);
  if (log !== undefined && !(from > 0 && to > 0)) throw new RangeError(`equal ratios need bounds above 0, found ${from} and ${to}`);
  return Array.from({ length: count }, (_, k) => {
    if (k === 0) return from;
    if (k === count - 1) return to;
    const share = k / (count - 1);
    const value = log === undefined ? from + (to - from) * share : Math.exp(Math.log(from) + (Math.log(to) - Math.log(from)) * share);
    return Number(value.toPrecision(DIGITS));
  });
}

/** Points of a sweep, repeats included. @throws RangeError as `axisValues` does */
export function pointCount(sweep: NonNullable<Experiment['sweep']>): number {
  return sweep.axes.reduce((product, axis) => product * axisValues(axis).length, sweep.repeat);
}

/** The point of an index. @param axes the values of each axis */
export function gridPoint({ seed, sweep }: Experiment, axes: readonly (readonly unknown[])[], index: number): GridPoint {
  const { axes: specs, repeat: repeats } = sweep as NonNullable<Experiment['sweep']>;
  const repeat = index % repeats;
  const cell = (index - repeat) / repeats;
  const settings: Setting[] = [];
  let rest = cell;
  for (let k = axes.length - 1; k >= 0; k--) {
    settings.unshift({ path: specs[k].path, value: axes[k][rest % axes[k].length] });
    rest = Math.floor(rest / axes[k].length);
  }
  return { index, cell, repeat, seed: seed + repeat, settings };
}

/**
 * The file with the settings and the seed written in and without its sweep, as text. Where a setting's owner is not written in the
 * file, for instance `/init/scale` without `init`, the owner's default is written with it; not with another kind, whose options differ.
 * @param file the parsed text of the file
 * @param defaults the file with every default filled in
 * @returns null where a path leads nowhere
 */
export function pointText(file: unknown, defaults: Experiment, { settings, seed }: Pick<GridPoint, 'settings' | 'seed'>): string | null {
  const copy = copyOf(file) as Record<string, unknown>;
  delete copy.sweep;
  copy.seed = seed;
  for (const { path, value } of settings) if (!write(copy, defaults, pathOf(path), value)) return null;
  return JSON.stringify(copy);
}

type Container = Record<string, unknown>;

/** Of JSON. */
const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const isContainer = (value: unknown): value is Container => value !== null && typeof value === 'object';

function write(root: Container, defaults: unknown, path: readonly string[], value: unknown): boolean {
  let here = root;
  let known: unknown = defaults;
  for (const [at, segment] of path.slice(0, -1).entries()) {
    known = isContainer(known) && Object.hasOwn(known, segment) ? known[segment] : undefined;
    // A name instead of an object (the loss) is written out too.
    if (!Object.hasOwn(here, segment) || !isContainer(here[segment])) {
      if (!isContainer(known)) return false;
      const changesKind = at === path.length - 2 && path[at + 1] === 'kind' && known.kind !== value;
      here[segment] = changesKind ? {} : copyOf(known);
    }
    here = here[segment] as Container;
  }
  const last = path.at(-1);
  if (last === undefined || (Array.isArray(here) && !Object.hasOwn(here, last))) return false;
  here[last] = copyOf(value);
  return true;
}
