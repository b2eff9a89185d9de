/** What has become of the runs behind the places of a sweep's picture: as a mark to draw, in words, and one by one. */
import type { FigureRuns } from '../src/protocol/report';
import { RUN_LETTERS, type RunLetter } from '../src/protocol/sweep';
import { formatNumber } from './format-number';
import { STATE_WORDS, VERDICT_WORDS } from './words';

/** What is drawn at a place; null where there is nothing to say beyond its value. */
export type PlaceMark = 'waiting' | 'running' | 'failed' | 'disagrees' | 'inconclusive';

/** The word for each state, lower case. */
const WORDS: Readonly<Record<RunLetter, string>> = {
  w: 'not run yet',
  r: STATE_WORDS.running.label.toLowerCase(),
  f: STATE_WORDS.failed.label.toLowerCase(),
  a: VERDICT_WORDS.agrees.label.toLowerCase(),
  d: VERDICT_WORDS.disagrees.label.toLowerCase(),
  i: VERDICT_WORDS.inconclusive.label.toLowerCase(),
  n: VERDICT_WORDS['no-prediction'].label.toLowerCase(),
};

export interface PlaceRun {
  readonly seed: number;
  readonly state: string;
  /** In the order of `measures`. */
  readonly values: readonly number[];
}

export function isLetter(letter: string): letter is RunLetter {
  return Object.hasOwn(RUN_LETTERS, letter);
}

/** Runs at a place, as letters. */
function lettersAt({ repeat, states }: FigureRuns, at: number): readonly RunLetter[] {
  return [...states.slice(at * repeat, (at + 1) * repeat)].filter(isLetter);
}

/** A mark for each place. What all of them are is no news: verdicts are marked where they differ. */
export function placeMarks(behind: FigureRuns | undefined, places: number): readonly (PlaceMark | null)[] {
  if (behind === undefined) return new Array<null>(places).fill(null);
  const verdicts = new Set([...behind.states].filter((letter) => letter !== 'w' && letter !== 'r' && letter !== 'f'));
  return Array.from({ length: places }, (_, at) => {
    const letters = lettersAt(behind, at);
    if (letters.includes('r')) return 'running';
    if (letters.length > 0 && letters.every((letter) => letter === 'w')) return 'waiting';
    if (letters.includes('f')) return 'failed';
    if (verdicts.size < 2) return null;
    return letters.includes('d') ? 'disagrees' : letters.includes('i') ? 'inconclusive' : null;
  });
}

/** Of several runs, where that is another word. */
const PLURALS: Readonly<Partial<Record<RunLetter, string>>> = { a: 'agree', d: 'disagree' };

/** "agrees", or of several runs "3 agree, 1 inconclusive, 1 not run yet". */
export function placeText(behind: FigureRuns, at: number): string {
  const counts = new Map<RunLetter, number>();
  for (const letter of lettersAt(behind, at)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  if (behind.repeat === 1) return [...counts.keys()].map((letter) => WORDS[letter]).join('');
  return [...counts].map(([letter, count]) => `${formatNumber(count)} ${(count > 1 && PLURALS[letter]) || WORDS[letter]}`).join(', ');
}

/** The runs at a place, seed by seed. */
export function runsAt({ repeat, seed, states, measures }: FigureRuns, at: number): readonly PlaceRun[] {
  return Array.from({ length: repeat }, (_, k) => {
    const run = at * repeat + k;
    const letter = states[run] ?? 'w';
    return {
      seed: seed + k,
      state: isLetter(letter) ? WORDS[letter] : '',
      values: measures.map(({ values }) => values[run] ?? Number.NaN),
    };
  });
}

const MARK_WORDS: Readonly<Record<Exclude<PlaceMark, 'waiting'>, string>> = {
  running: 'a ring: running',
  failed: 'a cross: a run failed',
  disagrees: 'a full corner: a run disagrees with its prediction',
  inconclusive: 'an open corner: a run is inconclusive',
};

/** A key to the marks that there are; empty without any. `waiting`: what stands where nothing has been run. */
export function marksText(marks: readonly (PlaceMark | null)[], waiting: 'blank' | 'a tick' = 'blank'): string {
  const known = new Set(marks);
  const words = (Object.keys(MARK_WORDS) as (keyof typeof MARK_WORDS)[]).filter((mark) => known.has(mark)).map((mark) => MARK_WORDS[mark]);
  if (known.has('waiting')) words.unshift(`${waiting}: not run yet`);
  return words.length === 0 ? '' : `Marks: ${words.join('; ')}.`;
}

export interface MarkShape {
  /** As in SVG. */
  readonly path: string;
  readonly filled: boolean;
}

/** Smaller than this (pixels) a place has no room for a mark of its own. */
const SMALLEST = 7;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Side of a mark beside a value, and its distance from the corner. */
const BESIDE = { side: 12, inset: 2 } as const;

/** The shape of a mark in a cell of a heat map. Beside a value it stands in a corner, so that the number is read. */
export function cellMark(mark: PlaceMark, cell: Box, known: boolean): MarkShape | null {
  if (!known || mark === 'disagrees' || mark === 'inconclusive') return markShape(mark, cell);
  const { side, inset } = BESIDE;
  if (Math.min(cell.width, cell.height) < side + 2 * inset) return markShape(mark, cell);
  return markShape(mark, { left: cell.left + inset, top: cell.top + cell.height - side - inset, width: side, height: side });
}

/** The shape of a mark in a box, for canvas and print alike; null where it has none, or no room. */
export function markShape(mark: PlaceMark, { left, top, width, height }: Box): MarkShape | null {
  const size = Math.min(width, height);
  if (size < SMALLEST) return null;
  const [x, y] = [left + width / 2, top + height / 2];
  const at = (value: number): string => value.toFixed(1);
  switch (mark) {
    case 'waiting':
      return null;
    case 'running': {
      const radius = Math.min(6, size * 0.3);
      const arc = `a${at(radius)},${at(radius)} 0 1 0`;
      return { path: `M${at(x - radius)},${at(y)}${arc} ${at(2 * radius)},0${arc} ${at(-2 * radius)},0`, filled: false };
    }
    case 'failed': {
      const arm = Math.min(6, size * 0.28);
      const [a, b, c, d] = [x - arm, x + arm, y - arm, y + arm].map(at);
      return { path: `M${a},${c}L${b},${d}M${a},${d}L${b},${c}`, filled: false };
    }
    case 'disagrees':
    case 'inconclusive': {
      const side = Math.min(10, size * 0.4);
      const [edge, upper] = [left + width - 1.5, top + 1.5];
      return {
        path: `M${at(edge - side)},${at(upper)}L${at(edge)},${at(upper)}L${at(edge)},${at(upper + side)}Z`,
        filled: mark === 'disagrees',
      };
    }
    default:
      return mark satisfies never;
  }
}
