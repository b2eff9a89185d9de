/**
 * R. Mulayoff, T. Michaeli, Unique properties of flat minima in deep networks, ICML 2020: of all factorisations of a map, those of least sharpness
 * are balanced along its top singular direction. In the convention of the lab, ℒ = ½c Σ(f − y)² with XᵀXc = aI:
 *     min S = L a σ^(2−2/L),   σ the largest singular value of the map, L the number of layers.
 *
 * For one output and any inputs: with A_k = W_L…W_{k+1} and the directions A_kᵀz_kᵀ, z_k along A_{k−1}, which change f(x) by ‖A_k‖/‖A_{k−1}‖ w·x,
 *     S ≥ c Σ(w·xᵢ)² · Σ_k ‖A_k‖²/‖A_{k−1}‖² ≥ L a ‖w‖^(2−2/L),   a = c Σ(w·xᵢ)²/‖w‖²,
 * by the inequality of the means, as the product of the quotients is 1/‖w‖². Balanced layers of rank one have S ≤ L Λ ‖w‖^(2−2/L), Λ the largest eigenvalue of cXᵀX.
 * As no minimum with S > 2/η is stable, 2/min S is the largest usable step.
 */
import { stabilityThreshold } from '../experiment/stability-threshold';
import type { Experiment } from '../experiment/schema';
import { gramOfColumns } from '../numerics/dense';
import { svd } from '../numerics/svd';
import { symmetricEigen } from '../numerics/symmetric-eigen';
import { norm2 } from '../numerics/vectors';
import type { Figure, Verdict } from '../protocol/report';
import { minimumNorm } from '../solvers/minimum-norm';
import { predictionOf } from './prediction';
import { exceptedStart } from './push';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'mulayoff-michaeli-2020-flat-minima';

/** Rounding of XᵀX. */
const WHITE = 1e-10;
/** The sharpness of the run is a Ritz value with residual 10⁻³: below the eigenvalue by about the square of it. */
const RITZ = 1e-5;
/** A descent that stops moving by itself is at most this far beyond the edge: it then oscillates below the rounding of its loss. */
const EDGE = 1e-3;
/** Loss relative to that of the zero map, below which a run has fitted, and above which it certainly has not. */
const FITTED = 1e-12;
const UNFITTED = 1e-6;

