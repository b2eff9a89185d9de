/**
 * Z. Ji, M. Dudík, R. Schapire, M. Telgarsky, COLT 2020, Theorem 1: the direction of gradient descent and that of the regularization path
 * w̄(B) = argmin_{‖w‖ ≤ B} ℒ(w) have one limit. (A. Suggala, A. Prasad, P. Ravikumar, NeurIPS 2018, bound the distance of the two at finite times for
 * strongly convex losses.) Here the exponential loss, whose path is solved for with a certificate at the norm that the run has reached.
 *
 * From zero both lie on ŵ s + w̃ + O(1/s), the flow by Soudry et al.'s Theorem 4, the path because w̄ ∝ Σ e^(−zᵢ·w̄) zᵢ; so their directions differ by
 * O(1/‖w‖²) where each differs from the limit by O(1/‖w‖).
 */
import type { Experiment } from '../experiment/schema';
import { directionDistance } from '../measures/agreement';
import { norm2 } from '../numerics/vectors';
import type { Figure, Reference, Verdict } from '../protocol/report';
import { regularizationPath } from '../solvers/regularization-path';
import { SolverError } from '../solvers/reference-problem';
import { isLinearClassifier } from './linear-classification';
import { rateFigure } from './rate-figure';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { soudry2018MaxMargin } from './soudry-2018-max-margin';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'ji-2020-regularization-path';

/** As for every direction. */
const DIRECTION_TOLERANCE = 1e-4;
/** Or where the run still is on its way: a tenth of its distance to the limit, which shows that the path is followed, not only the limit approached. */
const SHARE = 0.1;
const FIGURE_POINTS = 40;

export const ji2020RegularizationPath: PublishedResult = {
  id: ID,
  row: 'C15',
  title: 'Gradient descent follows the regularization path',
  statement:
    'The direction of gradient descent at norm B and that of the minimiser of the loss over ‖w‖ ≤ B have the same limit: stopping early acts like ' +
    'constraining the norm. On separable data both go to the max-margin direction, and come close to each other before they come close to it.',
  formula: 'w(t)/‖w(t)‖ and w̄(B)/B, w̄(B) = argmin over ‖w‖ ≤ B of ℒ(w), have one limit;  B = ‖w(t)‖',
  status: 'theorem',
  citation: {
    authors: 'Ziwei Ji, Miroslav Dudík, Robert E. Schapire, Matus Telgarsky',
    year: 2020,
    title: 'Gradient descent follows the regularization path for general losses',
    venue: 'Conference on Learning Theory, PMLR 125',
    locus: 'Theorem 1',
    url: 'https://proceedings.mlr.press/v125/ji20a.html',
  },

  outline(experiment) {
    const outline = speaksOf(experiment) ? soudry2018MaxMargin.outline(experiment) : null;
    return outline === null
      ? null
      : ({
          ...outline,
          symbol: 'direction of argmin ℒ over ‖w‖ ≤ ‖w(t)‖',
          modelNote: null,
          optimizerNote: 'stopping early acts like a bound on ‖w‖',
        } satisfies Outline);
  },

  async examine(situation) {
    const outline = ji2020RegularizationPath.outline(situation.experiment);
    const limit = await soudry2018MaxMargin.examine(situation);
    return outline === null || limit === null ? null : examine(situation, outline, limit);
  },
};

function speaksOf(experiment: Experiment): boolean {
  return isLinearClassifier(experiment) && experiment.loss.kind === 'exponential';
}

function examine(situation: Situation, outline: Outline, limit: Examination): Examination {
  const zero = situation.start.every((value) => value === 0);
  const conditions = [
    ...limit.prediction.conditions,
    condition('start at 0, as the path does', zero, zero ? 'w(0) = 0' : 'from elsewhere the two still have one limit, but no common way'),
  ];
  const tolerance = situation.experiment.expect?.tolerance ?? DIRECTION_TOLERANCE;
  return {
    prediction: predictionOf(ji2020RegularizationPath, outline, conditions),
    measures: limit.measures,
    companions: [],
    solve: () => limit.solve(),
    judge: (trained, reference) => judge(trained, reference, situation, tolerance),
    figures: (trained, reference) => figures(trained, reference, situation),
  };
}

/** Directions of the path at these norms; gap of the worst point. */
function pathAt(norms: readonly number[], { facts, data }: Situation): ReturnType<typeof regularizationPath> {
  const separation = facts.separability();
  if (!separation.separable) throw new Error('The data has been found separable before.');
  return regularizationPath(facts.signedInputs(), data.samples, facts.width, norms, separation.margin);
}

function judge(trained: Trained, reference: Reference | null, situation: Situation, tolerance: number): Verdict {
  const base = { result: ID, measure: 'direction-distance to the path' };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, tolerance, says: NO_REFERENCE };
  }
  const limit = Float64Array.from(reference.predictor);
  const size = norm2(trained.predictor);
  try {
    const [point] = pathAt([size], situation);
    const value = directionDistance(trained.predictor, point.w);
    const left = directionDistance(trained.predictor, limit);
    const allowed = Math.max(tolerance, SHARE * left);
    const says =
      `At ‖w‖ = ${inWords(size)} the direction is ${inWords(value)} from the regularization path (solved to a relative gap of ${inWords(point.gap)}) ` +
      `and ${inWords(left)} from the limit that both have`;
    if (value <= allowed) return { ...base, outcome: 'agrees', value, tolerance: allowed, says: `${says}.` };
    return size < NEAR_START / situationMargin(situation)
      ? { ...base, outcome: 'inconclusive', value, tolerance: allowed, says: `${says}: too early for a limit to show.` }
      : { ...base, outcome: 'disagrees', value, tolerance: allowed, says: `${says}.` };
  } catch (error) {
    if (!(error instanceof SolverError)) throw error;
    return { ...base, outcome: 'inconclusive', value: null, tolerance, says: `The path could not be solved for: ${error.message}.` };
  }
}

/** Margins γ‖w‖ below this are those of the transient. */
const NEAR_START = 10;

function situationMargin({ facts }: Situation): number {
  const separation = facts.separability();
  return separation.separable ? separation.margin : 1;
}

function figures(trained: Trained, reference: Reference | null, situation: Situation): readonly Figure[] {
  const norms = trained.trajectory['l2Norm'] ?? [];
  const distances = trained.trajectory['directionDistance'] ?? [];
  if (reference?.predictor == null) return [];
  const limit = Float64Array.from(reference.predictor);
  const kept = norms.flatMap((norm, k) => (norm > 0 && Number.isFinite(distances[k]) ? [k] : []));
  const stride = Math.max(1, Math.ceil(kept.length / FIGURE_POINTS));
  const few = kept.filter((_, k) => k % stride === 0 || k === kept.length - 1);
  const path = new Array<number>(norms.length).fill(Number.NaN);
  try {
    // Ascending, as the path wants them; a flow's norm grows, but not strictly in the last digit.
    const ordered = few.toSorted((a, b) => norms[a] - norms[b]);
    pathAt(
      ordered.map((k) => norms[k]),
      situation,
    ).forEach(({ w }, k) => (path[ordered[k]] = directionDistance(w, limit)));
  } catch (error) {
    if (!(error instanceof SolverError)) throw error;
  }
  return rateFigure({
    id: 'regularization-path',
    title: 'Distance to the max-margin direction over ‖w‖: the run and the regularization path',
    x: { label: '‖w‖₂', scale: 'log', values: norms },
    y: { label: '‖u − u*‖', measured: distances, foreseen: path },
    foreseenName: 'regularization path',
  });
}
