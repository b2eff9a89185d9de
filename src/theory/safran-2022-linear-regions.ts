/**
 * I. Safran, G. Vardi, J. D. Lee, On the effective number of linear regions in shallow univariate ReLU networks: convergence
 * guarantees and implicit bias, NeurIPS 2022.
 *
 * Labels given by the sign of a univariate two-layer ReLU network with r units; a wider one, of width Õ(r) whatever the number of
 * samples, trained by gradient flow on the logistic or exponential loss from a random start: with high probability it fits all
 * labels and converges in direction to a network with O(r) linear regions. It is an upper bound, which comes from the KKT
 * conditions; nothing says that the number of regions is the least possible.
 *
 * The least r for given labels: a linear region holds at most one change of sign, so c changes need c regions, and c units are enough
 * (one that is active on all samples and c − 1 kinks). r = max(1, c).
 */
import { distinctKinks, hasLinearRegions, kinksOf, radiusOf, REGION_TOLERANCE, type Kink } from '../measures/linear-regions';
import { sizeOf } from '../experiment/checks/data-checks';
import type { Experiment } from '../experiment/schema';
import { activationSpec } from '../models/create-model';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { thresholdOf } from './below-threshold';
import { flowConditions, isClassification } from './homogeneous-limit';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'safran-2022-linear-regions';

/** The bound 32 r + 67: the abstract says O(r), the constants are recalled from the article and not checked against it. */
const SLOPE = 32;
const OFFSET = 67;
const TOLERANCES = [0, 1e-6, 1e-4, 1e-3, REGION_TOLERANCE, 3e-2];
/** Points of a drawn curve. */
const POINTS = 401;

