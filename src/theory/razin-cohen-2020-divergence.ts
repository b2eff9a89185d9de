/**
 * N. Razin, N. Cohen, Implicit regularization in deep learning may not be explainable by norms, NeurIPS 2020.
 *
 * Of a 2 × 2 matrix w12 = w21 = 1 and w22 = 0 are observed. A balanced flow with k ≥ 2 factors keeps the sign of the determinant; the
 * solutions have determinant −1. From a positive determinant w11, and with it every norm, goes to infinity as the loss vanishes, while
 * the effective rank falls to 1.
 *
 * With ℓ the summed loss and det W ≥ 0, w11 ≥ (1 − √(2ℓ))²/√(2ℓ): from w11 w22 ≥ w12 w21, |w22| ≤ √(2ℓ), w12, w21 ≥ 1 − √(2ℓ). On the slow
 * curve w22 = 1/w11 of the balanced flow w11 √(2ℓ) → 1 and t ≈ w11^(2+2/k)/(2k+2).
 */
import type { Experiment } from '../experiment/schema';
import { imbalance } from '../measures/matrix';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { flowCondition, matrixFigures, matrixModel } from './matrix-situation';
import { predictionOf } from './prediction';
import type { Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'razin-cohen-2020-divergence';
const BALANCED = 1e-12;
/** Solutions have determinant −1; a product of entries of size 1 is rounded to far less than this. */
const SIGN = -1e-3;
/** w11 √(2ℓ) = 1 − 2ℓ + o(ℓ): at this ℓ the law holds to about two percent. */
const FAR = 1e-2;
/** Beyond what 2ℓ explains: the start of the slow curve is met up to powers of α. */
const RATE = 5e-2;

export const razinCohen2020Divergence: PublishedResult = {
  id: ID,
  row: 'R11',
  title: 'Matrix completion in which every norm diverges while the rank falls',
  statement:
    'Of a 2 × 2 matrix w₁₂ = w₂₁ = 1 and w₂₂ = 0 are observed. From a balanced start with positive determinant gradient flow drives |w₁₁|, ' +
    'and with it every norm, to infinity as the loss vanishes, while the effective rank falls to 1: no norm is minimised.',
  formula: 'det W(0) > 0  ⇒  w₁₁ ≥ (1−√(2ℓ))²/√(2ℓ) → ∞;  w₁₁√(2ℓ) → 1,  w₁₁ ≈ ((2k+2) t)^(k/(2k+2))',
  status: 'negative',
  citation: {
    authors: 'Noam Razin, Nadav Cohen',
    year: 2020,
    title: 'Implicit Regularization in Deep Learning May Not Be Explainable by Norms',
    venue: 'Advances in Neural Information Processing Systems 33',
    locus: 'Theorem 1',
    url: 'https://arxiv.org/abs/2005.06398',
  },

  outline(experiment) {
    const model = matrixModel(experiment);
    if (model === null || !isTheCompletion(experiment)) return null;
    return {
      regularizer: 'none',
      symbol: 'no norm: ‖W‖ → ∞ while the rank falls',
      conditions: [
        flowCondition(experiment),
        condition('two factors or more', model.depth > 1, `${model.depth} ${model.depth === 1 ? 'factor' : 'factors'}`),
      ],
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = razinCohen2020Divergence.outline(situation.experiment);
    if (outline === null) return Promise.resolve(null);
    const conditions = [...outline.conditions, balanceCondition(situation), determinantCondition(situation)];
    const applies = conditions.every(({ holds }) => holds === true);
    return Promise.resolve({
      prediction: predictionOf(razinCohen2020Divergence, outline, conditions, applies),
      withoutReference: true,
      measures: ['loss', 'nuclearNorm', 'frobeniusNorm', 'schattenNorm', 'effectiveRank', 'stableRank', 'singular1', 'singular2'],
      companions: [],
      solve: () => Promise.resolve(null),
      judge: (trained) => judge(trained, situation),
      figures: (trained) => [...divergenceFigure(trained, situation), ...matrixFigures(situation, trained, [])],
    });
  },
};

/** The three entries, in any order. */
function isTheCompletion({ data }: Experiment): boolean {
  if (data.kind !== 'entries' || data.rows !== 2 || data.columns !== 2 || data.entries.length !== 3) return false;
  const values = new Map(data.entries.map(([i, j, value]) => [2 * i + j, value]));
  return values.get(1) === 1 && values.get(2) === 1 && values.get(3) === 0;
}

function balanceCondition({ model, start }: Situation): Condition {
  const text = 'a balanced start: Wⱼ₊₁ᵀWⱼ₊₁ = WⱼWⱼᵀ';
  if (model.blocks.length === 1) return condition(text, true, 'both factors are the same');
  const defect = imbalance(model, start);
  return condition(
    text,
    defect <= BALANCED,
    defect <= BALANCED
      ? `to ${inWords(defect)} of the squared norm`
      : `the difference is ${inWords(defect)} of the squared norm of the parameters; the determinant may then change its sign`,
  );
}

function determinantCondition({ model, start }: Situation): Condition {
  const w = new Float64Array(4);
  model.predictor?.(start, w);
  const det = w[0] * w[3] - w[1] * w[2];
  return condition(
    'det W(0) > 0',
    det > 0,
    `det W(0) = ${inWords(det)}${det < 0 ? ': a solution with finite norm is reached, every one has determinant −1' : ''}`,
  );
}

/** ℓ = ½ Σ residual². */
function summedLoss(loss: number, { experiment, data }: Situation): number {
  return experiment.loss.reduction === 'mean' ? data.samples * loss : loss;
}

function judge(trained: Trained, situation: Situation): Verdict {
  const base = { result: ID, measure: 'relative-error-of-the-rate' };
  const { predictor, trajectory } = trained;
  const l = summedLoss(trained.loss, situation);
  if (predictor === null) return { ...base, outcome: 'inconclusive', value: null, tolerance: null, says: 'There is no matrix to look at.' };
  const root = Math.sqrt(2 * l);
  const value = Math.abs(predictor[0] * root - (1 - 2 * l));
  const tolerance = situation.experiment.expect?.tolerance ?? RATE;
  if (l > FAR) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      tolerance,
      says: `The run ended at ℓ = ${inWords(l)}; the law of the divergence is about ℓ below ${inWords(FAR)}.`,
    };
  }
  // Every recorded point against the proved bound, by ‖W‖_F ≥ w11.
  const norms = trajectory['frobeniusNorm'] ?? [];
  const losses = (trajectory['loss'] ?? []).map((loss) => summedLoss(loss, situation));
  const broken = norms.filter((norm, k) => losses[k] < 0.5 && norm < (1 - Math.sqrt(2 * losses[k])) ** 2 / Math.sqrt(2 * losses[k])).length;
  const negative = predictor[0] * predictor[3] - predictor[1] * predictor[2] <= SIGN;
  const rank = trajectory['effectiveRank']?.at(-1);
  const time = Math.exp(trained.logTime) / (situation.experiment.loss.reduction === 'mean' ? situation.data.samples : 1);
  const says =
    `At ℓ = ${inWords(l)} w₁₁ is ${inWords(predictor[0], 6)}, w₁₁√(2ℓ) = ${inWords(predictor[0] * root, 4)} where 1 − 2ℓ = ${inWords(1 - 2 * l, 4)} is predicted` +
    `${lawOfTime(predictor[0], time, situation)}${rank === undefined ? '' : `; the effective rank has come to ${inWords(rank, 5)}`}` +
    `${broken === 0 ? '' : `; at ${broken} points the norm was below its bound`}`;
  if (broken > 0 || negative) {
    // The bound is that of det W ≥ 0 and cannot fail without it.
    return matrixModel(situation.experiment)?.depth === 2 && situation.model.blocks.length > 1
      ? {
          ...base,
          outcome: 'inconclusive',
          value,
          tolerance,
          says:
            `${says}: the determinant has become negative, which no balanced flow does. Of two separate factors rounding alone leads ` +
            'there, because it grows like exp(w₁₁²/4) across the balanced ones; three factors, or UUᵀ, go on.',
        }
      : { ...base, outcome: 'disagrees', value, tolerance, says: `${says}.` };
  }
  if (value > tolerance) {
    const far =
      'the proved bound holds at every point, and w₁₁ has not come to the law of the slow curve, which a start near 0 meets first';
    return { ...base, outcome: 'inconclusive', value, tolerance, says: `${says}: ${far}.` };
  }
  return { ...base, outcome: 'agrees', value, tolerance, says: `${says}.` };
}

