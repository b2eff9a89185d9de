/** `sweep`: its axes, their places in the file, and every point as an experiment of its own. */
import { countInWords } from '../../numerics/in-words';
import { LIMITS } from '../../protocol/limits';
import type { Diagnostic } from '../../protocol/compute';
import { MEASURE_NAMES } from '../../protocol/measures';
import { fix, pathOf, pointerOf, type FileDocument, type Finding } from '../document';
import { nearestName } from '../nearest-name';
import { experimentSchema, type Experiment } from '../schema';
import { objectShapeAt } from '../schema-walk';
import { axisValues, gridPoint, pointText } from '../sweep-points';

/** Points that are tried while a file is being edited; a sweep tries every one before it runs the first. */
const TRIED_POINTS = 200;
/** Keys whose change is none of the experiment. */
const NOT_SWEPT = new Set(['sweep', 'seed', 'format', '$schema', 'expect', 'title', 'notes']);

/** @param errorsOf what is wrong in the text of an experiment */
export function checkSweep(experiment: Experiment, document: FileDocument, errorsOf: (text: string) => readonly Diagnostic[]): Finding[] {
  const { sweep } = experiment;
  if (sweep === undefined) return [];
  const file = JSON.parse(document.text.replace(/^\ufeff/, '')) as unknown;
  const found: Finding[] = [...checkShown(sweep, document)];
  const axes = sweep.axes.map((axis, k) => {
    const pointer = `/sweep/axes/${k}`;
    found.push(...checkPath(axis.path, experiment, file, document, `${pointer}/path`));
    if (sweep.axes.findIndex(({ path }) => path === axis.path) < k)
      found.push({ code: 'meaning.sweep-path', message: `${axis.path} varies along two axes.`, pointer: `${pointer}/path` });
    try {
      return axisValues(axis);
    } catch (error) {
      found.push({ code: 'meaning.sweep-axis', message: `Axis ${k} of the sweep: ${(error as RangeError).message}.`, pointer });
      return [];
    }
  });
  const points = axes.reduce((product, values) => product * values.length, sweep.repeat);
  if (points > LIMITS.sweepPoints) {
    const message = `The sweep has ${countInWords(points)} points: expected at most ${countInWords(LIMITS.sweepPoints)}.`;
    found.push({ code: 'meaning.sweep-size', message, pointer: '/sweep/axes', part: 'key' });
  }
  if (found.some(({ severity }) => severity !== 'warning')) return found;

  // Seeds do not make an experiment wrong: each cell of the grid once.
  const cells = points / sweep.repeat;
  const stride = Math.max(1, Math.ceil(cells / TRIED_POINTS));
  for (let cell = 0; cell < cells; cell += stride) {
    const point = gridPoint(experiment, axes, cell * sweep.repeat);
    const text = pointText(file, experiment, point);
    const [error] = text === null ? [] : errorsOf(text);
    if (error === undefined) continue;
    // Where the error stands says which axis is to blame; else the last one.
    const guilty = sweep.axes.findIndex(({ path }) => error.pointer === path || error.pointer.startsWith(`${path}/`));
    const settings = point.settings.map(({ path, value }) => `${path} = ${JSON.stringify(value)}`).join(', ');
    found.push({
      code: 'meaning.sweep-point',
      message: `With ${settings} the experiment is wrong: ${error.message}`,
      pointer: `/sweep/axes/${guilty < 0 ? sweep.axes.length - 1 : guilty}`,
    });
    break;
  }
  return found;
}

function checkPath(path: string, experiment: Experiment, file: unknown, document: FileDocument, pointer: string): Finding[] {
  const wrong = (message: string, near: string | null = null): Finding[] => {
    const change = near === null ? null : document.replacement(pointer, JSON.stringify(near));
    return [
      {
        code: 'meaning.sweep-path',
        message: near === null ? message : `${message} Did you mean ${JSON.stringify(near)}?`,
        pointer,
        fixes: change === null ? [] : [fix(`Replace with ${JSON.stringify(near)}`, [change])],
      },
    ];
  };
  if (!path.startsWith('/')) {
    const pointed = `/${path.replaceAll('.', '/')}`;
    return wrong(
      `${JSON.stringify(path)} is no JSON Pointer: expected "/" before every key.`,
      isPlace(pointed, experiment, file) ? pointed : null,
    );
  }
  const segments = pathOf(path);
  if (NOT_SWEPT.has(segments[0]))
    return wrong(segments[0] === 'seed' ? 'Seeds vary with "repeat".' : `${JSON.stringify(segments[0])} cannot vary in a sweep.`);
  if (isPlace(path, experiment, file)) return [];
  const owner = segments.slice(0, -1);
  const known = objectShapeAt(experimentSchema, experiment, owner)?.keys ?? [];
  const near = nearestName(segments.at(-1) ?? '', known);
  return wrong(`There is no ${path} in this experiment.`, near === null ? null : pointerOf([...owner, near]));
}

/** Whether the place is written in the file or its defaults, or is a key that the object there may have. */
function isPlace(path: string, experiment: Experiment, file: unknown): boolean {
  const segments = pathOf(path);
  if (has(file, segments) || has(experiment, segments)) return true;
  const owner = segments.slice(0, -1);
  return (
    (owner.length === 0 || has(file, owner) || has(experiment, owner)) &&
    objectShapeAt(experimentSchema, experiment, owner)?.keys.includes(segments[segments.length - 1]) === true
  );
}

function has(value: unknown, path: readonly string[]): boolean {
  let here = value;
  for (const segment of path) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, segment)) return false;
    here = (here as Record<string, unknown>)[segment];
  }
  return true;
}

function checkShown({ measure }: NonNullable<Experiment['sweep']>, document: FileDocument): Finding[] {
  const names: readonly string[] = measure === undefined ? [] : typeof measure === 'string' ? [measure] : measure;
  return names.flatMap((name, k) => {
    if ((MEASURE_NAMES as readonly string[]).includes(name)) return [];
    const pointer = typeof measure === 'string' ? '/sweep/measure' : `/sweep/measure/${k}`;
    const near = nearestName(name, MEASURE_NAMES);
    const change = near === null ? null : document.replacement(pointer, JSON.stringify(near));
    return [
      {
        code: 'meaning.unknown-measure',
        message: `There is no measure ${JSON.stringify(name.slice(0, 40))}: ${near === null ? `expected one of ${MEASURE_NAMES.join(', ')}.` : `did you mean ${JSON.stringify(near)}?`}`,
        pointer,
        fixes: change === null ? [] : [fix(`Replace with ${JSON.stringify(near)}`, [change])],
      },
    ];
  });
}
