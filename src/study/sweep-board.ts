/** What is known of a sweep at a moment: which of its runs wait, run, failed or gave a result, and the pictures of that. */
import type { Experiment } from '../experiment/schema';
import type { Figure } from '../protocol/report';
import {
  isFailure,
  SWEEP_FORMAT,
  type RunLetter,
  type Spread,
  type SweepCell,
  type SweepFailure,
  type SweepPlace,
  type SweepResult,
  type SweepSummary,
} from '../protocol/sweep';
import type { SweepPlan } from './sweep';
import { sweepFigures } from './sweep-figures';

export class SweepBoard {
  /** Grows with everything that changes the pictures. */
  changes = 0;
  private readonly outcomes: (SweepResult | SweepFailure | undefined)[];
  private readonly letters: RunLetter[];
  private readonly cells: SweepCell[];

  constructor(private readonly plan: SweepPlan) {
    const { places, repeat } = plan;
    this.outcomes = new Array<undefined>(places.length).fill(undefined);
    this.letters = new Array<RunLetter>(places.length).fill('w');
    this.cells = Array.from({ length: places.length / repeat }, (_, cell) => cellOf(places[cell * repeat], []));
  }

  /** The file with every default filled in. */
  get experiment(): Experiment {
    return this.plan.experiment;
  }

  /** Takes in the outcome of a run. Only its cell is computed anew. */
  settle(outcome: SweepResult | SweepFailure): void {
    const { places, repeat } = this.plan;
    const { index } = outcome;
    this.outcomes[index] = outcome;
    this.letters[index] = letterOf(outcome);
    const cell = Math.floor(index / repeat);
    const own = this.outcomes.slice(cell * repeat, (cell + 1) * repeat);
    this.cells[cell] = cellOf(places[cell * repeat], own.filter(isResult));
    this.changes++;
  }

  /** A run begins, or is put back among those that wait. */
  mark(index: number, running: boolean): void {
    const letter = running ? 'r' : 'w';
    if (this.outcomes[index] !== undefined || this.letters[index] === letter) return;
    this.letters[index] = letter;
    this.changes++;
  }

  /** Nothing runs any more. */
  rest(): void {
    for (const index of this.letters.keys()) this.mark(index, false);
  }

  /** The pictures of what is known; none before the first outcome. */
  figures(): readonly Figure[] {
    const { plan, cells, letters, outcomes } = this;
    if (!outcomes.some((outcome) => outcome !== undefined)) return [];
    const { experiment, axes, repeat } = plan;
    const valueOf = (index: number, name: string): number => {
      const outcome = outcomes[index];
      return outcome !== undefined && !isFailure(outcome) ? (outcome.measures[name] ?? Number.NaN) : Number.NaN;
    };
    const { seed } = experiment;
    return sweepFigures({ axes, cells, repeat, seed, states: letters.join(''), valueOf }, shownMeasures(experiment, cells));
  }

  /** Of the outcomes that there are; those that are missing are no points of it. */
  summary(version: string): SweepSummary {
    const { plan, cells, outcomes } = this;
    const { experiment, axes, repeat, fingerprint } = plan;
    return {
      format: SWEEP_FORMAT,
      title: experiment.title,
      experiment,
      fingerprint,
      version,
      axes,
      repeat,
      seconds: outcomes.filter(isResult).reduce((sum, { seconds }) => sum + seconds, 0),
      points: outcomes.filter((outcome) => outcome !== undefined),
      cells: [...cells],
      figures: this.figures(),
    };
  }
}

export function summarise(plan: SweepPlan, points: readonly (SweepResult | SweepFailure)[], version: string): SweepSummary {
  const board = new SweepBoard(plan);
  for (const point of points) board.settle(point);
  return board.summary(version);
}

function isResult(outcome: SweepResult | SweepFailure | undefined): outcome is SweepResult {
  return outcome !== undefined && !isFailure(outcome);
}

function letterOf(outcome: SweepResult | SweepFailure): RunLetter {
  if (isFailure(outcome)) return 'f';
  switch (outcome.verdict.outcome) {
    case 'agrees':
      return 'a';
    case 'disagrees':
      return 'd';
    case 'inconclusive':
      return 'i';
    case 'no-prediction':
      return 'n';
    default:
      return outcome.verdict.outcome satisfies never;
  }
}

function cellOf({ settings }: SweepPlace, results: readonly SweepResult[]): SweepCell {
  const verdicts: Record<string, number> = {};
  for (const { verdict } of results) verdicts[verdict.outcome] = (verdicts[verdict.outcome] ?? 0) + 1;
  const names = [...new Set(results.flatMap(({ measures }) => Object.keys(measures)))];
  return {
    settings,
    verdicts,
    expected: meansOf(results.map(({ expected = {} }) => expected)),
    measures: Object.fromEntries(names.map((name) => [name, spreadOf(results.map(({ measures }) => measures[name] ?? Number.NaN))])),
  };
}

/** Of the names that every record has. */
function meansOf(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = Object.keys(records.at(0) ?? {}).filter((name) => records.every((record) => Object.hasOwn(record, name)));
  return Object.fromEntries(names.map((name) => [name, records.reduce((sum, record) => sum + record[name], 0) / records.length]));
}

/** Quartiles as in R's type 7 and numpy's default: linear between order statistics. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const count = sorted.length;
  const quantile = (share: number): number => {
    if (count === 0) return Number.NaN;
    const at = share * (count - 1);
    const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    return low === high ? low : low + (high - low) * (at - Math.floor(at));
  };
  const mean = count === 0 ? Number.NaN : sorted.reduce((sum, value) => sum + value, 0) / count;
  return { count, mean, median: quantile(0.5), lower: quantile(0.25), upper: quantile(0.75) };
}

/** Where the file names none: the first of these groups that the runs have. */
const SHOWN: readonly (readonly string[])[] = [
  ['distanceToL1', 'distanceToL2'],
  ['loss', 'testLoss'],
  ['distance'],
  ['directionDistance'],
  ['kktResidual'],
];

/** Those that the pictures show: the file's, or the first group that the runs have. */
function shownMeasures({ sweep }: Experiment, cells: readonly SweepCell[]): readonly string[] {
  const measure = sweep?.measure;
  if (measure !== undefined) return typeof measure === 'string' ? [measure] : measure;
  const has = (name: string): boolean => cells.some(({ measures }) => Object.hasOwn(measures, name));
  return SHOWN.find((names) => names.every(has)) ?? ['loss'];
}
