/**
 * G. Vardi, O. Shamir, N. Srebro, On Margin Maximization in Linear and ReLU Networks (2021; NeurIPS 2022).
 *
 * The direction of gradient flow on a homogeneous network is that of a KKT point of (P) min ½‖θ‖² s.t. q_i(θ) ≥ 1. For ReLU networks with one
 * hidden layer that point need not be a local optimum of (P): a unit that is inactive on every sample has no gradient and
 * never moves, though switching it on would lower the norm. Whether it would is tested at the end of the run: `optimality.ts`.
 */
import type { Experiment } from '../experiment/schema';
import { kktResidual } from '../measures/kkt';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { variationNorm } from '../solvers/variation-norm';
import { thresholdOf, type Threshold } from './below-threshold';
import { flowConditions, isClassification } from './homogeneous-limit';
import { idleUnits } from './idle-units';
import { descentPath, optimalityOf, type DescentPath, type Optimality } from './optimality';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { twoLayerSpec, unitActivation, unitInputs } from './two-layer-units';
import { condition, inWords } from './wording';

const ID = 'vardi-2021-kkt-not-optimal';

/** The same as that of the result on homogeneous networks: what the start left fades like ‖θ(0)‖/‖θ‖. */
const RESIDUAL_TOLERANCE = 1e-2;
/** The multipliers are as good as the residual: a supremum within this of 1 cannot be told from 1. */
const EXCEEDS = 2e-2;
/** Along the path the norm must fall by this share of what first order foresees at its nearest point, where first order rules. */
const DESCENT_SHARE = 0.5;
const OPTIMAL = 'switching an idle unit on would lower the norm';

