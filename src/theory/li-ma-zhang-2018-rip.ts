/**
 * Y. Li, T. Ma, H. Zhang, Algorithmic regularization in over-parameterized matrix sensing and neural networks with quadratic activations,
 * COLT 2018, Theorem 1.1.
 *
 * X* ⪰ 0 of rank r, ‖X*‖ = 1, σ_r = 1/κ; measurements with restricted isometry (4r, δ), δ ≤ c/(κ³ √r ln² d); U₀ = αB with B orthonormal,
 * α ≤ c min{δ √r κ, 1/d}; U ← (I − ηM)U with M = (1/m) Σ ⟨A_i, UUᵀ − X*⟩ A_i and η ≤ cδ. Then for κ ln(d/α)/η ≲ T ≲ 1/(η √(dκα)):
 * ‖UUᵀ − X*‖_F² ≲ α √d/κ². The constants are not given: 1 is taken for each, and said.
 * Gradient descent on the mean of ½ residual² is this update with twice the step. Another ‖X*‖ = s is scaled to 1: α/√s, ηs.
 */
import type { Reference, Verdict } from '../protocol/report';
import { minimumNuclearNorm } from '../solvers/nuclear-norm';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { identityScale, matrixFigures, matrixModel } from './matrix-situation';
import { isometryBounds } from './restricted-isometry';
import { predictionOf } from './prediction';
import type { Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords, NO_REFERENCE, stepsInWords } from './wording';

const ID = 'li-ma-zhang-2018-rip';
/** Eigenvalues of the truth below this, relative to the largest, are rounding. */
const POSITIVE = 1e-9;

