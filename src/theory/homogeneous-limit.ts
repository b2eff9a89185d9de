/** What the results on deep linear classifiers have in common: their conditions, and how a margin that is still growing is judged. */
import type { Experiment } from '../experiment/schema';
import { MarginConstraints, parameterMargin } from '../measures/margin-constraints';
import { norm2 } from '../numerics/vectors';
import type { Condition, Verdict } from '../protocol/report';
import type { MaxMargin } from '../solvers/max-margin';
import type { Undecided } from './facts';
import type { Situation, Trained } from './result';
import { condition, inWords } from './wording';

/**
 * Normalized margins are promised to a tenth of a per mille: a flow to ln ℒ = −10⁸ leaves (frozen part / ‖θ‖)², at most that for
 * models of degree up to 4.
 */
export const MARGIN_TOLERANCE = 1e-4;

/** Losses of which these results speak in some way: those that push margins to infinity. */
export function isClassification({ loss }: Experiment): boolean {
  return loss.kind !== 'square' && loss.kind !== 'squared-hinge';
}

/** Conditions that the file alone decides. */
export function flowConditions({ loss, optimizer }: Experiment): Condition[] {
  const exponential = loss.kind === 'logistic' || loss.kind === 'exponential' || loss.kind === 'cross-entropy';
  return [
    condition(
      'loss with an exponential tail',
      exponential,
      loss.kind === 'logistic' ? 'ln(1 + e^(−q))' : loss.kind === 'exponential' ? 'e^(−q)' : loss.kind,
    ),
    optimizer.kind === 'gradient-flow'
      ? condition('gradient flow', true, 'gradient flow')
      : condition(
          'gradient flow',
          optimizer.kind === 'gradient-descent' && optimizer.momentum === 0 ? 'unknown' : false,
          optimizer.kind === 'gradient-descent' && optimizer.momentum === 0
            ? 'gradient descent is covered with steps below a bound H(ℒ) at every time to come; H is not evaluated here, and a run shows its consequences alone'
            : optimizer.kind === 'gradient-descent'
              ? `momentum ${optimizer.momentum}`
              : `${optimizer.kind} is another path`,
        ),
  ];
}

export function separableCondition(separation: MaxMargin | Undecided, text = 'data linearly separable through the origin'): Condition {
  return separation.separable === null
    ? condition(text, 'unknown', separation.because)
    : separation.separable
      ? condition(text, true, `ℓ2 margin ${inWords(separation.margin)}`)
      : condition(text, false, `a combination with non-negative weights vanishes, to ${inWords(separation.certificate.value)}`);
}

/** min_k q_k(θ)/‖θ‖^L of parameters. */
export function parameterMarginOf({ model, data }: Situation, theta: Float64Array): number {
  const outputs = new Float64Array(model.samples * model.outputsPerSample);
  model.outputs(theta, outputs);
  return parameterMargin(new MarginConstraints(model.outputsPerSample, data.y), outputs, norm2(theta), model.degree ?? 1);
}

export interface MarginComparison {
  readonly result: string;
  /** "ℓ1 margin". */
  readonly name: string;
  /** 1 − margin of the trained predictor / predicted margin. */
  readonly gap: number;
  /** The same of the margin in parameters, which is never smaller. */
  readonly parameterGap: number;
  readonly tolerance: number;
  /** What else is to be said of an agreement, one clause without a full stop; empty for nothing. */
  readonly detail: string;
}

/**
 * A gap within the tolerance agrees. A larger one that the margin in parameters explains is inconclusive: a flow may wait near a stationary
 * point of the margin problem, where a coefficient that the optimum needs is still small, and leave it like a small power of ‖θ‖. (By weak
 * duality a gap means that some multiplier exceeds its bound there, so a coefficient that is not stuck grows.) It disagrees where the
 * margin explains less, or grows by less than its distance from a stationary point demands.
 */
export function judgeMargin(
  { result, name, gap, parameterGap, tolerance, detail }: MarginComparison,
  trained: Trained,
  situation: Situation,
): Verdict {
  const base = { result, measure: `relative gap of the ${name}`, value: gap, tolerance };
  if (Math.abs(gap) <= tolerance) {
    return {
      ...base,
      outcome: 'agrees',
      says: `The ${name} is within ${inWords(Math.abs(gap))} of the largest possible one, relatively (tolerance ${inWords(tolerance)})${detail === '' ? '' : `; ${detail}`}.`,
    };
  }
  const margin = `The ${name} is ${inWords(Math.abs(gap))} ${gap > 0 ? 'below' : 'above'} the largest possible one, relatively`;
  if (gap > 0 && gap <= parameterGap * (1 + 1e-9)) {
    const earlier = earlierParameterGap(trained, parameterGap);
    const decade = lastDecade(trained, Infinity);
    const end = `at ln ℒ = ${inWords(trained.logLoss)}`;
    const closing = !hasSettled(trained, situation) || (earlier !== null && parameterGap < earlier / FALLING);
    if (closing || decade === null || decade.grown + GROWTH >= decade.demanded) {
      const was =
        earlier === null ? '' : `; the gap in parameters was ${inWords(earlier)} at a tenth of −ln ℒ and is ${inWords(parameterGap)}`;
      const on = situation.experiment.stop.logLoss === undefined ? '' : ': a lower stop.logLoss goes on';
      return {
        ...base,
        outcome: 'inconclusive',
        says: closing
          ? `${margin}, and still closing ${end}${was}${on}.`
          : `${margin}, and hardly closing ${end}${was}: near a stationary point of the margin problem a flow waits, and no theorem says how long.`,
      };
    }
  }
  return { ...base, outcome: 'disagrees', says: `${margin}, and it is not closing at ln ℒ = ${inWords(trained.logLoss)}.` };
}