/** w11 against its law in time, which holds up to the time that the escape from the start took. */
function lawOfTime(w11: number, time: number, { experiment }: Situation): string {
  const model = matrixModel(experiment);
  if (model === null) return '';
  const k = model.depth;
  // UUᵀ moves twice as fast as two factors.
  const speed = model.symmetric ? 2 : 1;
  const law = Math.pow((2 * k + 2) * speed * time, k / (2 * k + 2));
  return `, ${inWords(w11 / law, 4)} times its law in time`;
}

function divergenceFigure({ trajectory }: Trained, situation: Situation): readonly Figure[] {
  const norms = trajectory['frobeniusNorm'] ?? [];
  const losses = (trajectory['loss'] ?? []).map((loss) => summedLoss(loss, situation));
  const kept = norms.flatMap((_, k) => (losses[k] < 0.45 && losses[k] > 0 ? [k] : []));
  if (kept.length < 2) return [];
  const x = kept.map((k) => losses[k]);
  return [
    {
      kind: 'chart',
      id: 'norm-against-loss',
      title: 'The norm grows as the loss vanishes',
      says: `From ℓ = ${inWords(x[0])} to ${inWords(x[x.length - 1])} the norm goes from ${inWords(norms[kept[0]])} to ${inWords(norms[kept[kept.length - 1]])}.`,
      x: { label: 'ℓ = ½ Σ residual²', scale: 'log' },
      y: { label: '‖W‖_F', scale: 'log' },
      series: [
        { name: 'gradient flow', style: 'line', x, y: kept.map((k) => norms[k]) },
        { name: 'proved lower bound of w₁₁', style: 'line', x, y: x.map((l) => (1 - Math.sqrt(2 * l)) ** 2 / Math.sqrt(2 * l)) },
        { name: '1/√(2ℓ)', style: 'line', x, y: x.map((l) => 1 / Math.sqrt(2 * l)) },
      ],
    },
  ];
}
