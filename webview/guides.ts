/** Horizontal lines that a chart shows beside the curves: the verdict's tolerance and the values the prediction implies. */
import type { Reference, Verdict } from '../src/protocol/report';
import { euclideanNorm } from './coefficient-set';
import type { Curves } from './live-buffer';
import { lastDrawable } from './series';
import { limitWord } from './words';

export interface Guide {
  readonly kind: 'tolerance' | 'predicted';
  /** Column on whose chart it is drawn. */
  readonly measure: string;
  readonly label: string;
  readonly value: number;
}

/** The column that shows the verdict's measure along the way. */
const COLUMN_OF_VERDICT: Readonly<Record<string, string>> = {
  'relative-distance': 'distance',
  'direction-distance': 'directionDistance',
  angle: 'angle',
  'margin-gap': 'marginGap',
};

/** True when directions are compared: only the ratios of the coefficients mean something. */
export function comparesDirections(verdict: Verdict | null, references: readonly Reference[]): boolean {
  // The predictor of a margin problem is scaled to margin 1, whatever the verdict measures.
  return (
    verdict?.measure === 'direction-distance' ||
    verdict?.measure === 'angle' ||
    references.some(({ id, role }) => role === 'predicted' && id.includes('margin'))
  );
}

/** All guides that the data at hand supports. */
export function guidesOf(verdict: Verdict | null, references: readonly Reference[], curves: Curves): readonly Guide[] {
  const guides: Guide[] = [];
  if (verdict !== null && verdict.measure !== null && verdict.tolerance !== null && verdict.tolerance > 0) {
    const measure = COLUMN_OF_VERDICT[verdict.measure] ?? verdict.measure;
    guides.push({ kind: 'tolerance', measure, label: `${limitWord(verdict)} of the verdict`, value: verdict.tolerance });
  }
  const predicted = references.find(({ role, predictor }) => role === 'predicted' && predictor !== null);
  if (predicted?.predictor && !comparesDirections(verdict, references)) {
    const absolute = predicted.predictor.reduce((sum, w) => sum + Math.abs(w), 0);
    guides.push({ kind: 'predicted', measure: 'l1Norm', label: 'predicted ‖w*‖₁', value: absolute });
    guides.push({ kind: 'predicted', measure: 'l2Norm', label: 'predicted ‖w*‖₂', value: euclideanNorm(predicted.predictor) });
  }
  const largest = largestMargin(curves);
  if (Number.isFinite(largest)) guides.push({ kind: 'predicted', measure: 'margin', label: 'largest margin γ*', value: largest });
  return guides.filter(({ value }) => Number.isFinite(value));
}

/** γ* from the recorded margin γ and gap 1 − γ/γ*; NaN where they do not determine it. */
function largestMargin(curves: Curves): number {
  const margin = curves.column('margin');
  const gap = curves.column('marginGap');
  if (margin === null || gap === null) return Number.NaN;
  const row = lastDrawable(gap, curves.rows);
  return row < 0 || !(gap[row] < 1) ? Number.NaN : margin[row] / (1 - gap[row]);
}
