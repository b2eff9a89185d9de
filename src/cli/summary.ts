import { dataSize } from '../protocol/data-size';
import { MEASURES } from '../protocol/measures';
import type { Outcome, Reference, Report, Verdict } from '../protocol/report';
import { numberText, secondsText } from './number-text';
import type { Page } from './page';
import { writePredictions } from './prediction-text';

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  converged: 'converged',
  stopped: 'stopped',
  stuck: 'stuck',
  diverged: 'diverged',
  cancelled: 'cancelled',
  failed: 'failed',
};

/** A run for people, drawn from its report alone. */
export function writeSummary(page: Page, file: string, report: Report): void {
  page.heading(report.title === '' ? file : report.title, file);
  page.entry('data', dataSize(report.data.samples, report.data.features));
  writePredictions(page, report.predictions);
  for (const reference of report.references) writeReference(page, reference);
  page.entry('run', `${OUTCOMES[report.outcome]} after ${secondsText(report.seconds)}. ${report.ended}`);
  writeMeasures(page, report.measures);
  writeVerdict(page, report.verdict);
  writeExpected(page, report);
  writeSwept(page, file, report);
}

function writeReference(page: Page, { role, title, objective, certificate }: Reference): void {
  page.entry(
    role === 'predicted' ? 'reference' : 'compared',
    `${title}: objective ${numberText(objective)}, ${certificate.kind} ${numberText(certificate.value)}`,
  );
  page.entry('', certificate.says, { colour: page.paint.faint });
}

function writeMeasures(page: Page, measures: Report['measures']): void {
  const values: string[] = [];
  const without: string[] = [];
  for (const [name, value] of Object.entries(measures)) {
    const title = name in MEASURES ? MEASURES[name as keyof typeof MEASURES].title : name;
    // Non-breaking inside, so that a value is not torn from its name.
    if (Number.isNaN(value)) without.push(title.replaceAll(' ', '\u00a0'));
    else values.push(`${title} ${numberText(value)}`.replaceAll(' ', '\u00a0'));
  }
  if (values.length > 0) page.entry('measures', values.join(' · '));
  // A margin before the samples are separated, a balance of layers that are all 0, the loss of a run that overflowed.
  if (without.length > 0) page.entry(values.length > 0 ? '' : 'measures', `without a value at the end: ${without.join(' · ')}`);
}

function writeVerdict(page: Page, verdict: Verdict): void {
  const { paint } = page;
  const { outcome, measure, value, tolerance, limit = 'tolerance', says } = verdict;
  const marks = { agrees: paint.good('✓'), disagrees: paint.bad('✗'), inconclusive: paint.unsure('?'), 'no-prediction': paint.unsure('–') };
  const numbers =
    measure === null || value === null
      ? ''
      : ` · ${measure} ${numberText(value)}${tolerance === null ? '' : `, ${limit} ${numberText(tolerance)}`}`;
  page.entry('verdict', `${outcome}${numbers}`, { mark: marks[outcome], colour: paint.strong });
  page.entry('', says);
}

/** A file with a sweep is more than the one run that is shown. */
function writeSwept(page: Page, file: string, { experiment }: Report): void {
  if ((experiment as { readonly sweep?: unknown }).sweep === undefined) return;
  page.entry('sweep', `This is the experiment as it stands; its sweep is run by: bias-lab sweep ${file}`);
}

/** What the file expects, where it does. */
function writeExpected(page: Page, { asExpected, experiment }: Report): void {
  if (asExpected === null) return;
  const { expect } = experiment as { readonly expect?: { readonly verdict?: string; readonly result?: string } };
  const says = [expect?.verdict, ...(expect?.result === undefined ? [] : [`about ${expect.result}`])].join(' ');
  const mark = asExpected ? page.paint.good('✓') : page.paint.bad('✗');
  page.entry('expected', `The file expects: ${says}.`, { mark });
}