/** Of ln of the margin: what an integrator of tolerance 10⁻⁹ neglects over some thousand steps. */
const GROWTH = 1e-5;
/** Before this the transient of the start may still hide the limit. */
const SETTLED = -1e4;
/** The same in units of the start: from a large one ln ℒ = −10⁸ is reached while the parameters have hardly moved. */
const OUTGROWN = 1e4;

/** Whether losses are small and outputs, which grow like ‖θ‖^L, large against those that parameters as long as the start can have. */
function hasSettled({ logLoss, parameters }: Trained, { model, start }: Situation): boolean {
  return logLoss < SETTLED && (norm2(parameters) / norm2(start)) ** (model.degree ?? 1) >= OUTGROWN;
}

/**
 * No theorem says how fast the margin in parameters rises: where one coordinate takes over from another it can take many decades of ln ℒ.
 * What falls by less than 2 % over a decade is not called closing, by convention: a larger number would call slow limits wrong.
 */
export const FALLING = 1.02;

export interface Decade {
  /** The residual where −ln ℒ was a tenth of its final value. */
  readonly earlier: number;
  /** By how much the logarithm of the smoothed margin has grown since. */
  readonly grown: number;
  /** By how much it has to, with the smallest residual in between. */
  readonly demanded: number;
}

/**
 * No theorem says how fast the residual falls, but one inequality ties it to the growth of the smoothed margin γ̃, and is what makes the
 * direction converge in Lyu & Li's proof. With φ the angle of θ and −∇ℒ, ρ = ‖θ‖, ν = −⟨θ, ∇ℒ⟩/L = Σ e^(−q) q ≥ ℒ ln(1/ℒ),
 *
 *     d ln γ̃/dt = ‖∇ℒ‖²/(ℒ ln 1/ℒ) − L²ν/ρ²  ≥  L²ν/ρ² (1/cos²φ − 1) = L tan²φ d ln ρ/dt.
 *
 * The residual r is least over all multipliers, those of the flow among them, so r ≤ sin φ (what their slackness adds falls like 1/ln(1/ℒ)).
 * And L d ln ρ = d ln ln(1/ℒ) − d ln γ̃. So γ̃, which is bounded, cannot rest where r does not vanish; and a run on which it rises by less
 * is no gradient flow of this loss, or its residual is wrong. A residual that is no smaller than it was says nothing by itself.
 *
 * @param now the residual at the end
 */
export function lastDecade({ trajectory, logLoss }: Trained, now: number): Decade | null {
  const losses = trajectory['logLoss'];
  const residuals = trajectory['kktResidual'];
  // Without its smoothed version the margin itself, which is above it by ln n/|ln ℒ| at most.
  const smoothed = trajectory['smoothedMargin'] ?? trajectory['parameterMargin'];
  if (losses === undefined || residuals === undefined || smoothed === undefined) return null;
  let from = -1;
  let nearest = Infinity;
  for (let k = 0; k < losses.length; k++) {
    const known = losses[k] < 0 && Number.isFinite(residuals[k]) && smoothed[k] > 0;
    const away = known ? Math.abs(Math.log((10 * losses[k]) / logLoss)) : Infinity;
    if (away < nearest) [from, nearest] = [k, away];
  }
  const end = losses.length - 1;
  if (from < 0 || from === end || !(smoothed[end] > 0)) return null;
  const least = residuals.slice(from).reduce((low, r) => (r < low ? r : low), now);
  const grown = Math.log(smoothed[end] / smoothed[from]);
  const tangent = least < 1 ? least ** 2 / (1 - least ** 2) : Infinity;
  return { earlier: residuals[from], grown, demanded: tangent * Math.max(0, Math.log(losses[end] / losses[from]) - grown) };
}

/** The gap of the margin in parameters where −ln ℒ was a tenth of its final value. */
function earlierParameterGap(trained: Trained, now: number): number | null {
  const growth = marginGrowth(trained);
  return growth === null ? null : 1 - (1 - now) * (1 - growth);
}

/** By which part of its final value the margin in parameters grew while −ln ℒ grew tenfold to the end, from the recorded curve; else null. */
export function marginGrowth({ trajectory, logLoss }: Trained): number | null {
  const losses = trajectory['logLoss'];
  const margins = trajectory['parameterMargin'];
  if (losses === undefined || margins === undefined) return null;
  let best = -1;
  let nearest = Infinity;
  for (let k = 0; k < losses.length; k++) {
    const away = Math.abs(Math.log(losses[k] / logLoss) + Math.LN10);
    if (losses[k] < 0 && margins[k] > 0 && away < nearest) {
      best = k;
      nearest = away;
    }
  }
  return best < 0 ? null : 1 - margins[best] / margins[margins.length - 1];
}