export const liMaZhang2018Rip: PublishedResult = {
  id: ID,
  row: 'R8',
  title: 'Matrix sensing under restricted isometry: early-stopped descent from a small start finds the truth',
  statement:
    'When the measurements nearly keep the norm of matrices of low rank, gradient descent on U of full width from αI passes, in a window of ' +
    'steps, a point whose squared distance to the matrix of low rank is at most of the order of α. Constants are not given in the theorem; ' +
    '1 is taken for each.',
  formula: 'κ ln(d/α)/η ≲ T ≲ 1/(η√(dκα))  ⇒  ‖UUᵀ − X*‖²_F ≲ α√d/κ²',
  status: 'theorem',
  citation: {
    authors: 'Yuanzhi Li, Tengyu Ma, Hongyang Zhang',
    year: 2018,
    title: 'Algorithmic Regularization in Over-parameterized Matrix Sensing and Neural Networks with Quadratic Activations',
    venue: 'Conference on Learning Theory, PMLR 75',
    locus: 'Theorem 1.1',
    url: 'https://proceedings.mlr.press/v75/li18a.html',
  },

  outline(experiment) {
    const model = matrixModel(experiment);
    const { data, optimizer } = experiment;
    if (model?.symmetric !== true || data.kind !== 'sensing' || !data.symmetric) return null;
    const plain = optimizer.kind === 'gradient-descent' && optimizer.momentum === 0 && optimizer.normalize === 'none';
    return {
      regularizer: 'rank',
      symbol: `the matrix of rank ${data.rank} that was measured`,
      conditions: [
        condition('plain gradient descent', plain, plain ? 'gradient descent' : 'the theorem counts steps of plain gradient descent'),
        condition('the loss is the mean over the measurements', experiment.loss.reduction === 'mean', experiment.loss.reduction),
        condition('measurements are drawn without structure', data.ensemble === 'gaussian', data.ensemble),
      ],
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = liMaZhang2018Rip.outline(situation.experiment);
    const setting = outline === null ? null : settingOf(situation);
    if (outline === null || setting === null) return Promise.resolve(null);
    const { alpha, eta, isometry, most, d, delta } = setting;
    const conditions = [
      ...outline.conditions,
      condition(
        `restricted isometry of rank ${4 * setting.r}: δ ≤ 1/(κ³√r ln²d)`,
        isometry === null ? 'unknown' : isometry.upper <= most ? true : isometry.lower > most ? false : 'unknown',
        isometry === null
          ? 'there are too many dimensions to bound δ'
          : `δ lies between ${inWords(isometry.lower)}, found on random matrices, and ${inWords(isometry.upper)}, a bound for all ranks; ` +
              `${inWords(most)} is asked for with the constant 1`,
      ),
      condition(
        'a start αI, α ≤ min{δ√r κ, 1/d}',
        alpha !== null && alpha <= Math.min(delta * Math.sqrt(setting.r) * setting.kappa, 1 / d),
        alpha === null ? 'the start is no multiple of the identity' : `α = ${inWords(alpha)} for ‖X*‖ = 1`,
      ),
      condition(
        'step size η ≤ δ',
        eta !== null && eta <= delta,
        eta === null ? 'there is no step' : `η = ${inWords(eta)} in the units of the theorem`,
      ),
    ];
    const applies = conditions.every(({ holds }) => holds === true);
    return Promise.resolve({
      prediction: predictionOf(liMaZhang2018Rip, outline, conditions, applies),
      measures: ['loss', 'distance', 'nuclearNorm', 'effectiveRank', 'stableRank', 'singular1', 'singular2', 'singular3'],
      companions: [],
      solve: () => Promise.resolve(solve(situation)),
      judge: (trained, reference) => judge(trained, reference, setting, situation),
      figures: (trained, reference) => matrixFigures(situation, trained, [reference]),
    });
  },
};

interface Setting {
  readonly d: number;
  readonly r: number;
  readonly kappa: number;
  /** ‖X*‖. */
  readonly scale: number;
  /** α and η in the units of the theorem; null where there are none. */
  readonly alpha: number | null;
  readonly eta: number | null;
  readonly isometry: ReturnType<typeof isometryBounds>;
  readonly most: number;
  /** The δ that start and step are held against: the upper bound, at most what is asked for. */
  readonly delta: number;
}

function settingOf(situation: Situation): Setting | null {
  const { data, stepSize } = situation;
  const d = data.matrix?.rows ?? 0;
  if (data.truth === null || d < 2) return null;
  const { values } = symmetricEigen(data.truth, d);
  const scale = values[d - 1];
  const positive = values.filter((value) => value > POSITIVE * scale);
  const r = positive.length;
  const kappa = scale / positive[0];
  const most = 1 / (kappa ** 3 * Math.sqrt(r) * Math.log(d) ** 2);
  const isometry = isometryBounds(data, 4 * r);
  const alpha = identityScale(situation);
  return {
    d,
    r,
    kappa,
    scale,
    alpha: alpha === null ? null : alpha / Math.sqrt(scale),
    eta: stepSize === null ? null : 2 * stepSize * scale,
    isometry,
    most,
    delta: Math.min(most, isometry?.upper ?? most),
  };
}

/** The matrix that was measured, recovered from the measurements alone: of least trace among positive semidefinite ones. */
function solve({ data }: Situation): Reference {
  const answer = minimumNuclearNorm(data, { psd: true });
  return {
    id: 'nuclear-norm',
    title: 'Positive semidefinite solution of least nuclear norm',
    regularizer: 'nuclear',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function judge(trained: Trained, reference: Reference | null, setting: Setting, { experiment }: Situation): Verdict {
  const base = { result: ID, measure: 'squared-distance', ...(experiment.expect?.tolerance === undefined && { limit: 'bound' as const }) };
  const { d, kappa, alpha, eta, scale } = setting;
  if (reference?.predictor == null || trained.predictor === null || alpha === null || eta === null) {
    return { ...base, outcome: 'inconclusive', value: null, tolerance: null, says: NO_REFERENCE };
  }
  const { predictor } = reference;
  const value = trained.predictor.reduce((sum, w, k) => sum + (w - predictor[k]) ** 2, 0) / scale ** 2;
  const tolerance = experiment.expect?.tolerance ?? (alpha * Math.sqrt(d)) / kappa ** 2;
  const from = (kappa * Math.log(d / alpha)) / eta;
  const to = 1 / (eta * Math.sqrt(d * kappa * alpha));
  const what =
    `After ${stepsInWords(trained.steps)} ‖UUᵀ − X*‖²_F is ${inWords(value)}; the window of the theorem is ${inWords(from)} to ${inWords(to)} steps, ` +
    `its bound ${inWords(tolerance)}`;
  if (trained.steps < from || trained.steps > to) {
    return { ...base, outcome: 'inconclusive', value, tolerance, says: `${what}: the run ended outside the window.` };
  }
  return value <= tolerance
    ? { ...base, outcome: 'agrees', value, tolerance, says: `${what}.` }
    : { ...base, outcome: 'disagrees', value, tolerance, says: `${what}, which is exceeded.` };
}
