/** Where Theorem 4 of D. Soudry et al., JMLR 19(70), 2018 puts a linear classifier at a finite time. */
import { directionDistance } from '../measures/agreement';
import { norm2 } from '../numerics/vectors';
import type { Figure, Reference, Verdict } from '../protocol/report';
import { minimumNorm } from '../solvers/minimum-norm';
import { earlierValue } from './linear-classification';
import { rateFigure } from './rate-figure';
import type { Situation, Trained } from './result';
import { rowRank } from './row-rank';
import { inWords, NO_REFERENCE } from './wording';

/**
 * The predictor that Theorem 4 foresees at time t of the total loss: ŵ ln t + w̃ with α_n = exp(−z_n·w̃) on the support
 * vectors and w̃ = w(0) across them. Null where the support vectors do not span the data, or one has α_n = 0.
 */
export function logarithmicLaw(logTime: number, situation: Situation): Float64Array | null {
  const { facts, data, loss, start } = situation;
  const separation = facts.separability();
  if (!separation.separable || !Number.isFinite(logTime)) return null;
  const { point, multipliers } = separation.answer;
  const z = facts.signedInputs();
  const largest = multipliers.reduce((most, value) => Math.max(most, value), 0);
  const support = Array.from(multipliers.keys()).filter((i) => multipliers[i] > 1e-9 * largest);
  const width = facts.width;
  const rows = new Float64Array(support.length * width);
  support.forEach((i, k) => rows.set(z.subarray(i * width, (i + 1) * width), k * width));
  if (rowRank(rows, support.length, width) < facts.spectrum().rank) return null;
  // A sample that lies on the margin without a multiplier makes ρ grow like ln ln t.
  for (let i = 0; i < data.samples; i++) {
    if (support.includes(i)) continue;
    let q = 0;
    for (let j = 0; j < width; j++) q += z[i * width + j] * point[j];
    if (q < 1 + 1e-7) return null;
  }
  const rhs = Float64Array.from(support, (i) => -Math.log(multipliers[i]));
  const offset = minimumNorm(rows, rhs, support.length, width, start).point;
  const logTotalTime = logTime - (loss.reduction === 'mean' ? Math.log(data.samples) : 0);
  return offset.map((value, j) => value + point[j] * logTotalTime);
}

/**
 * What the law neglects: terms of order t^(1−θ), θ the second smallest margin of ŵ, and the finite step. A thousandth of ‖w‖ leaves room for
 * them after some 10⁵ steps; a wrong direction would differ by its own angle, a law in another variable than ln t by all of its offset.
 */
const LAW_TOLERANCE = 1e-3;
/** Where the law has no closed offset, the direction itself has to have arrived, as for gradient flow. */
const DIRECTION_TOLERANCE = 1e-4;

/** What both results on discrete steps say: the max-margin direction, judged by the law that leads to it. */
export interface LawJudge {
  readonly id: string;
  readonly situation: Situation;
  /** ln of the time of the flow that the steps amount to. */
  logTime(trained: Trained): number;
}

/**
 * The direction of w comes closer only like 1/ln t: no run in steps arrives. But Theorem 4 says where w itself is: ŵ ln t + w̃.
 * So what is compared is w with that vector, relative to ‖w‖, which is the sharper test.
 */
export function judgeByLaw({ id, situation, logTime }: LawJudge, trained: Trained, reference: Reference | null): Verdict {
  const { experiment } = situation;
  const base = { result: id, measure: 'distance from ŵ ln t + w̃, relative', tolerance: experiment.expect?.tolerance ?? LAW_TOLERANCE };
  if (reference?.predictor == null || trained.predictor === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: NO_REFERENCE };
  }
  const predicted = Float64Array.from(reference.predictor);
  const direction = directionDistance(trained.predictor, predicted);
  const time = logTime(trained);
  const law = logarithmicLaw(time, situation);
  const off = `The direction of w is ${inWords(direction)} from the max-margin direction at ln t = ${inWords(time)}`;
  if (law === null) {
    const tolerance = experiment.expect?.tolerance ?? DIRECTION_TOLERANCE;
    const given = { ...base, measure: 'direction-distance', tolerance, value: direction };
    return direction <= tolerance
      ? { ...given, outcome: 'agrees', says: `${off}, within ${inWords(tolerance)}.` }
      : {
          ...given,
          outcome: 'inconclusive',
          says: `${off}. The support vectors do not span the data, so the law has no closed offset to compare with.`,
        };
  }
  let sum = 0;
  for (let j = 0; j < law.length; j++) sum += (trained.predictor[j] - law[j]) ** 2;
  const value = Math.sqrt(sum) / norm2(trained.predictor);
  const foreseen = directionDistance(law, predicted);
  const says = `${off}, where ŵ ln t + w̃ foresees ${inWords(foreseen)}; w itself is ${inWords(value)} from that law`;
  if (value <= base.tolerance) return { ...base, outcome: 'agrees', value, says: `${says}, within ${inWords(base.tolerance)}.` };
  const earlier = earlierValue(trained, 'directionDistance');
  // In the transient of the start the direction still moves faster than the law, or ln t is small.
  const moving = earlier !== null && direction < earlier / FALLING;
  // Large first steps, and momentum the more, put w where the flow comes much later. That is a shift of t, of which ln t and with it the law forget all but 1/t.
  const then = earlierValue(trained, 'logTime');
  const lawThen = then === null ? null : logarithmicLaw(logTime({ ...trained, logTime: then }), situation);
  const approaching =
    earlier !== null &&
    lawThen !== null &&
    Math.abs(direction - foreseen) < Math.abs(earlier - directionDistance(lawThen, predicted)) / FALLING;
  return !(time > SETTLED_LOG_TIME) || moving || approaching
    ? { ...base, outcome: 'inconclusive', value, says: `${says}; the run is too short to tell.` }
    : { ...base, outcome: 'disagrees', value, says: `${says}, and the direction comes no closer to either.` };
}

/** Fewer than e^5 units of time are the transient of the start. */
const SETTLED_LOG_TIME = 5;
/** 1/ln t halves from half of ln t to ln t; falling by a tenth is the least that counts. */
const FALLING = 1.1;

/** Distance of the direction over ln t, and what the law foresees. */
export function lawFigure({ situation, logTime }: LawJudge, trained: Trained, reference: Reference | null): readonly Figure[] {
  const times = trained.trajectory['logTime'] ?? [];
  const distances = trained.trajectory['directionDistance'] ?? [];
  if (reference?.predictor == null) return [];
  const predicted = Float64Array.from(reference.predictor);
  const own = times.map((time) => logTime({ ...trained, logTime: time }));
  const foreseen = own.map((time) => {
    const law = time > 0 ? logarithmicLaw(time, situation) : null;
    return law === null ? Number.NaN : directionDistance(law, predicted);
  });
  return rateFigure({
    id: 'direction-rate',
    title: 'Distance of the direction over ln t',
    x: { label: 'ln t', scale: 'log', values: own },
    y: { label: '‖w/‖w‖ − u*‖', measured: distances, foreseen },
    foreseenName: 'law ŵ ln t + w̃',
  });
}

/** The ℓ2 max-margin predictor as a predicted reference. */
export function maxMarginReference({ facts }: Situation): Reference | null {
  const separation = facts.separability();
  if (!separation.separable) return null;
  const { point, objective, certificate } = separation.answer;
  return {
    id: 'max-margin',
    title: 'ℓ2 max-margin predictor, scaled to margin 1',
    regularizer: 'l2-max-margin',
    predictor: Array.from(point),
    objective,
    certificate,
    role: 'predicted',
  };
}
