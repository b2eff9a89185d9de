import type { Citation, Condition, Prediction } from '../protocol/report';
import type { Page } from './page';

/** The prediction that counts, with its conditions and citation; then, shorter, what else was considered. */
export function writePredictions(page: Page, predictions: readonly Prediction[]): void {
  const [first, ...others] = predictions;
  if (first === undefined) {
    page.entry('prediction', 'none: no published result that the lab knows speaks of this experiment.');
    return;
  }
  writePrediction(page, 'prediction', first);
  for (const other of others) writePrediction(page, 'also known', other);
}

function writePrediction(page: Page, label: string, prediction: Prediction): void {
  const { symbol, title, statement, status, applies, conditions, citation } = prediction;
  page.entry(label, `${symbol} · ${title} (${status})${applies ? '' : ' – does not apply here'}`, { colour: page.paint.strong });
  if (applies) page.entry('', statement);
  for (const condition of conditions) page.entry('', conditionText(condition), { mark: conditionMark(page, condition) });
  page.entry('', citationText(citation), { colour: page.paint.faint });
}

function conditionText({ text, because }: Condition): string {
  return because === '' ? text : `${text}: ${because}`;
}

function conditionMark({ paint }: Page, { holds }: Condition): string {
  if (holds === 'unknown') return paint.unsure('?');
  return holds ? paint.good('✓') : paint.bad('✗');
}

function citationText({ authors, year, title, venue, locus, url }: Citation): string {
  return (
    [`${authors} (${year}). ${title}. ${venue}`, ...(locus === undefined ? [] : [locus])].join(', ') + (url === undefined ? '' : ` ${url}`)
  );
}
