/**
 * M. Shpigel Nacson, S. Gunasekar, J. D. Lee, N. Srebro, D. Soudry, Lexicographic and depth-sensitive margins in homogeneous and
 * non-homogeneous deep models, ICML 2019.
 *
 * f(x) = Σ_k f_k(θ_k; x) with f_k homogeneous of order α_k, α_1 < … < α_K. On the margin path, the largest smallest margin γ for each
 * bound on ‖θ‖, write θ_k = γ^(1/α_k) θ̃_k: it minimises Σ_k γ^(2/α_k) ‖θ̃_k‖² subject to y_i f(x_i; θ̃) ≥ 1. As γ → ∞ the lowest order has
 * the highest price: first ‖θ̃_1‖ becomes as small as it can be, V_1, then among those ‖θ̃_2‖, and so on. A term of lowest order that the
 * others can do without is discarded.
 *
 * The theorem is about this path (and the path of least loss in a ball). That gradient flow ends there is not proved, and it can differ from
 * the path in finer ties of margins; the review article says that the result "suggests" it. For a flow the prediction is a conjecture.
 */
import type { Experiment } from '../experiment/schema';
import { createModel } from '../models/create-model';
import type { Model } from '../models/model';
import { norm2 } from '../numerics/vectors';
import type { Condition, Figure, Reference, Verdict } from '../protocol/report';
import { maxMarginL1 } from '../solvers/norm-margin';
import { partialMargin, type PartialMargin } from '../solvers/partial-margin';
import { FALLING, flowConditions, isClassification } from './homogeneous-limit';
import { separationCondition, separationOfData } from './linear-separation';
import { signCondition } from './moroshko-2020-l1-margin';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { condition, inWords } from './wording';

const ID = 'nacson-2019-lexicographic';

/**
 * A term of order 1 beside one of order α has at ln ℒ = −10⁸ the share ln γ/γ of the margin, about 10⁻⁶ and less; the term of the highest order
 * comes as near to its margin as it does alone, to a tenth of a per mille.
 */
const TOLERANCE = 1e-4;
/** Before this the transient of the start may still hide the limit. */
const SETTLED = -1e4;

type SumSpec = Extract<Experiment['model'], { kind: 'sum' }>;
type TermSpec = SumSpec['terms'][number];

