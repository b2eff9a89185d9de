/**
 * C. Yun, S. Krishnan, H. Mobahi, A unifying view on implicit bias in training linear neural networks, ICLR 2021: a diagonal network
 * x ↦ (w_1∘…∘w_L)·x whose first L − 1 layers start at α·η and whose last starts at 0. The limit minimises
 * Q(w) = α² Σ η_i² H_L(w_i/(α|η_i|)^L), from a weighted ℓ1 norm (α → 0) to a weighted ℓ2 norm (α → ∞) at every depth; see layered-potential.ts.
 */
import type { Condition, Reference } from '../protocol/report';
import { minimumPotential } from '../solvers/potential';
import { besideFiniteStep, flowCondition, judgeFlowLimit } from './flow-limit';
import { interpolationCondition } from './interpolation';
import { layeredPotential } from './layered-potential';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { condition, inWords, superscript } from './wording';
import { yun2021SmallStart } from './yun-2021-small-start';

const ID = 'yun-2021-diagonal';

export const yun2021Diagonal: PublishedResult = {
  id: ID,
  row: 'R5',
  title: 'Diagonal network of any depth: between weighted ℓ1 and weighted ℓ2',
  statement:
    'Gradient flow on the square loss of x ↦ (w₁∘…∘w_L)·x, started at w₁ = … = w_(L−1) = αη and w_L = 0, reaches the interpolator that ' +
    'minimises an explicit potential. For α → 0 it is the ℓ1 norm, weighted by 1/|ηᵢ|^(L−2); for α → ∞ the ℓ2 norm, weighted by 1/ηᵢ^(2L−2).',
  formula:
    'w(∞) = argmin α² Σ ηᵢ² H_L(wᵢ/(α|ηᵢ|)^L) s.t. Xw = y,  H_L(t) = tσ − q²/2,  t = q(1 + q²)^((L−1)/2),  σ = ∫₀^q (1 + x²)^(−(L−1)/2) dx',
  status: 'theorem',
  citation: yun2021SmallStart.citation,

  outline({ model, loss, optimizer }) {
    if (model.kind !== 'diagonal' || model.tied || loss.kind !== 'square') return null;
    return {
      regularizer: `layered-potential-${model.depth}`,
      symbol: `min Q${superscript(model.depth)}(w), between weighted ℓ1 and ℓ2`,
      conditions: [flowCondition(optimizer)],
      modelNote:
        model.depth === 2
          ? 'depth 2: the ℓ1 limit is not weighted'
          : `depth ${model.depth}: both limits are weighted by the shape of the start`,
      optimizerNote: optimizer.kind === 'gradient-descent' ? 'a finite step deviates from the flow by O(η)' : null,
    } satisfies Outline;
  },

  examine(situation) {
    const outline = yun2021Diagonal.outline(situation.experiment);
    return Promise.resolve(outline === null ? null : examine(situation, outline));
  },
};

/** |w_1(0)|, and whether the start is the one of the theorem. */
function startOf({ start, model }: Situation): { readonly e: Float64Array; readonly condition: Condition } {
  const d = model.features;
  const layers = start.length / d;
  const e = start.slice(0, d).map(Math.abs);
  const text = 'w₁ = … = w_(L−1) ≠ 0 and w_L = 0 at the start, up to signs';
  const last = start.subarray((layers - 1) * d);
  const different = start.subarray(d, (layers - 1) * d).findIndex((value, k) => Math.abs(value) !== e[k % d]);
  if (last.some((value) => value !== 0)) return { e, condition: condition(text, false, 'the last layer does not start at 0') };
  if (different >= 0) return { e, condition: condition(text, false, `layer ${Math.floor(different / d) + 2} differs from the first`) };
  const zeros = e.filter((value) => value === 0).length;
  const sizes = `${inWords(Math.min(...e))} … ${inWords(Math.max(...e))}`;
  return {
    e,
    condition: condition(
      text,
      zeros === 0,
      zeros === 0 ? `sizes ${sizes}` : `${zeros} of ${d} coordinates start at 0 in every layer and never move`,
    ),
  };
}

function examine(situation: Situation, outline: Outline): Examination {
  const { experiment, facts, stepSize } = situation;
  const start = startOf(situation);
  const conditions = [...outline.conditions, start.condition, interpolationCondition(facts, 'w')];
  const applies = conditions.every(({ holds }) => holds === true);
  return {
    prediction: predictionOf(yun2021Diagonal, outline, conditions),
    measures: ['loss', 'gradientNorm', 'distance', 'l1Norm', 'l2Norm', 'invariantDrift'],
    companions: applies ? besideFiniteStep(experiment, stepSize) : [],
    solve: () => Promise.resolve(applies ? solve(situation, outline, start.e) : null),
    judge: (trained, reference, companions) => judgeFlowLimit(ID, trained, reference, companions, experiment),
  };
}

function solve({ facts, data, model }: Situation, outline: Outline, e: Float64Array): Reference {
  const depth = model.degree ?? 2;
  const answer = minimumPotential(layeredPotential(depth, e), facts.inputs, data.y, data.samples, facts.width);
  return {
    id: 'potential',
    title: `Interpolator of least Q (depth ${depth})`,
    regularizer: outline.regularizer,
    predictor: Array.from(answer.point),
    objective: answer.objective,
    certificate: answer.certificate,
    role: 'predicted',
  };
}
