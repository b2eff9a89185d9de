/**
 * K. Lyu, J. Li, Gradient Descent Maximizes the Margin of Homogeneous Neural Networks, ICLR 2020, Appendix F (cross-entropy), and Z. Ji,
 * M. Telgarsky, NeurIPS 2020, applied to deep linear networks with several outputs.
 *
 * The least ½‖θ‖² over W_L ⋯ W_1 = W is (L/2) Σ σ_r(W)^(2/L) (by the inequality of means; for L = 2 the nuclear norm: Srebro, Rennie & Jaakkola
 * 2004), so the KKT point in the parameters that the flow turns to is stationary for the multiclass margin in the Schatten-2/L
 * quasi-norm, on the singular vectors it uses. With hidden layers the limit is therefore not the support vector machine of the linear
 * model. Depth 2: the problem is convex, and multipliers with ‖Σ λ_k A_k‖ ≤ 1 certify the optimum.
 */
import { schattenStationarity } from '../measures/schatten-stationarity';
import { svd } from '../numerics/svd';
import type { Figure, Reference, Verdict } from '../protocol/report';
import { majorizedMargin, nuclearNorm } from '../solvers/majorized-margin';
import { thresholdOf } from './below-threshold';
import { exponentInWords } from './gunasekar-2018-diagonal';
import { flowConditions, MARGIN_TOLERANCE, parameterMarginOf } from './homogeneous-limit';
import { classesSeparable, classMargins, classSeparability, smallestClassMargin, type ClassMargins } from './multiclass';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { judgeStationary, STATIONARITY_TOLERANCE } from './stationary-limit';
import { inWords } from './wording';

const ID = 'lyu-li-2020-schatten-margin';

