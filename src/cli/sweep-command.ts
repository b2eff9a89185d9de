import { availableParallelism } from 'node:os';
import path from 'node:path';
import { MEASURES } from '../protocol/measures';
import { toPlain } from '../protocol/report-json';
import { isFailure, type SweepCell, type SweepProgress, type SweepSummary } from '../protocol/sweep';
import { pausedText, progressFraction, progressText } from '../study/sweep-words';
import { EngineError } from '../worker/sweep-engine';
import { createEngine, ENGINES, type EngineChoice } from '../worker/sweep-engines';
import { sweepFolderOf } from '../worker/sweep-folder';
import { FolderLocked } from '../worker/sweep-lock';
import type { PointCompute } from '../worker/sweep-point';
import { runSweep, type SweepAnswer } from '../worker/sweep-runner';
import { diagnosticLine } from './diagnostic-line';
import { EXIT, statusOfReport, worst, type ExitStatus } from './exit-status';
import { readExperiment } from './experiment-file';
import { fileOutput } from './file-output';
import { numberText } from './number-text';
import { Page } from './page';
import { paintFor } from './paint';
import { ProgressLine } from './progress-line';
import type { Terminal } from './terminal';
import { printable } from './terminal-text';
import { systemReason, UsageError } from './usage-error';
import { wholeNumber } from './whole-number';

export interface SweepCommandOptions {
  readonly engine?: string;
  readonly jobs?: string;
  readonly perTask?: string;
  readonly out?: string;
  readonly json?: string;
}

/** Cells shown in the table; all of them are in sweep.json. */
const MOST_ROWS = 60;

/**
 * Runs every point of a file's sweep that has no result yet, here or on a cluster.
 * @throws UsageError before anything is run
 */
export async function sweepCommand(name: string, options: SweepCommandOptions, terminal: Terminal): Promise<ExitStatus> {
  const { stderr, env, signal } = terminal;
  const chosen = engineOf(options);
  const { source } = await readExperiment(name, terminal.cwd);
  const folder = options.out === undefined ? sweepFolderOf(source.path as string) : path.resolve(terminal.cwd, options.out);
  const json = options.json === undefined ? null : await fileOutput(options.json, terminal);
  const progress = new ProgressLine(stderr, 1);
  const pool = chosen.kind === 'local' ? terminal.createPool(chosen.jobs ?? availableParallelism()) : null;
  let answer: SweepAnswer;
  try {
    const onProgress = (event: SweepProgress): void =>
      progress.update(name, { type: 'progress', fraction: progressFraction(event), says: progressText(event) });
    const taskCommand = [...terminal.program, 'sweep-task'];
    const engine = await createEngine(chosen, { folder, taskCommand, compute: () => pool as PointCompute });
    answer = await runSweep({ source, folder, engine, signal, onProgress });
  } catch (error) {
    if (error instanceof FolderLocked || error instanceof EngineError) throw new UsageError(`${printable(name)}: ${error.message}`);
    if (error instanceof Error && 'code' in error) throw new UsageError(`cannot work in ${JSON.stringify(folder)}: ${systemReason(error)}`);
    throw error;
  } finally {
    progress.clear();
    await pool?.dispose();
  }

  switch (answer.type) {
    case 'invalid':
      for (const diagnostic of answer.diagnostics) stderr.write(diagnosticLine(name, diagnostic, paintFor(stderr, env)));
      return EXIT.wrong;
    case 'cancelled': {
      const { done, total } = answer;
      // Before the points are known there is nothing to go on with.
      const says = total === 0 ? 'cancelled' : `${pausedText(done, total)}; the same call does the others`;
      stderr.write(`${printable(name)}: ${says}\n`);
      return EXIT.cancelled;
    }
    case 'done': {
      const { summary } = answer;
      const page = new Page(stderr, paintFor(stderr, env));
      writeSweep(page, name, summary, path.relative(terminal.cwd, folder));
      page.blank();
      stderr.write(page.toString());
      if (json === null) terminal.stdout.write(`${verdictsText(summary)}\n`);
      else await json.write(JSON.stringify(toPlain(summary), null, 1));
      return statusOfSweep(summary);
    }
    default:
      return answer satisfies never;
  }
}

