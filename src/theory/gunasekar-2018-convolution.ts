/**
 * S. Gunasekar, J. D. Lee, D. Soudry, N. Srebro, Implicit bias of gradient descent on linear convolutional networks, NeurIPS 2018:
 * full-width circular convolutions turn to a first-order stationary point of min ‖β̂‖_{2/L} s.t. yᵢ β·xᵢ ≥ 1, β̂ the discrete Fourier
 * transform of the predictor. They assume that directions converge; Ji & Telgarsky 2020 proved it for the parameters. See also
 * C. Yun, S. Krishnan, H. Mobahi, A unifying view on implicit bias in training linear neural networks, ICLR 2021.
 *
 * In the unitary transform β̂ = ŵ_1∘…∘ŵ_L and Σ‖w_l‖² = Σ‖ŵ_l‖², so the parameters of least norm over β have L Σ_d |β̂_d|^(2/L), and a KKT point
 * in the parameters is stationary on the frequencies it uses. Where β̂_d = 0 nothing is asked: it need not be optimal.
 */
import { groupStationarity, groupPower } from '../measures/group-stationarity';
import type { Verdict } from '../protocol/report';
import { thresholdOf } from './below-threshold';
import { frequencyGroups, spectrumFigure, spectrumOf } from './convolution-spectrum';
import { exponentInWords } from './gunasekar-2018-diagonal';
import { largestSpectralMargin } from './gunasekar-2018-convolution-depth-2';
import { flowConditions, isClassification, MARGIN_TOLERANCE, separableCondition } from './homogeneous-limit';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { judgeStationary, STATIONARITY_TOLERANCE } from './stationary-limit';
import { inWords } from './wording';

const ID = 'gunasekar-2018-convolution';

export const gunasekar2018Convolution: PublishedResult = {
  id: ID,
  row: 'C4',
  title: 'Convolutional linear network of depth L: a stationary point of the ℓp norm of the spectrum, p = 2/L',
  statement:
    'On separable data, gradient flow on a loss with an exponential tail turns the predictor of a linear network of L full-width circular ' +
    'convolutions to a first-order stationary point of the margin problem with the ℓp norm of its discrete Fourier transform, p = 2/L: few ' +
    'frequencies. Stationary, not always optimal.',
  formula: 'β/‖β‖ → stationary point of min Σ_d |β̂_d|^(2/L) s.t. yᵢ β·xᵢ ≥ 1,  β̂ = ŵ_1∘…∘ŵ_L in the unitary transform',
  status: 'theorem',
  citation: {
    authors: 'Suriya Gunasekar, Jason D. Lee, Daniel Soudry, Nathan Srebro',
    year: 2018,
    title: 'Implicit Bias of Gradient Descent on Linear Convolutional Networks',
    venue: 'Advances in Neural Information Processing Systems 31',
    locus: 'convolutional networks; convergence by Ji and Telgarsky, NeurIPS 2020; see also Yun et al., ICLR 2021',
    url: 'https://arxiv.org/abs/1806.00468',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'linear-convolution' || !isClassification(experiment) || loss.kind === 'cross-entropy') return null;
    return {
      regularizer: `spectrum-l${exponentInWords(model.depth)}-stationary`,
      symbol: `stationary point of min ${problemOf(model.depth)}`,
      conditions: flowConditions(experiment),
      modelNote: `depth ${model.depth}: few frequencies`,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = gunasekar2018Convolution.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function problemOf(depth: number): string {
  const power = exponentInWords(depth);
  return `Σ_d |β̂_d|${power === '1' ? '' : power === '2' ? '²' : `^(${power})`} s.t. yᵢ β·xᵢ ≥ 1`;
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts, data, model } = situation;
  const depth = model.degree ?? 2;
  const p = 2 / depth;
  const threshold = thresholdOf(situation);
  const fixed = [...outline.conditions, separableCondition(facts.separability())];
  const applies = fixed.every(({ holds }) => holds === true) && threshold.possible;
  const spectrum = spectrumOf(situation);
  const groups = frequencyGroups(spectrum.fourier, p);
  return {
    prediction: predictionOf(gunasekar2018Convolution, outline, [...fixed, threshold.condition], applies),
    measures: ['loss', 'logLoss', 'parameterMargin', 'kktResidual', 'margin', 'l1Norm', 'l2Norm', 'parameterNorm'],
    companions: [],
    withoutReference: true,
    settle: (trained) => [...fixed, threshold.after(trained)],
    solve: () => Promise.resolve(applies && depth === 2 ? largestSpectralMargin(spectrum, data.samples, 'compared') : null),
    judge: (trained, reference): Verdict => {
      const above = threshold.verdictAbove(trained, ID);
      if (above !== null || trained.predictor === null) {
        return (
          above ?? { result: ID, measure: null, value: null, tolerance: null, outcome: 'inconclusive', says: 'There is no predictor.' }
        );
      }
      return judgeStationary(
        {
          result: ID,
          problem: problemOf(depth),
          stationarity: groupStationarity(spectrum.z, data.samples, spectrum.transform(trained.predictor), groups, p),
          tolerance: experiment.expect?.tolerance ?? STATIONARITY_TOLERANCE,
          standing: ({ objective, dualNorm, zeros }) => {
            const used = `${groups.length - zeros} of ${groups.length} frequencies up to D/2 are in use`;
            if (depth === 1) return `${used}; the problem is strictly convex, so it is the global optimum`;
            if (depth > 2 || reference === null)
              return `${used}; stationary, not certified global: for depth ${depth} no certificate is known`;
            const ratio = reference.objective / objective;
            return ratio >= 1 - MARGIN_TOLERANCE
              ? `${used}; global optimum certified, max |F(Zᵀλ)_d| = ${inWords(dualNorm, 4)}`
              : `${used}, but it is not the global optimum: its margin is ${inWords(ratio, 4)} of the largest one; max |F(Zᵀλ)_d| = ${inWords(dualNorm, 4)}, where an optimum has 1`;
          },
        },
        trained,
      );
    },
    figures: (trained, reference) => {
      if (trained.predictor === null) return [];
      const coordinates = spectrum.transform(trained.predictor);
      const known = reference?.predictor == null ? null : Float64Array.from(reference.predictor);
      return groupStationarity(spectrum.z, data.samples, coordinates, groups, p) === null || !(groupPower(coordinates, groups, p) > 0)
        ? []
        : [spectrumFigure(spectrum, data.samples, trained.predictor, known)];
    },
  };
}