export const vardi2021KktNotOptimal: PublishedResult = {
  id: ID,
  row: 'C6',
  title: 'The limit of a ReLU network need not be a local optimum of its margin problem',
  statement:
    'Gradient flow goes in the direction of a KKT point of the problem of least norm with margins at least 1, but for ReLU networks that point ' +
    'need not be even a local optimum: a unit that is inactive on every sample never moves, though the norm would fall if it were switched on.',
  formula:
    'sup_{‖a‖=1} |Σ λᵢ yᵢ φ(a·xᵢ)| > 1 and an idle unit  ⇒  θ* is a KKT point and no local optimum;  = 1  ⇒  a global optimum of any width',
  status: 'negative',
  citation: {
    authors: 'Gal Vardi, Ohad Shamir, Nathan Srebro',
    year: 2021,
    title: 'On Margin Maximization in Linear and ReLU Networks',
    venue: 'Advances in Neural Information Processing Systems 35',
    locus: 'the result on ReLU networks of depth 2',
    url: 'https://arxiv.org/abs/2110.02732',
  },

  outline(experiment) {
    if (!speaksOf(experiment)) return null;
    return {
      regularizer: 'parameter-margin-kkt',
      symbol: 'a KKT point of min ½‖θ‖₂ that may be no local optimum',
      conditions: flowConditions(experiment),
      modelNote: null,
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = vardi2021KktNotOptimal.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** ReLU networks with one hidden layer, both layers trained. */
function speaksOf(experiment: Experiment): boolean {
  const spec = twoLayerSpec(experiment);
  const activation = spec === null ? null : unitActivation(spec);
  return spec?.trainable === 'all' && activation?.kind === 'piecewise' && activation.slope === 0 && isClassification(experiment);
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, start } = situation;
  const idle = idleUnits(situation, start);
  const threshold = thresholdOf(situation);
  const known = [
    ...outline.conditions,
    condition(
      'some unit is inactive on every sample from the start, and never moves',
      idle.units.length > 0,
      `${idle.units.length} of ${idle.hidden} units`,
    ),
  ];
  const applies = known.every(({ holds }) => holds === true) && threshold.possible;
  const conditions = [...known, threshold.condition, condition(OPTIMAL, 'unknown', 'the run decides')];
  const remembered = new WeakMap<Trained, Finding | null>();
  const find = (trained: Trained): Finding | null => {
    const before = remembered.get(trained);
    if (before !== undefined) return before;
    const found = findingOf(trained, situation);
    remembered.set(trained, found);
    return found;
  };
  return {
    prediction: predictionOf(vardi2021KktNotOptimal, outline, conditions, applies),
    measures: ['loss', 'logLoss', 'parameterMargin', 'smoothedMargin', 'kktResidual', 'parameterNorm'],
    companions: [],
    withoutReference: true,
    solve: () => widest(situation),
    // The test goes through all activation patterns: only where the verdict rests on it.
    settle: (trained) => (applies ? [...known, threshold.after(trained), supremumCondition(find(trained))] : conditions),
    judge: (trained, reference) => judge(trained, reference, find(trained), threshold, experiment.expect?.tolerance ?? RESIDUAL_TOLERANCE),
    figures: (trained) => figures(find(trained), situation),
    figuresAtEnd: true,
  };
}

/** The largest margin of any width, for comparison: it is not what is predicted. */
async function widest(situation: Situation): Promise<Reference | null> {
  const { experiment, data } = situation;
  const spec = twoLayerSpec(experiment);
  const activation = spec === null ? null : unitActivation(spec);
  if (spec === null || activation === null) return null;
  const { x, dimension } = unitInputs(situation, spec);
  const { objective, certificate } = variationNorm(x, data.y, data.samples, dimension, activation, await situation.linearPrograms());
  return {
    id: 'variation-norm',
    title: 'Least ½‖θ‖² of any width',
    regularizer: 'variation-norm',
    predictor: null,
    objective,
    certificate,
    role: 'compared',
  };
}

interface Finding {
  readonly residual: NonNullable<ReturnType<typeof kktResidual>>;
  readonly optimality: Optimality;
  readonly path: DescentPath | null;
}

function findingOf(trained: Trained, situation: Situation): Finding | null {
  const { model, data } = situation;
  const residual = kktResidual(model, data.y, data.x, trained.parameters);
  const optimality = residual === null ? null : optimalityOf(situation, residual);
  if (residual === null || optimality === null) return null;
  const idle = idleUnits(situation, trained.parameters).units;
  return { residual, optimality, path: descentPath(situation, trained.parameters, optimality.peak, idle) };
}

function supremumCondition(finding: Finding | null): Condition {
  if (finding === null)
    return condition(OPTIMAL, 'unknown', 'no positive margin at the end, or too many activation patterns to go through');
  const { height } = finding.optimality.peak;
  const because = `sup |Σ λᵢ yᵢ φ(a·xᵢ)| = ${inWords(height, 5)}`;
  return condition(OPTIMAL, height > 1 + EXCEEDS, because);
}

function judge(trained: Trained, reference: Reference | null, finding: Finding | null, threshold: Threshold, tolerance: number): Verdict {
  const above = threshold.verdictAbove(trained, ID);
  if (above !== null) return above;
  const base = { result: ID, measure: 'relative KKT residual', tolerance };
  if (finding === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: 'The activation patterns of these data are too many to test the limit.' };
  }
  const { residual, optimality, path } = finding;
  const value = Math.hypot(residual.stationarity, residual.slackness);
  const most = reference === null ? '' : `, of at most ${inWords(0.5 / reference.objective, 5)} at any width`;
  const margins = `normalized margin ${inWords(residual.margin, 5)}${most}`;
  const supremum = `sup |Σ λᵢ yᵢ φ(a·xᵢ)| = ${inWords(optimality.peak.height, 5)}`;
  if (value > tolerance) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says: `The KKT residual is still ${inWords(value)}: the limit cannot be tested; ${margins}.`,
    };
  }
  if (optimality.peak.height <= 1 + EXCEEDS) {
    return {
      ...base,
      outcome: 'no-prediction',
      value,
      says: `A unit is idle, but here nothing is lost: ${supremum}, so no network of any width does better by more than ${inWords(Math.max(0, optimality.gap))}, relatively; ${margins}.`,
    };
  }
  const nearest = path?.points.at(-1);
  const foreseen = nearest === undefined ? 0 : nearest.s * (optimality.peak.height - 1);
  if (path === null || nearest === undefined || path.objective - nearest.objective < DESCENT_SHARE * foreseen) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says: `${supremum} exceeds 1, but no descending path was found from the limit with these multipliers; ${margins}.`,
    };
  }
  return {
    ...base,
    outcome: 'agrees',
    value,
    says:
      `The limit is a KKT point to ${inWords(value)} and no local optimum: at distance ${inWords(nearest.distance)} from it a feasible θ has ½‖θ‖² = ` +
      `${inWords(nearest.objective, 6)} instead of ${inWords(path.objective, 6)}, and so on ever closer; ${supremum}; ${margins}.`,
  };
}

