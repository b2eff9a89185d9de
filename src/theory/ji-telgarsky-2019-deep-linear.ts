/**
 * Z. Ji, M. Telgarsky, Gradient descent aligns the layers of deep linear networks, ICLR 2019 (Theorems 1 and 2), and
 * Directional convergence and alignment in deep learning, NeurIPS 2020 (deep linear networks without the assumption that the support
 * vectors span the data).
 *
 * x ↦ W_L … W_1 x with one output, exponential tail, separable data, gradient flow from R(W(0)) ≤ R(0), ∇R(W(0)) ≠ 0: the risk
 * goes to 0, every W_k/‖W_k‖_F to rank one, neighbours align, and w = W_L … W_1 turns to the ℓ2 max-margin direction. Balance then gives
 * ‖w‖ = (‖θ‖²/L)^(L/2), so the margin in parameters q_min/‖θ‖^L goes to γ/L^(L/2), its largest possible value.
 */
import { directionDistance } from '../measures/agreement';
import { layerSpectra, rankDefect } from '../measures/layers';
import { norm2 } from '../numerics/vectors';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import {
  flowConditions,
  isClassification,
  judgeMargin,
  MARGIN_TOLERANCE,
  parameterMarginOf,
  separableCondition,
} from './homogeneous-limit';
import { thresholdOf } from './below-threshold';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { spectraChart } from './spectra-chart';
import { condition, inWords, NO_REFERENCE } from './wording';

const ID = 'ji-telgarsky-2019-deep-linear';

