/**
 * D. Chemnitz, M. Engel, Characterizing dynamical stability of stochastic gradient descent in overparameterized learning, JMLR 26, 2025.
 *
 * Whether SGD can accumulate at a global minimum is decided by the sign of a Lyapunov exponent: λ = lim (1/t) ln‖(I − ηH_{B_t}) ⋯ (I − ηH_{B_1})‖, the almost sure
 * rate of the linearised steps across the set of minima. By Jensen's inequality λ ≤ ½ ln ρ, ρ the growth of second moments: between the two thresholds typical runs
 * settle although their mean square explodes.
 *
 * λ has no closed form. It is estimated by a simulation of the linear regime with a random stream of its own, with a standard error; the run is held against it.
 */
import type { Condition, Verdict } from '../protocol/report';
import { lyapunovExponent, type LyapunovExponent } from '../solvers/linear-stability';
import { logarithmicSlope, STANDARD_ERRORS, type Regime } from './linear-regime';
import { regimeResult } from './regime-result';
import type { Situation, Trained } from './result';
import { condition, inWords, stepsInWords } from './wording';

const ID = 'chemnitz-engel-2025-lyapunov';
/** With fewer steps the run's slope still remembers its start. */
const FEWEST_STEPS = 50;

export const chemnitzEngel2025Lyapunov = regimeResult({
  id: ID,
  title: 'SGD at a minimum that fits every sample: what a typical run does',
  statement:
    'The sign of the Lyapunov exponent of the linearised steps decides whether SGD can settle at a minimum. It is about almost every run, where the threshold in ' +
    'mean square is about their mean: the exponent may be negative although second moments grow, and even where gradient descent itself is unstable.',
  formula: 'λ = lim (1/t) ln‖∏ (I − ηH_B)‖;  λ < 0: almost every run that comes near settles;  λ > 0: almost none does;  λ ≤ ½ ln ρ',
  citation: {
    authors: 'Dennis Chemnitz, Maximilian Engel',
    year: 2025,
    title: 'Characterizing Dynamical Stability of Stochastic Gradient Descent in Overparameterized Learning',
    venue: 'Journal of Machine Learning Research 26',
    url: 'https://www.jmlr.org/papers/v26/24-1547.html',
  },

  regularizer: 'almost-sure-stability',
  symbol: 'settles ⇔ Lyapunov exponent λ < 0',
  optimizerNote: 'almost sure stability, not in mean square',
  inInvariantNorm: true,
  find: (regime, situation) => {
    const lyapunov = lyapunovExponent(regime.minimum, regime.batches, regime.stepSize);
    return {
      symbol: `λ = ${inWords(lyapunov.exponent)} a step: typical runs ${lyapunov.exponent < 0 ? 'settle' : 'leave'}`,
      conditions: [signCondition(lyapunov)],
      judge: (trained) => judge(trained, situation, regime, lyapunov),
    };
  },
});

function signCondition({ exponent, error }: LyapunovExponent): Condition {
  const sure = Math.abs(exponent) > STANDARD_ERRORS * error;
  return condition(
    'the sign of the exponent is certain',
    sure ? true : 'unknown',
    `λ = ${inWords(exponent)} ± ${inWords(error, 2)} by simulation of the linear regime${sure ? '' : ': too near 0 to tell'}`,
  );
}

function judge(
  trained: Trained,
  situation: Situation,
  { growth, bounds, stepSize }: Regime,
  { exponent, error, spread }: LyapunovExponent,
): Verdict {
  const measured = logarithmicSlope(trained, situation);
  const base = { result: ID, measure: 'deviation of the rate', value: null, tolerance: null };
  if (measured === null || measured.steps < FEWEST_STEPS) {
    return {
      ...base,
      outcome: 'inconclusive',
      says: `The run has ${measured?.steps ?? 0} steps in the linear regime, fewer than ${FEWEST_STEPS}: too few for a rate.`,
    };
  }
  const value = Math.abs(measured.slope - exponent);
  const tolerance = situation.experiment.expect?.tolerance ?? STANDARD_ERRORS * Math.hypot(error, spread / Math.sqrt(measured.steps));
  const agrees = value <= tolerance;
  const apart = exponent < 0 && growth.factor > 1 ? ' Second moments grow all the same: ρ = ' + inWords(growth.factor, 4) + '.' : '';
  const beyond = exponent < 0 && stepSize > bounds.gradientDescent ? ' Gradient descent would not settle at this step.' : '';
  return {
    ...base,
    value,
    tolerance,
    outcome: agrees ? 'agrees' : 'disagrees',
    says:
      `ln‖δ‖ changes by ${inWords(measured.slope)} a step over ${stepsInWords(measured.steps)} of the run; the exponent is ${inWords(exponent)} ± ${inWords(error, 2)}` +
      `${agrees ? '' : `, further off than ${inWords(tolerance)}`}: typical runs ${exponent < 0 ? 'settle' : 'leave'}.${apart}${beyond}`,
  };
}