function figures(finding: Finding | null, situation: Situation): Figure[] {
  if (finding === null) return [];
  const { optimality, residual, path } = finding;
  const all: Figure[] = [];
  const spec = twoLayerSpec(situation.experiment);
  if (spec !== null && situation.data.features === 2 && spec.bias === 'none')
    all.push(certificateOnCircle(optimality, residual.multipliers, situation));
  if (path !== null && path.points.length > 0) {
    const [first] = path.points;
    all.push({
      kind: 'chart',
      id: 'descent-path',
      title: 'A path of falling norm from the limit',
      says:
        `Feasible parameters with the idle unit switched on: ½‖θ‖² falls from ${inWords(path.objective, 5)} to ${inWords(first.objective, 5)} at distance ` +
        `${inWords(first.distance)}, and below the limit's value at every distance that was tried, down to ${inWords(path.points[path.points.length - 1].distance)}.`,
      x: { label: 'distance from the limit', scale: 'log' },
      y: { label: '½‖θ‖² with margins at least 1', scale: 'linear' },
      series: [
        { name: 'path', style: 'points', x: path.points.map(({ distance }) => distance), y: path.points.map(({ objective }) => objective) },
        {
          name: 'at the limit',
          style: 'line',
          x: [path.points[path.points.length - 1].distance, first.distance],
          y: [path.objective, path.objective],
        },
      ],
    });
  }
  return all;
}

/** |Σ λ_i y_i (a·x_i)₊| over the angle of a unit a in the plane. */
function certificateOnCircle(optimality: Optimality, multipliers: Float64Array, { data }: Situation): Figure {
  const angles = Array.from({ length: 361 }, (_, k) => k - 180);
  const values = angles.map((angle) => {
    const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    let sum = 0;
    for (let i = 0; i < data.samples; i++) sum += multipliers[i] * data.y[i] * Math.max(0, c * data.x[2 * i] + s * data.x[2 * i + 1]);
    return Math.abs(sum);
  });
  const { direction, height } = optimality.peak;
  return {
    kind: 'chart',
    id: 'certificate',
    title: 'What a unit of each direction would save',
    says: `|Σ λᵢ yᵢ φ(a·xᵢ)| over the angle of a: a global optimum needs at most 1 everywhere; the largest value is ${inWords(height, 5)}.`,
    x: { label: 'angle of a in degrees', scale: 'linear' },
    y: { label: '|Σ λᵢ yᵢ φ(a·xᵢ)|', scale: 'linear' },
    series: [
      { name: 'saved by a unit at cost 1', style: 'line', x: angles, y: values },
      { name: 'cost', style: 'line', x: [-180, 180], y: [1, 1] },
      { name: 'largest', style: 'points', x: [(Math.atan2(direction[1], direction[0]) * 180) / Math.PI], y: [height] },
    ],
  };
}