export const jiTelgarsky2019DeepLinear: PublishedResult = {
  id: ID,
  row: 'C2',
  title: 'Deep linear network: the ℓ2 max-margin direction, by layers of rank one',
  statement:
    'On separable data, gradient flow on a loss with an exponential tail drives the risk of a deep linear network with one output to zero, ' +
    'from any start whose risk is not above that of the zero network and whose gradient is not zero. Every layer tends to rank one, ' +
    'neighbouring layers align, and the product of the layers turns to the ℓ2 max-margin direction, whatever the depth and the widths.',
  formula: 'W_k/‖W_k‖ → u_k v_kᵀ,  |⟨u_k, v_{k+1}⟩| → 1,  w/‖w‖ → argmax min yᵢ w·xᵢ,  q_min/‖θ‖^L → γ₂/L^(L/2)',
  status: 'theorem',
  citation: {
    authors: 'Ziwei Ji, Matus Telgarsky',
    year: 2019,
    title: 'Gradient descent aligns the layers of deep linear networks',
    venue: 'International Conference on Learning Representations',
    locus: 'Theorems 1 and 2; without the spanning assumption: Ji and Telgarsky, NeurIPS 2020',
    url: 'https://openreview.net/forum?id=HJflg30qKX',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'linear-network' || !isClassification(experiment) || loss.kind === 'cross-entropy') return null;
    const depth = model.widths.length + 1;
    return {
      regularizer: 'l2-max-margin',
      symbol: 'max ℓ2 margin of W_L ⋯ W_1, min ‖w‖₂ s.t. yᵢ w·xᵢ ≥ 1',
      conditions: flowConditions(experiment),
      modelNote: `depth ${depth}: the same direction as without hidden layers; layers of rank one, aligned`,
      optimizerNote: `direction error falls like (ln t)^(−1/${depth})`,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = jiTelgarsky2019DeepLinear.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** R(W(0)) ≤ R(0) and ∇R(W(0)) ≠ 0 suffice for the summed loss to fall below ℓ(0) later; the latter alone suffices for the rest. */
function startCondition({ model, loss, data, start }: Situation, threshold: Condition): Condition {
  const text = 'R(W(0)) ≤ R(0) and ∇R(W(0)) ≠ 0, or later a summed loss below ℓ(0)';
  if (threshold.holds !== 'unknown') return { ...threshold, text };
  const outputs = new Float64Array(data.samples);
  const atZero = loss.value(outputs, data.y);
  model.outputs(start, outputs);
  const atStart = loss.value(outputs, data.y);
  return condition(
    text,
    atStart <= atZero ? true : 'unknown',
    `R(W(0)) = ${inWords(atStart)}, R(0) = ${inWords(atZero)}${atStart <= atZero ? '' : ': the flow may be caught by the saddle at 0; the run decides'}`,
  );
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts } = situation;
  const depth = situation.model.degree ?? 1;
  const separation = facts.separability();
  const threshold = thresholdOf(situation);
  const start = startCondition(situation, threshold.condition);
  const fixed = [...outline.conditions, separableCondition(separation)];
  const applies = fixed.every(({ holds }) => holds === true) && start.holds !== false;
  return {
    prediction: predictionOf(jiTelgarsky2019DeepLinear, outline, [...fixed, start], applies),
    measures: [
      'loss',
      'logLoss',
      'directionDistance',
      'angle',
      'margin',
      'marginGap',
      'parameterMargin',
      'rankDefect',
      'alignmentDefect',
      'balanceDrift',
      'l2Norm',
    ],
    companions: [],
    settle: (trained) => [...fixed, start.holds === 'unknown' ? { ...threshold.after(trained), text: start.text } : start],
    solve: () => Promise.resolve(applies && separation.separable ? referenceOf(separation.answer, depth) : null),
    judge: (trained, reference) =>
      threshold.verdictAbove(trained, ID) ?? judge(trained, reference, situation, depth, experiment.expect?.tolerance ?? MARGIN_TOLERANCE),
    figures: (trained) => spectrumOf(situation, trained),
  };
}

function referenceOf(answer: { point: Float64Array; objective: number; certificate: Reference['certificate'] }, depth: number): Reference {
  const margin = 1 / norm2(answer.point);
  return {
    id: 'max-margin',
    title: `ℓ2 max-margin predictor, scaled to margin 1; margin in parameters ${inWords(margin * Math.pow(depth, -depth / 2), 6)}`,
    regularizer: 'l2-max-margin',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function judge(trained: Trained, reference: Reference | null, situation: Situation, depth: number, tolerance: number): Verdict {
  if (reference?.predictor == null || trained.predictor === null) {
    return {
      result: ID,
      measure: null,
      value: null,
      tolerance,
      outcome: 'inconclusive',
      says: NO_REFERENCE,
    };
  }
  const predicted = Float64Array.from(reference.predictor);
  const best = 1 / norm2(predicted);
  const z = situation.facts.signedInputs();
  const width = predicted.length;
  let smallest = Infinity;
  for (let i = 0; i < situation.data.samples; i++) {
    let q = 0;
    for (let j = 0; j < width; j++) q += z[i * width + j] * trained.predictor[j];
    smallest = Math.min(smallest, q);
  }
  const gap = 1 - smallest / norm2(trained.predictor) / best;
  const parameterGap = 1 - (parameterMarginOf(situation, trained.parameters) * Math.pow(depth, depth / 2)) / best;
  // ŵ = Σ αᵢzᵢ gives cos ∠(w, ŵ) ≥ 1 − gap, so the gap bounds the direction: ‖u − u*‖ ≤ √(2 gap).
  const detail =
    `the direction of w is ${inWords(directionDistance(trained.predictor, predicted))} from the max-margin direction, the margin in parameters ` +
    `${inWords(parameterGap)} below its limit γ/L^(L/2), the layers ${inWords(rankDefect(situation.model, trained.parameters))} from rank one`;
  return judgeMargin({ result: ID, name: 'ℓ2 margin of w', gap, parameterGap, tolerance, detail }, trained, situation);
}

/** Of the layers that could have more than rank one. */
function spectrumOf({ model }: Situation, { parameters }: Trained): readonly Figure[] {
  const spectra = layerSpectra(model, parameters)
    .map(({ s }, k) => ({ name: model.blocks[k].name, s }))
    .filter(({ s }) => s.length > 1);
  const chart = spectraChart(spectra);
  if (chart === null) return [];
  return [
    {
      kind: 'chart',
      id: 'layer-spectra',
      title: 'Singular values of the layers',
      says: `σ₂/σ₁ of the layers at the end: ${spectra.map(({ name, s }) => `${name} ${inWords(s[1] / s[0])}`).join(', ')}. In the limit every layer has rank one.`,
      ...chart,
    },
  ];
}