export const lyuLi2020SchattenMargin: PublishedResult = {
  id: ID,
  row: 'C12',
  title: 'Several classes, deep linear network: a stationary point of the Schatten margin, for two layers of the nuclear-norm margin',
  statement:
    'Once the summed cross-entropy of a deep linear network is below ln 2, gradient flow turns its product W to a stationary point of the ' +
    'multiclass margin problem in the Schatten-2/L quasi-norm, for two layers the nuclear norm: low rank, and not the multiclass support vector machine ' +
    'of the linear model. Whether the stationary point of two layers is the optimum is shown by its certificate.',
  formula: 'W/‖W‖ → stationary point of min Σ_r σ_r(W)^(2/L) s.t. (w_y − w_k)·x ≥ 1;  L = 2: min ‖W‖_*',
  status: 'theorem',
  citation: {
    authors: 'Kaifeng Lyu, Jian Li',
    year: 2020,
    title: 'Gradient Descent Maximizes the Margin of Homogeneous Neural Networks',
    venue: 'International Conference on Learning Representations',
    locus: 'Theorem 4.4 and Appendix F; the norm of W by the inequality of means',
    url: 'https://openreview.net/forum?id=SJeLIgBKPS',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'linear-network' || loss.kind !== 'cross-entropy' || model.widths.length === 0) return null;
    const depth = model.widths.length + 1;
    return {
      regularizer: depth === 2 ? 'nuclear-multiclass-margin' : `schatten-${exponentInWords(depth)}-stationary`,
      symbol: `stationary point of min ${problemOf(depth)}`,
      conditions: flowConditions(experiment),
      modelNote: depth === 2 ? 'two layers: nuclear norm of W' : `depth ${depth}: Schatten-${exponentInWords(depth)} quasi-norm of W`,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = lyuLi2020SchattenMargin.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function problemOf(depth: number): string {
  return `${depth === 2 ? '‖W‖_*' : `Σ_r σ_r(W)^(${exponentInWords(depth)})`} s.t. (w_y − w_k)·x ≥ 1`;
}

function examine(situation: Situation, outline: Outline): Examination {
  const { data, model } = situation;
  const depth = model.degree ?? 2;
  const margins = classMargins(data, data.x, model.outputsPerSample);
  const threshold = thresholdOf(situation);
  const fixed = [...outline.conditions, classesSeparable(classSeparability(margins))];
  const applies = fixed.every(({ holds }) => holds === true) && threshold.possible;
  return {
    prediction: predictionOf(lyuLi2020SchattenMargin, outline, [...fixed, threshold.condition], applies),
    measures: ['loss', 'logLoss', 'parameterMargin', 'kktResidual', 'directionDistance', 'balanceDrift', 'l2Norm', 'parameterNorm'],
    companions: [],
    withoutReference: true,
    settle: (trained) => [...fixed, threshold.after(trained)],
    solve: () => Promise.resolve(applies && depth === 2 ? nuclearReference(margins) : null),
    judge: (trained, reference) => threshold.verdictAbove(trained, ID) ?? judge(trained, reference, situation, margins, depth),
    figures: (trained, reference) => (trained.predictor === null ? [] : [singularValues(trained.predictor, reference, margins)]),
  };
}

function nuclearReference({ rows, count, classes, width }: ClassMargins): Reference {
  const answer = majorizedMargin(rows, count, classes * width, nuclearNorm(classes, width));
  return {
    id: 'nuclear-max-margin',
    title: 'Multiclass max-margin predictor in the nuclear norm, scaled to margin 1',
    regularizer: 'nuclear-multiclass-margin',
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}

function judge(trained: Trained, reference: Reference | null, situation: Situation, margins: ClassMargins, depth: number): Verdict {
  const { rows, count, classes, width } = margins;
  const tolerance = situation.experiment.expect?.tolerance ?? STATIONARITY_TOLERANCE;
  const w = trained.predictor;
  return judgeStationary(
    {
      result: ID,
      problem: problemOf(depth),
      stationarity: w === null ? null : schattenStationarity(rows, count, w, classes, width, 2 / depth),
      tolerance,
      standing: ({ objective, dualNorm, zeros }) => {
        const rank = `rank ${Math.min(classes, width) - zeros}`;
        const inParameters = inWords(parameterMarginOf(situation, trained.parameters), 6);
        const limit = inWords(Math.pow(depth * objective, -depth / 2), 6);
        const parameters = `margin in parameters ${inParameters}, ${limit} for balanced layers`;
        if (reference === null)
          return `${rank}, ${parameters}; stationary, not certified global: for depth ${depth} no certificate is known`;
        const ratio = reference.objective / objective;
        return ratio >= 1 - MARGIN_TOLERANCE
          ? `${rank}, ${parameters}; global optimum certified: its nuclear-norm margin is the largest within ${inWords(Math.max(0, 1 - ratio))}, ‖Σ λ_k A_k‖ = ${inWords(dualNorm, 5)}`
          : `${rank}, ${parameters}; but it is not the global optimum: its nuclear-norm margin is ${inWords(ratio, 4)} of the largest one, ‖Σ λ_k A_k‖ = ${inWords(dualNorm, 4)}, where an optimum has 1`;
      },
    },
    trained,
  );
}

function singularValues(w: Float64Array, reference: Reference | null, margins: ClassMargins): Figure {
  const { classes, width } = margins;
  const smallest = smallestClassMargin(margins, w);
  const reached = svd(
    w.map((value) => value / smallest),
    classes,
    width,
  ).s;
  const at = Array.from(reached.keys(), (r) => r + 1);
  return {
    kind: 'chart',
    id: 'singular-values',
    title: 'Singular values of W at margin 1',
    says: `σ = ${Array.from(reached.slice(0, 8), (value) => inWords(value, 5)).join(', ')}${reached.length > 8 ? ' …' : ''} at the end of the run.`,
    x: { label: 'index r', scale: 'linear' },
    y: { label: 'σ_r', scale: 'linear' },
    series: [
      { name: 'trained', style: 'bars', x: at, y: Array.from(reached) },
      ...(reference?.predictor == null
        ? []
        : [
            {
              name: 'predicted',
              style: 'points' as const,
              x: at,
              y: Array.from(svd(Float64Array.from(reference.predictor), classes, width).s),
            },
          ]),
    ],
  };
}