export const safran2022LinearRegions: PublishedResult = {
  id: ID,
  row: 'C10',
  title: 'Univariate two-layer ReLU networks: few linear regions',
  statement:
    'When the labels are those of a univariate ReLU network with r units, a randomly started one of width of order r, up to logarithms, ' +
    'fits them with high probability and converges in direction to a network with O(r) linear regions, however many samples there are. ' +
    'It is an upper bound, not the least number; its constants, 32 r + 67, were not compared with the text of the paper.',
  formula: 'number of linear regions ≤ 32 r + 67 = O(r)',
  status: 'theorem',
  citation: {
    authors: 'Itay Safran, Gal Vardi, Jason D. Lee',
    year: 2022,
    title: 'On the Effective Number of Linear Regions in Shallow Univariate ReLU Networks: Convergence Guarantees and Implicit Bias',
    venue: 'Advances in Neural Information Processing Systems 35',
    locus: 'abstract',
    url: 'https://arxiv.org/abs/2205.09072',
  },

  outline(experiment) {
    const { model, loss, data } = experiment;
    if (model.kind !== 'network' || model.widths.length !== 1 || !isClassification(experiment) || loss.kind === 'cross-entropy')
      return null;
    const { features } = sizeOf(data);
    if (features !== null && features !== 1) return null;
    return {
      regularizer: 'linear-regions',
      symbol: 'O(r) linear regions',
      conditions: [...flowConditions(experiment), ...fileConditions(experiment, model)],
      modelNote: 'few linear regions, whatever the width',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = situation.data.features === 1 ? safran2022LinearRegions.outline(situation.experiment) : null;
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

function fileConditions({ init }: Experiment, model: Extract<Experiment['model'], { kind: 'network' }>): Condition[] {
  const activation = activationSpec(model.activation).kind;
  const plain = activation === 'relu' && model.bias === 'first' && model.trainable === 'all';
  const random = init.kind === 'gaussian' || init.kind === 'uniform';
  return [
    condition(
      'two-layer ReLU network with biases in the first layer, all of it trained',
      plain,
      plain ? `${model.widths[0]} units` : `${activation}, bias ${model.bias}, trained: ${model.trainable}`,
    ),
    condition('random start', random, `${init.kind}${random ? '; the theorem asks for scales of its own, which are not checked' : ''}`),
  ];
}

/** Changes of sign of the labels along the line; null where one place has both labels. */
export function signChanges(x: Float64Array, y: Float64Array): number | null {
  const order = Array.from(x.keys()).sort((a, b) => x[a] - x[b] || y[a] - y[b]);
  let changes = 0;
  for (let k = 1; k < order.length; k++) {
    if (y[order[k]] === y[order[k - 1]]) continue;
    if (x[order[k]] === x[order[k - 1]]) return null;
    changes++;
  }
  return changes;
}

function examine(situation: Situation, outline: Outline): Examination {
  const { data, experiment } = situation;
  const changes = signChanges(data.x, data.y);
  const units = Math.max(1, changes ?? 1);
  const bound = SLOPE * units + OFFSET;
  const conditions = [...outline.conditions];
  const width = experiment.model.kind === 'network' ? experiment.model.widths[0] : 0;
  conditions.push(
    condition(
      'labels of a ReLU network of one variable',
      changes !== null,
      changes === null
        ? 'one place has both labels'
        : `${changes} ${changes === 1 ? 'change' : 'changes'} of sign: r = ${units}; at least ${units} linear ${units === 1 ? 'region' : 'regions'}`,
    ),
    condition(
      'at least r units',
      width >= units,
      `${width} units, r = ${units}; the theorem asks for a width of order r up to logarithms, without a number that could be checked`,
    ),
  );
  const threshold = thresholdOf(situation);
  const applies = conditions.every(({ holds }) => holds === true) && threshold.possible;
  return {
    prediction: predictionOf(
      safran2022LinearRegions,
      { ...outline, symbol: changes === null ? outline.symbol : `at most 32 r + 67 = ${bound} linear regions, r = ${units}` },
      [...conditions, threshold.condition],
      applies,
    ),
    withoutReference: true,
    measures: ['loss', 'logLoss', 'linearRegions', 'parameterMargin', 'smoothedMargin'],
    companions: [],
    settle: (trained) => [...conditions, threshold.after(trained)],
    solve: () => Promise.resolve(null),
    judge: (trained) => threshold.verdictAbove(trained, ID) ?? judge(trained, situation, bound, units),
    figures: (trained) =>
      hasLinearRegions(situation.model) ? [functionFigure(situation, trained), countFigure(situation, trained, bound, units)] : [],
  };
}

function kinksAt({ model, data }: Situation, theta: Float64Array, tolerance: number): readonly Kink[] {
  return distinctKinks(kinksOf(theta, model.kinks?.slope ?? 0), radiusOf(data.x), tolerance);
}

/**
 * Mean distance of the kinks, weighed by their size, from the mean kink of the units of the same sign and activation pattern, as a
 * part of the radius. At a KKT point w_j = v_j Σ λ_i y_i s_ij (x_i, 1) makes such units parallel.
 */
function kinkSpread(theta: Float64Array, x: Float64Array): number {
  const units = theta.length / 3;
  const groups = new Map<string, { weight: number; moment: number; kinks: { position: number; size: number }[] }>();
  let total = 0;
  for (let j = 0; j < units; j++) {
    const [w, b, v] = [theta[j], theta[units + j], theta[2 * units + j]];
    if (w === 0 || v === 0) continue;
    const pattern = Array.from(x, (value) => (w * value + b > 0 ? 1 : 0));
    if (pattern.every((active) => active === 0)) continue;
    const size = Math.abs(v * w);
    const key = `${Math.sign(v)} ${pattern.join('')}`;
    const group = groups.get(key) ?? { weight: 0, moment: 0, kinks: [] };
    group.weight += size;
    group.moment += size * (-b / w);
    group.kinks.push({ position: -b / w, size });
    groups.set(key, group);
    total += size;
  }
  let spread = 0;
  for (const { weight, moment, kinks } of groups.values()) {
    for (const { position, size } of kinks) spread += size * Math.abs(position - moment / weight);
  }
  return spread / (total * radiusOf(x));
}

function judge(trained: Trained, situation: Situation, bound: number, least: number): Verdict {
  const { data } = situation;
  const counts = TOLERANCES.map((tolerance) => kinksAt(situation, trained.parameters, tolerance).length + 1);
  const value = counts[TOLERANCES.indexOf(REGION_TOLERANCE)];
  const before = kinksAt(situation, situation.start, REGION_TOLERANCE).length + 1;
  const possible = situation.model.parameterCount / 3 + 1;
  const others = TOLERANCES.map((tolerance, k) => `${counts[k]} at ${inWords(tolerance)}`).join(', ');
  const vacuous =
    possible <= bound ? ` With ${possible - 1} units there are never more than ${possible}: here the bound says nothing.` : '';
  return {
    result: ID,
    measure: 'linear regions',
    value,
    tolerance: bound,
    limit: 'bound',
    outcome: value > bound ? 'disagrees' : possible <= bound ? 'inconclusive' : 'agrees',
    says:
      `The trained network has ${value} linear regions (kinks within ${REGION_TOLERANCE} of the radius are one, changes of slope below ` +
      `${REGION_TOLERANCE} of the largest are none; by tolerance: ${others}); it began with ${before}. The labels need ${least} at least, ` +
      `the bound is ${bound}.${vacuous} At a KKT point, units of one sign that are active on the same samples share one kink: here they lie ` +
      `${inWords(kinkSpread(trained.parameters, data.x))} of the radius apart on average.`,
  };
}

function functionFigure(situation: Situation, trained: Trained): Figure {
  const { data, model } = situation;
  const theta = trained.parameters;
  const inputs = Array.from(data.x);
  const [low, high] = [Math.min(...inputs), Math.max(...inputs)];
  const margin = 0.15 * (high - low || 1);
  const grid = Float64Array.from({ length: POINTS }, (_, k) => low - margin + ((high - low + 2 * margin) * k) / (POINTS - 1));
  const on = (x: Float64Array): number[] => {
    const out = new Float64Array(x.length);
    model.outputsOn(theta, x, x.length, out);
    return Array.from(out);
  };
  const outputs = on(data.x);
  const smallest = outputs.reduce((least, f, i) => Math.min(least, data.y[i] * f), Infinity);
  const scale = smallest > 0 ? smallest : Math.max(...outputs.map(Math.abs)) || 1;
  const kinks = kinksAt(situation, theta, REGION_TOLERANCE);
  const shown = kinks.filter(({ position }) => position >= grid[0] && position <= grid[POINTS - 1]).map(({ position }) => position);
  return {
    kind: 'chart',
    id: 'linear-regions-function',
    title: 'The function with its kinks over the labels, scaled to smallest margin 1',
    says:
      `${kinks.length} ${kinks.length === 1 ? 'kink' : 'kinks'}, at ${kinks.map(({ position }) => inWords(position)).join(', ') || 'no place'}; ` +
      `${kinks.length - shown.length} of them outside the picture.`,
    x: { label: 'x', scale: 'linear' },
    y: { label: 'f(x)', scale: 'linear' },
    series: [
      { name: 'trained', style: 'line', x: Array.from(grid), y: on(grid).map((f) => f / scale) },
      { name: 'kinks', style: 'points', x: shown, y: on(Float64Array.from(shown)).map((f) => f / scale) },
      { name: 'labels', style: 'points', x: inputs, y: Array.from(data.y) },
    ],
  };
}

function countFigure(situation: Situation, trained: Trained, bound: number, least: number): Figure {
  const tolerances = Array.from({ length: 25 }, (_, k) => Math.pow(10, -8 + k / 4)).filter((tolerance) => tolerance <= 0.1);
  const count = (theta: Float64Array): number[] => tolerances.map((tolerance) => kinksAt(situation, theta, tolerance).length + 1);
  const [after, before] = [count(trained.parameters), count(situation.start)];
  const range: [number, number] = [tolerances[0], tolerances[tolerances.length - 1]];
  return {
    kind: 'chart',
    id: 'linear-regions-count',
    title: 'Linear regions by tolerance',
    says: `From tolerance ${inWords(range[0])} to ${inWords(range[1])} the count falls from ${after[0]} to ${after[after.length - 1]}; at the start from ${before[0]} to ${before[before.length - 1]}.`,
    x: { label: 'tolerance', scale: 'log' },
    y: { label: 'linear regions', scale: 'log' },
    series: [
      { name: 'trained', style: 'line', x: tolerances, y: after },
      { name: 'at the start', style: 'line', x: tolerances, y: before },
      { name: 'bound', style: 'line', x: range, y: [bound, bound] },
      { name: 'least for the labels', style: 'line', x: range, y: [least, least] },
    ],
  };
}