export const nacson2019Lexicographic: PublishedResult = {
  id: ID,
  row: 'C11',
  title: 'Sums of models of different orders: the lowest order is used only as far as needed',
  statement:
    'On the path of largest margin under a growing bound on ‖θ‖, the parameters of a sum of homogeneous models settle, scaled by the margin, at the ' +
    'solution of nested problems: first the term of lowest order is made as small as the data allow, then the next. A term of lowest order that is ' +
    'not needed is discarded. This is proved for the path; for gradient flow it is suggested, not proved.',
  formula: 'θ_k/γ^(1/α_k) → θ̃_k,  V₁ = min ‖θ̃₁‖ s.t. yᵢ Σ_k f_k(xᵢ; θ̃_k) ≥ 1,  then V₂ = min ‖θ̃₂‖ s.t. ‖θ̃₁‖ = V₁, …',
  status: 'conjecture',
  citation: {
    authors: 'Mor Shpigel Nacson, Suriya Gunasekar, Jason D. Lee, Nathan Srebro, Daniel Soudry',
    year: 2019,
    title: 'Lexicographic and Depth-Sensitive Margins in Homogeneous and Non-Homogeneous Deep Models',
    venue: 'International Conference on Machine Learning, PMLR 97',
    locus: 'sums of homogeneous models of different orders',
    url: 'https://proceedings.mlr.press/v97/nacson19a.html',
  },

  outline(experiment) {
    const { model, loss } = experiment;
    if (model.kind !== 'sum' || !isClassification(experiment) || loss.kind === 'cross-entropy') return null;
    return {
      regularizer: 'lexicographic-norms',
      symbol: 'nested: min ‖θ̃₁‖, then min ‖θ̃₂‖, … of the orders from below',
      conditions: flowConditions(experiment),
      modelNote: 'the lowest order is used only as far as needed',
      optimizerNote: null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = nacson2019Lexicographic.outline(situation.experiment);
    const { model } = situation.experiment;
    return Promise.resolve(outline === null || model.kind !== 'sum' ? null : examine(situation, outline, model));
  },
};

interface Term {
  readonly spec: TermSpec;
  readonly model: Model;
  readonly offset: number;
  readonly order: number;
}

/** How the nested problems of a sum are solved here. */
type Nested =
  /** The highest order alone has a margin problem with a certified solution; all lower ones are discarded. */
  | { readonly kind: 'highest'; readonly top: Term; readonly lower: readonly Term[]; readonly norm: 'l1' | 'l2' }
  /** A linear term under a network of quadratic units, which has every quadratic form at its disposal: the first problem. */
  | { readonly kind: 'linear-and-forms'; readonly linear: Term; readonly forms: Term };

function termsOf({ data }: Situation, { terms }: SumSpec): readonly (Omit<Term, 'order'> & { readonly order: number | null })[] {
  let offset = 0;
  return terms.map((spec) => {
    const model = createModel(spec.kind === 'network' ? { ...spec, trainable: 'all' } : spec, data);
    const term = { spec, model, offset, order: model.degree };
    offset += model.parameterCount;
    return term;
  });
}

function nestedOf(terms: readonly Term[], features: number): Nested | null {
  const sorted = terms.toSorted((a, b) => a.order - b.order);
  const top = sorted[sorted.length - 1];
  const lower = sorted.slice(0, -1);
  const linearInX = terms.every(({ model }) => model.inputs !== undefined && model.inputs.length === model.samples * model.features);
  if (linearInX && (top.spec.kind === 'linear-network' || (top.spec.kind === 'diagonal' && top.spec.depth === 2))) {
    return { kind: 'highest', top, lower, norm: top.spec.kind === 'diagonal' ? 'l1' : 'l2' };
  }
  const { spec } = top;
  const forms = spec.kind === 'network' && spec.activation === 'quadratic' && spec.widths.length === 1 && spec.bias === 'none';
  if (forms && spec.widths[0] >= features && lower.length === 1 && lower[0].spec.kind === 'linear' && !lower[0].spec.bias) {
    return { kind: 'linear-and-forms', linear: lower[0], forms: top };
  }
  return null;
}

function examine(situation: Situation, outline: Outline, spec: SumSpec): Examination {
  const { data, experiment } = situation;
  const all = termsOf(situation, spec);
  const conditions: Condition[] = [...outline.conditions, orders(all)];
  const terms = conditions.every(({ holds }) => holds === true) ? (all as readonly Term[]) : null;
  const nested = terms === null ? null : nestedOf(terms, data.features);
  if (terms !== null) {
    conditions.push(
      condition(
        'nested problems that can be solved here with a certificate',
        nested === null ? 'unknown' : true,
        nested === null
          ? 'known are: a deep linear or a two-layer diagonal network on top of terms that are linear in x, and quadratic units on top of a linear model'
          : nested.kind === 'highest'
            ? `the term of order ${nested.top.order} by itself: the largest ${nested.norm === 'l1' ? 'ℓ1' : 'ℓ2'} margin`
            : 'the linear term under quadratic forms that cost nothing beside it',
      ),
    );
    if (nested?.kind === 'highest') conditions.push(separationCondition(separationOfData(data)));
    if (nested !== null) conditions.push(movingCondition(nested.kind === 'highest' ? nested.top : nested.forms, situation.start));
  }
  const applies = nested !== null && conditions.every(({ holds }) => holds === true);
  let first: PartialMargin | null = null;
  return {
    prediction: predictionOf(
      nacson2019Lexicographic,
      { ...outline, symbol: nested === null ? outline.symbol : symbolOf(nested) },
      conditions,
      applies,
    ),
    // The largest ℓ1 margin may be reached by a whole face of directions.
    measures: [
      'loss',
      'logLoss',
      ...(nested?.kind === 'highest' && nested.norm === 'l2' ? (['directionDistance'] as const) : []),
      'scaledNorm1',
      'scaledNorm2',
      'scaledNorm3',
    ],
    companions: [],
    solve: async () => {
      if (nested === null) return null;
      if (nested.kind === 'highest') return highestReference(situation, nested);
      first = linearPart(situation);
      return formsReference(first);
    },
    judge: (trained, reference) => {
      const tolerance = experiment.expect?.tolerance ?? TOLERANCE;
      const base = { result: ID, tolerance };
      const gamma = smallestMargin(situation, trained);
      if (reference === null || nested === null || !(gamma > 0)) {
        return { ...base, outcome: 'inconclusive', measure: null, value: null, says: 'Some margin is not positive at the end of the run.' };
      }
      const found =
        nested.kind === 'highest'
          ? compareHighest(situation, nested, trained, reference, gamma)
          : compareLinear(nested, trained, first, gamma);
      const short = nested.kind === 'highest' ? null : missingSign(nested.forms, trained, data.features);
      return verdict(found, trained, base, short, closing(trained, terms ?? [], levels(terms ?? [], nested, reference)));
    },
    figures: (trained, reference) =>
      terms === null || reference === null || nested === null ? [] : normFigure(terms, trained, levels(terms, nested, reference)),
  };
}

function orders(terms: readonly { readonly order: number | null }[]): Condition {
  const text = 'terms homogeneous, of different orders';
  const list = terms.map(({ order }) => order ?? 'none').join(', ');
  const holds = terms.every(({ order }) => order !== null) && new Set(terms.map(({ order }) => order)).size === terms.length;
  return condition(text, holds, `orders ${list}`);
}

/** A term whose gradient vanishes on every sample stays where it is, whatever the others do. */
function movingCondition({ spec, model, offset, order }: Term, start: Float64Array): Condition {
  const own = start.subarray(offset, offset + model.parameterCount);
  if (spec.kind === 'diagonal') return signCondition(model, own);
  const cotangent = new Float64Array(model.samples * model.outputsPerSample);
  const gradient = new Float64Array(model.parameterCount);
  const moves = cotangent.some((_, i) => {
    cotangent.fill(0)[i] = 1;
    model.pullback(own, cotangent, gradient);
    return norm2(gradient) > 0;
  });
  return condition(
    `the term of order ${order} can leave its start`,
    moves,
    moves ? 'its gradient does not vanish' : 'its gradient is 0 on every sample',
  );
}

function symbolOf(nested: Nested): string {
  return nested.kind === 'highest'
    ? `order ${nested.top.order} alone: max ${nested.norm === 'l1' ? 'ℓ1' : 'ℓ2'} margin; θ_k/γ^(1/α_k) → 0 for lower orders`
    : 'w/γ → argmin ‖w‖₂ s.t. yᵢ (w·xᵢ + xᵢᵀMxᵢ) ≥ 1 for some M';
}

function smallestMargin({ model, data }: Situation, { parameters }: Trained): number {
  const outputs = new Float64Array(data.samples);
  model.outputs(parameters, outputs);
  return outputs.reduce((least, f, i) => Math.min(least, data.y[i] * f), Infinity);
}

const signed = ({ data: { x, y, features } }: Situation): Float64Array => x.map((value, k) => value * y[Math.floor(k / features)]);

type Highest = Extract<Nested, { kind: 'highest' }>;

async function highestReference(situation: Situation, { norm, top }: Highest): Promise<Reference | null> {
  const { data } = situation;
  const base = {
    regularizer: `${norm}-max-margin`,
    role: 'predicted' as const,
    title: `Largest ${norm === 'l1' ? 'ℓ1' : 'ℓ2'} margin, of the term of order ${top.order} alone`,
  };
  if (norm === 'l1') {
    const { point, objective, certificate } = maxMarginL1(signed(situation), data.samples, data.features, await situation.linearPrograms());
    return { ...base, id: 'l1-max-margin', predictor: Array.from(point), objective, certificate };
  }
  const separation = separationOfData(data);
  if (separation === null || !separation.separable) return null;
  const { point, certificate } = separation.answer;
  return { ...base, id: 'l2-max-margin', predictor: Array.from(point), objective: norm2(point), certificate };
}

/** V_K: the least ‖θ_K‖ with which the term has margin 1, from the norm of its predictor. */
function leastNorm({ spec, order }: Term, norm: number): number {
  if (spec.kind === 'diagonal') return Math.sqrt((spec.tied ? 1 : 2) * norm);
  // A product of k balanced layers of rank one: ‖θ‖² = k ‖β‖^(2/k).
  return Math.sqrt(order) * Math.pow(norm, 1 / order);
}

interface Found {
  readonly measure: string;
  readonly value: number;
  readonly says: string;
}

function compareHighest(
  { data }: Situation,
  { top, lower }: Highest,
  { parameters }: Trained,
  { objective }: Reference,
  gamma: number,
): Found {
  const part = ({ offset, model }: Term): Float64Array => parameters.subarray(offset, offset + model.parameterCount);
  const outputs = new Float64Array(data.samples);
  let share = 0;
  for (const term of lower) {
    term.model.outputs(part(term), outputs);
    share = Math.max(share, outputs.reduce((most, f) => Math.max(most, Math.abs(f)), 0) / gamma);
  }
  top.model.outputs(part(top), outputs);
  const margin = outputs.reduce((least, f, i) => Math.min(least, data.y[i] * f), Infinity);
  const best = Math.pow(norm2(part(top)) / leastNorm(top, objective), top.order);
  const gap = 1 - margin / best;
  return {
    measure: 'share of the lower orders, gap of the highest',
    value: Math.max(share, Math.abs(gap)),
    says:
      `The terms of lower order give at most ${inWords(share)} of the margin, and the term of order ${top.order} is ${inWords(Math.abs(gap))} ` +
      `${gap < 0 ? 'above' : 'below'} the largest margin of its norm`,
  };
}

/** Rows y_i (x_ij x_ik) for j ≤ k: quadratic forms, linear in their coefficients. In units of the largest input, which w gives back. */
function linearPart(situation: Situation): PartialMargin {
  const { x, y, samples, features } = situation.data;
  const unit = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const count = (features * (features + 1)) / 2;
  const forms = new Float64Array(samples * count);
  for (let i = 0, at = 0; i < samples; i++) {
    for (let j = 0; j < features; j++) {
      for (let k = j; k < features; k++) forms[at++] = y[i] * (x[i * features + j] / unit) * (x[i * features + k] / unit);
    }
  }
  const rows = signed(situation).map((value) => value / unit);
  const { point, objective, ...rest } = partialMargin(rows, forms, samples, features, count);
  return { ...rest, point: point.map((value) => value / unit), objective: objective / unit };
}

function formsReference({ point, objective, certificate }: PartialMargin): Reference {
  return {
    id: 'least-linear-part',
    title:
      objective === 0
        ? 'Quadratic forms separate alone: the linear term is discarded'
        : `The least linear part that is needed: ‖w‖ = ${inWords(objective, 6)} at margin 1, w = (${Array.from(point, (value) => inWords(value, 6)).join(', ')})`,
    regularizer: 'lexicographic-norms',
    predictor: null,
    objective,
    certificate,
    role: 'predicted',
  };
}

function compareLinear(
  { linear, forms }: Extract<Nested, { kind: 'linear-and-forms' }>,
  { parameters }: Trained,
  first: PartialMargin | null,
  gamma: number,
): Found {
  const w = parameters.slice(linear.offset, linear.offset + linear.model.parameterCount).map((value) => value / gamma);
  const target = first?.point ?? new Float64Array(w.length);
  const size = norm2(target);
  const distance = norm2(w.map((value, j) => value - target[j])) / (size || 1);
  const rest = norm2(parameters.subarray(forms.offset, forms.offset + forms.model.parameterCount)) / Math.pow(gamma, 1 / forms.order);
  return {
    measure: size > 0 ? 'relative distance of w/γ' : 'size of w/γ',
    value: distance,
    says:
      size > 0
        ? `w/γ is ${inWords(distance)} from the least linear part, relatively; ‖θ̃‖ of the quadratic units is ${inWords(rest)}`
        : `The linear term is not needed, and ‖w/γ‖ is ${inWords(distance)}; ‖θ̃‖ of the quadratic units is ${inWords(rest)}`,
  };
}

/** What keeps the units from every form of the nested problem, in words; null where nothing does. */
function missingSign({ model, offset }: Term, { parameters }: Trained, features: number): string | null {
  const output = model.blocks.find(({ name }) => name === 'W2');
  if (output === undefined) return null;
  const weights = parameters.subarray(offset + output.offset, offset + output.offset + output.columns);
  const positive = weights.filter((v) => v > 0).length;
  const negative = weights.length - positive;
  return Math.min(positive, negative) >= features
    ? null
    : `${positive} of the quadratic units ended with a positive output weight and ${negative} with a negative one, which a flow cannot change ` +
        `when its units have grown: their forms have no more eigenvalues of a sign than units, and the nested problem has up to ${features}`;
}

/** The distance from the predicted norms where −ln ℒ was a tenth of its final value, and whether it has fallen since; null without a record. */
function closing({ trajectory, logLoss }: Trained, terms: readonly Term[], predicted: readonly (number | null)[]): boolean | null {
  const losses = trajectory['logLoss'];
  const columns = terms.map((_, k) => trajectory[`scaledNorm${k + 1}`]);
  if (losses === undefined) return null;
  let tenth = -1;
  let nearest = Infinity;
  for (let i = 0; i < losses.length; i++) {
    const away = losses[i] < 0 ? Math.abs(Math.log((10 * losses[i]) / logLoss)) : Infinity;
    if (away < nearest) [tenth, nearest] = [i, away];
  }
  if (tenth < 0) return null;
  const away = (i: number): number =>
    predicted.reduce<number>((most, level, k) => {
      const column = columns[k];
      return level === null || column === undefined ? most : Math.max(most, Math.abs(column[i] - level) / (level || 1));
    }, 0);
  const [earlier, now] = [away(tenth), away(losses.length - 1)];
  return Number.isFinite(earlier) && Number.isFinite(now) ? now < earlier / FALLING : null;
}

function verdict(
  { measure, value, says }: Found,
  { logLoss }: Trained,
  base: { readonly result: string; readonly tolerance: number },
  short: string | null,
  falls: boolean | null,
): Verdict {
  if (value <= base.tolerance) return { ...base, outcome: 'agrees', measure, value, says: `${says}: within ${inWords(base.tolerance)}.` };
  const end = `at ln ℒ = ${inWords(logLoss)}`;
  if (logLoss > SETTLED) return { ...base, outcome: 'inconclusive', measure, value, says: `${says}: ${end}.` };
  if (short !== null) return { ...base, outcome: 'inconclusive', measure, value, says: `${says}; ${short}.` };
  return falls === true
    ? { ...base, outcome: 'inconclusive', measure, value, says: `${says}: ${end}, and still closing.` }
    : { ...base, outcome: 'disagrees', measure, value, says: `${says}: ${end}.` };
}

/** Where the scaled norms are predicted to go; null where no level is known. */
function levels(terms: readonly Term[], nested: Nested, { objective }: Reference): readonly (number | null)[] {
  return terms.map((term) => {
    if (nested.kind === 'highest') return term === nested.top ? leastNorm(term, objective) : 0;
    return term === nested.linear ? objective : null;
  });
}

function normFigure(terms: readonly Term[], { trajectory }: Trained, predicted: readonly (number | null)[]): readonly Figure[] {
  const losses = trajectory['logLoss'];
  if (losses === undefined) return [];
  const series = terms.flatMap(({ order }, k) => {
    const column = trajectory[`scaledNorm${k + 1}`];
    if (column === undefined) return [];
    const kept = Array.from(losses.keys()).filter((i) => losses[i] < -1 && column[i] > 0);
    if (kept.length < 2) return [];
    const x = kept.map((i) => -losses[i]);
    const level = predicted[k];
    return [
      { name: `order ${order}`, style: 'line' as const, x, y: kept.map((i) => column[i]) },
      ...(level === null || level === 0
        ? []
        : [{ name: `order ${order}, predicted`, style: 'line' as const, x: [x[0], x[x.length - 1]], y: [level, level] }]),
    ];
  });
  if (series.length === 0) return [];
  const ends = terms.map(({ order }, k) => {
    const level = predicted[k];
    const last = trajectory[`scaledNorm${k + 1}`]?.at(-1) ?? Number.NaN;
    return `order ${order}: ${inWords(last)}${level === null ? '' : ` (predicted ${inWords(level)})`}`;
  });
  return [
    {
      kind: 'chart',
      id: 'lexicographic-norms',
      title: 'Norms of the terms, scaled by the margin',
      says: `‖θ_k‖/γ^(1/α_k) at the end, ${ends.join('; ')}.`,
      x: { label: '−ln ℒ', scale: 'log' },
      y: { label: '‖θ_k‖/γ^(1/α_k)', scale: 'log' },
      series,
    },
  ];
}