export const mulayoffMichaeli2020FlatMinima: PublishedResult = {
  id: ID,
  row: 'S6',
  title: 'Deep linear networks: the flattest minimum, and the largest usable step',
  statement:
    'With whitened inputs the factorisations of a map W into L layers differ in sharpness; the least one is La σ^(2−2/L), σ the largest singular value of W, and is reached by ' +
    'layers that are balanced along its singular direction. A step beyond 2 over it has no stable minimum to converge to.',
  formula: 'min S = L a σ_max(W)^(2−2/L),  c XᵀX = aI;   η > 2/min S ⇒ no stable minimum',
  status: 'theorem',
  citation: {
    authors: 'Rotem Mulayoff, Tomer Michaeli',
    year: 2020,
    title: 'Unique Properties of Flat Minima in Deep Networks',
    venue: 'International Conference on Machine Learning, PMLR 119',
    url: 'https://proceedings.mlr.press/v119/mulayoff20a.html',
  },

  outline(experiment) {
    const { loss, optimizer, model } = experiment;
    if (loss.kind !== 'square' || optimizer.kind !== 'gradient-descent' || layersOf(experiment) === null) return null;
    const threshold = stabilityThreshold(optimizer);
    return {
      regularizer: 'sharpness',
      symbol: 'min S = La σ^(2−2/L), largest step 2/min S',
      conditions: [
        condition(
          'steps with a threshold of stability',
          threshold !== null,
          threshold === null ? `normalize: ${optimizer.normalize}` : `stable up to ${threshold.over('S')}`,
        ),
      ],
      modelNote: model.kind === 'linear-network' ? 'the same map has many sharpnesses; balanced layers have the least' : null,
      optimizerNote: 'no fit is stable for a step beyond 2/min S',
    } satisfies Outline;
  },

  examine(situation) {
    const outline = mulayoffMichaeli2020FlatMinima.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** Number of layers of a deep linear network or a product of separate matrices; null for others. */
function layersOf({ model, data }: Experiment): number | null {
  if (model.kind === 'linear-network') return model.widths.length + 1;
  const entries = data.kind === 'entries' || data.kind === 'completion';
  return model.kind === 'matrix-factorization' && !model.symmetric && model.depth > 1 && entries ? model.depth : null;
}

/** What the data says of the map that has to be factored. */
interface Target {
  readonly layers: number;
  /** σ: its largest singular value. */
  readonly sigma: number;
  /** Least and largest of the second moment c XᵀX along a direction, and along the map itself. */
  readonly moments: { readonly least: number; readonly along: number; readonly largest: number };
  readonly conditions: ReturnType<typeof condition>[];
}

type Loaded = Pick<Situation, 'experiment' | 'data' | 'loss' | 'model' | 'facts'>;

/** What the sharpness of every fit is at least; null where the data does not fix the map, or the model is no product of linear layers. */
export function leastSharpness(loaded: Loaded): number | null {
  const layers = layersOf(loaded.experiment);
  if (layers === null || loaded.loss.kind !== 'square') return null;
  const { sigma, moments, conditions } = targetOf(loaded, layers);
  return conditions.every(({ holds }) => holds === true) ? sharpnessOf(layers, moments.along, sigma) : null;
}

/** L a σ^(2−2/L). */
const sharpnessOf = (layers: number, moment: number, sigma: number): number => layers * moment * Math.pow(sigma, 2 - 2 / layers);

function targetOf(situation: Loaded, layers: number): Target {
  const { data, loss, model, facts } = situation;
  const c = loss.reduction === 'mean' ? 1 / data.samples : 1;
  if (model.kind === 'matrix-factorization') return observedTarget(situation, layers, c);
  const { inputs, width } = facts;
  const moment = new Float64Array(width * width);
  gramOfColumns(inputs, data.samples, width, moment);
  const { values } = symmetricEigen(moment, width);
  const { point } = minimumNorm(inputs, data.y, data.samples, width, new Float64Array(width));
  const sigma = norm2(point);
  let square = 0;
  for (let i = 0; i < data.samples; i++) {
    let output = 0;
    for (let j = 0; j < width; j++) output += inputs[i * width + j] * point[j];
    square += output * output;
  }
  const [least, largest] = [c * Math.max(0, values[0]), c * values[width - 1]];
  return {
    layers,
    sigma,
    // Along the map 0 there is no direction.
    moments: { least, along: sigma > 0 ? (c * square) / (sigma * sigma) : 0, largest },
    conditions: [
      condition(
        'one map fits the data exactly',
        facts.consistent && facts.spectrum().rank === width && sigma > 0,
        `rank ${facts.spectrum().rank} of ${width} features, relative residual ${inWords(facts.relativeResidual())}${sigma > 0 ? '' : '; the map is 0, whose fits are as flat as one likes'}`,
      ),
    ],
  };
}

/** All entries of a matrix: the inputs are the units of a basis, so they are white. */
function observedTarget({ data, model }: Pick<Situation, 'data' | 'model'>, layers: number, c: number): Target {
  const { rows, columns, observed } = data.matrix ?? { rows: 0, columns: 0, observed: null };
  const all = observed?.length === rows * columns;
  const matrix = new Float64Array(rows * columns);
  observed?.forEach((place, i) => (matrix[place] = data.y[i]));
  const { s, rank } = svd(matrix, rows, columns);
  const inner = Math.min(...model.blocks.slice(1).map((block) => block.columns));
  return {
    layers,
    sigma: s[0],
    moments: { least: all ? c : 0, along: c, largest: c },
    conditions: [
      condition(
        'one map fits the data exactly',
        all && s[0] > 0,
        all ? 'every entry is observed' : `${data.samples} of ${rows * columns} entries`,
      ),
      condition('layers wide enough for it', rank(1e-12 * s[0]) <= inner, `rank ${rank(1e-12 * s[0])}, least width ${inner}`),
    ],
  };
}

interface Bounds {
  /** Every fit is at least so sharp. */
  readonly least: number;
  /** A fit with balanced layers is at most so sharp. */
  readonly most: number;
}

function examine(situation: Situation, outline: Outline): Examination | null {
  const layers = layersOf(situation.experiment);
  if (layers === null) return null;
  const target = targetOf(situation, layers);
  const { sigma, moments } = target;
  const bounds: Bounds = { least: sharpnessOf(layers, moments.along, sigma), most: sharpnessOf(layers, moments.largest, sigma) };
  const threshold = (stabilityThreshold(situation.experiment.optimizer)?.factor ?? Number.NaN) / (situation.stepSize ?? Number.NaN);
  const white = moments.largest - moments.least <= WHITE * moments.largest;
  const conditions = [
    ...outline.conditions,
    ...target.conditions,
    condition(
      'whitened inputs',
      white,
      white
        ? `c XᵀX = ${inWords(moments.largest)} I`
        : `eigenvalues of c XᵀX from ${inWords(moments.least)} to ${inWords(moments.largest)}: of the flattest fit it is only known that its sharpness is between ${inWords(bounds.least)} and ${inWords(bounds.most)}`,
    ),
  ];
  const largestStep = ((situation.stepSize ?? Number.NaN) * threshold) / bounds.least;
  const symbol = Number.isFinite(largestStep)
    ? `min S = ${inWords(bounds.least, 4)}, largest step ${inWords(largestStep, 4)}`
    : outline.symbol;
  return {
    prediction: predictionOf(mulayoffMichaeli2020FlatMinima, white ? { ...outline, symbol } : outline, conditions),
    withoutReference: true,
    judgesDivergence: true,
    measures: ['loss', 'gradientNorm', 'sharpness', 'stabilityThreshold', 'imbalance', 'parameterNorm'],
    companions: [],
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(trained, situation, bounds, threshold),
    figures: (trained) => sharpnessFigure(trained, bounds, threshold),
  };
}

function judge(trained: Trained, situation: Situation, { least }: Bounds, threshold: number): Verdict {
  const base = { result: ID, measure: 'sharpness over the least one', tolerance: null };
  const { objective, curvature, data, loss } = situation;
  const zero = loss.value(new Float64Array(data.samples), data.y);
  const foreseen = `The flattest fit has sharpness ${inWords(least, 5)}; the steps are stable up to ${inWords(threshold, 5)}`;
  const final = trained.outcome === 'diverged' ? Infinity : objective.value(trained.parameters);
  if (least > threshold) {
    const says = `${foreseen}, so no fit is stable. The run ${trained.outcome === 'diverged' ? 'diverged' : `ends with a loss of ${inWords(final)}`}`;
    if (final > UNFITTED * zero) return { ...base, outcome: 'agrees', value: null, says: `${says}.` };
    if (!(final <= FITTED * zero))
      return { ...base, outcome: 'inconclusive', value: null, says: `${says}, neither fitted nor far from it.` };
    const why = exceptedStart(trained.parameters, situation);
    return why === null
      ? { ...base, outcome: 'disagrees', value: null, says: `${says}: it has fitted all the same.` }
      : { ...base, outcome: 'inconclusive', value: null, says: `${says}. ${why}.` };
  }
  if (!(final <= FITTED * zero)) {
    return {
      ...base,
      outcome: 'inconclusive',
      value: null,
      says: `${foreseen}. The run has not fitted the data, so there is no minimum to look at.`,
    };
  }
  const sharpness = curvature.at(trained.parameters).sharpness();
  const value = sharpness / least;
  const says = `${foreseen}. The run ends at a fit of sharpness ${inWords(sharpness, 5)}, ${inWords(value, 5)} times the least`;
  if (!(value >= 1 - RITZ)) return { ...base, outcome: 'disagrees', value, says: `${says}: flatter than any can be.` };
  if (sharpness <= (1 + EDGE) * threshold) return { ...base, outcome: 'agrees', value, says: `${says}, between the two.` };
  const why = exceptedStart(trained.parameters, situation);
  return why === null
    ? { ...base, outcome: 'disagrees', value, says: `${says}: an end that is not stable.` }
    : { ...base, outcome: 'inconclusive', value, says: `${says}. ${why}.` };
}

/** The sharpness on its way, between the least of a fit and the largest that is stable. */
function sharpnessFigure({ trajectory }: Trained, { least }: Bounds, threshold: number): readonly Figure[] {
  const [steps, sharpness] = [trajectory['step'], trajectory['sharpness']];
  if (steps === undefined || sharpness === undefined) return [];
  const kept = steps.flatMap((step, k) => (step > 0 && Number.isFinite(sharpness[k]) ? [k] : []));
  if (kept.length < 2) return [];
  const x = kept.map((k) => steps[k]);
  const ends = [x[0], x[x.length - 1]];
  const end = sharpness[kept[kept.length - 1]];
  return [
    {
      kind: 'chart',
      id: 'flattest-sharpness',
      title: 'The sharpness between its bounds',
      says: `The sharpness ends at ${inWords(end, 4)}; no fit is below ${inWords(least, 4)}, none above ${inWords(threshold, 4)} is stable.`,
      x: { label: 'step', scale: 'log' },
      y: { label: 'λ_max(∇²ℒ)', scale: 'linear' },
      series: [
        { name: 'the run', style: 'line', x, y: kept.map((k) => sharpness[k]) },
        { name: 'flattest fit', style: 'line', x: ends, y: [least, least] },
        { name: 'threshold of stability', style: 'line', x: ends, y: [threshold, threshold] },
      ],
    },
  ];
}