function engineOf({ engine = 'local', jobs, perTask }: SweepCommandOptions): EngineChoice {
  const kind = ENGINES.find((one) => one === engine);
  if (kind === undefined) throw new UsageError(`--engine ${JSON.stringify(engine)}: expected one of ${ENGINES.join(', ')}`);
  if (kind === 'local' && perTask !== undefined) throw new UsageError('--per-task: the engine "local" has no tasks');
  return {
    kind,
    jobs: jobs === undefined ? null : wholeNumber('--jobs', jobs, kind === 'local' ? 256 : 100_000),
    perTask: perTask === undefined ? null : wholeNumber('--per-task', perTask, 10_000),
  };
}

/** The worst of its runs, as if each had been run by itself. */
export function statusOfSweep({ points }: SweepSummary): ExitStatus {
  return worst(points.map((point) => (isFailure(point) ? EXIT.unanswered : statusOfReport(point))));
}

function verdictsText({ points }: SweepSummary): string {
  const counts = new Map<string, number>();
  for (const point of points) {
    const verdict = isFailure(point) ? 'failed' : point.verdict.outcome;
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return `${points.length} ${points.length === 1 ? 'run' : 'runs'}: ${[...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', ')}`;
}

function writeSweep(page: Page, file: string, summary: SweepSummary, folder: string): void {
  const { axes, cells, points, repeat, figures } = summary;
  page.heading(summary.title === '' ? file : summary.title, file);
  page.entry(
    'sweep',
    `${axes.map(({ path: axis, values }) => `${axis} (${values.length})`).join(' × ')}${repeat > 1 ? ` × ${repeat} seeds` : ''}`,
  );
  // Each figure is of one measure or of a few of one kind: its id names them.
  const shown = Object.keys(MEASURES).filter((name) => figures.some(({ id }) => id.split('-').includes(name)));
  writeCells(page, axes, cells.slice(0, MOST_ROWS), shown);
  if (cells.length > MOST_ROWS) page.entry('', `… and ${cells.length - MOST_ROWS} more in sweep.json`);
  for (const { says } of figures) page.entry('picture', says);
  for (const point of points.filter(isFailure).slice(0, 5))
    page.entry('failed', `point ${point.index}: ${point.failure}`, { mark: page.paint.bad('✗') });
  page.entry('results', folder === '' ? '.' : folder);
  page.entry('verdicts', verdictsText(summary), { colour: page.paint.strong });
}

function writeCells(page: Page, axes: SweepSummary['axes'], cells: readonly SweepCell[], shown: readonly string[]): void {
  const names = axes.map(({ path: axis }) => axis.split('/').at(-1) ?? axis);
  const titles = shown.map((name) => MEASURES[name as keyof typeof MEASURES].title);
  const rows = cells.map(({ settings, measures, verdicts }) => ({
    place: settings.map(({ value }) => (typeof value === 'number' ? numberText(value) : JSON.stringify(value))),
    values: shown.map((name) => (Object.hasOwn(measures, name) ? statisticText(measures[name]) : '')),
    judged: judgedText(verdicts),
  }));
  const whole = page.table(
    [...names, ...titles, 'verdicts'],
    rows.map(({ place, values, judged }) => [...place, ...values, judged]),
  );
  if (whole) return;
  for (const { place, values, judged } of rows) {
    page.entry('', [...names.map((name, axis) => `${name} ${place[axis]}`), judged].join(' · '));
    for (const [index, value] of values.entries())
      // Non-breaking inside, so that an interval is not torn.
      if (value !== '') page.entry('', `${titles[index]} ${value.replaceAll(' ', '\u00a0')}`, { mark: '·' });
  }
}

/** "0.34 [0.22, 0.46]": the median, and between which quartiles. */
function statisticText({ count, median, lower, upper }: SweepCell['measures'][string]): string {
  return `${numberText(median)}${count > 1 ? ` [${numberText(lower)}, ${numberText(upper)}]` : ''}`;
}

function judgedText(verdicts: SweepCell['verdicts']): string {
  const counts = Object.entries(verdicts);
  return counts.map(([verdict, count]) => (count === 1 && counts.length === 1 ? verdict : `${count} ${verdict}`)).join(', ');
}
