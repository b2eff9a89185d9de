/**
 * S. Jastrzębski, Z. Kenton, D. Arpit, N. Ballas, A. Fischer, Y. Bengio, A. Storkey, Three factors influencing minima in SGD, 2017
 * (arXiv:1711.04623): taken as a diffusion whose noise has the covariance H/B, SGD stays at a minimum with an expected loss of (η/4B) tr H above it. So
 * larger steps and smaller batches hold the loss higher, the more the sharper the minimum: the account of why they end in flatter ones, which
 * N. Keskar et al. (ICLR 2017, arXiv:1609.04836) observed on networks.
 *
 * Steps are not a diffusion. On a quadratic with eigenvalues hᵢ and noise of covariance cᵢ along their eigenvectors, whatever θ is, a step gives
 *     vᵢ⁺ = (1 − ηhᵢ)² vᵢ + η²cᵢ   ⇒   vᵢ = ηcᵢ/(hᵢ(2 − ηhᵢ)),   E[ℒ − ℒ*] = ½ Σ hᵢvᵢ = Σ ½ηcᵢ/(2 − ηhᵢ),
 * exactly; ¼η Σ cᵢ is its first order, and fails as ηhᵢ comes near 2. Signs ±δ on all labels have cᵢ = δ²hᵢ/n (with the sum δ²hᵢ), noise on the
 * gradient has its square. Batches that are drawn independently of each other add noise that grows with the distance: their second moments solve
 * V = M(V) + η²N (`stationary-moments.ts`), and E[ℒ − ℒ*] = ½ tr HV. With N ∝ 1/B the first order ¼η tr N knows η/B alone; the rest does not, so runs of equal
 * η/B stay at levels that differ by a share of order η. The run is held against the exact law.
 */
import { LIMITS } from '../protocol/limits';
import type { Experiment } from '../experiment/schema';
import type { Condition, Figure, Verdict } from '../protocol/report';
import { STANDARD_ERRORS } from './linear-regime';
import { noiseLaw, type NoiseFindings, type NoiseLaw } from './noise-law';
import { predictionOf } from './prediction';
import type { Examination, Outline, PublishedResult, Trained } from './result';
import { condition, countInWords, inWords, stepsInWords } from './wording';

const ID = 'jastrzebski-2017-noise-scale';

/** What the run does before is left out: it remembers the start. */
const SETTLING = 0.2;
/** Of the standard error: what may be left of the start. */
const FORGOTTEN = 0.1;
/** Relative standard error beyond which the mean says little. */
const LARGEST_ERROR = 0.1;
/** Of the variance over blocks: beyond it the mean hangs on one excursion. Of 40 independent normal blocks one has a third in 0.3 % of all runs (400 000 draws). */
const LARGEST_SHARE = 1 / 3;

export const jastrzebski2017NoiseScale: PublishedResult = {
  id: ID,
  row: 'S11',
  title: 'Larger steps and smaller batches: noise prefers flat minima',
  statement:
    'Seen as a diffusion with noise of covariance H/B, SGD stays (η/4B) tr H above a minimum, so a large step and a small batch tell sharp minima from flat ones, and only ' +
    'η/B matters. For finite steps on a linear model the level is exact: where every step sees all samples a sum that grows without bound as a step reaches 2/λ_max, for ' +
    'independent batches the solution of one linear equation. η/B decides its first order alone.',
  formula: '𝔼[ℒ − ℒ*] = ½ tr(H V) ≈ ¼η tr N,   V = M(V) + η²N;   all samples: Σᵢ ½ηcᵢ/(2 − ηhᵢ);   N = H/B: (η/4B) tr H',
  status: 'empirical',
  citation: {
    authors: 'Stanisław Jastrzębski, Zachary Kenton, Devansh Arpit, Nicolas Ballas, Asja Fischer, Yoshua Bengio, Amos Storkey',
    year: 2017,
    title: 'Three Factors Influencing Minima in SGD',
    venue: 'arXiv:1711.04623',
    url: 'https://arxiv.org/abs/1711.04623',
  },
  covers: ['label-noise', 'gradient-noise'],

  outline(experiment) {
    const { optimizer, model, loss, record } = experiment;
    if (optimizer.kind !== 'sgd' || model.kind !== 'linear' || loss.kind !== 'square') return null;
    const even = record.spacing === 'linear';
    // Batches alone are noise too, where no w fits every sample; whether somebody asks for their level only the record tells.
    if (!(optimizer.labelNoise > 0 || optimizer.gradientNoise > 0 || even)) return null;
    return {
      regularizer: 'hessian-trace',
      symbol: '𝔼[ℒ − ℒ*] = ½ tr(H V) ≈ ¼η tr N',
      conditions: [condition('a record at even distances, of which a mean can be taken', even, `record.spacing: ${record.spacing}`)],
      modelNote: null,
      optimizerNote: 'the noise holds the loss ¼η tr N above its minimum, to first order',
    } satisfies Outline;
  },

  examine(situation) {
    const { optimizer } = situation.experiment;
    const outline = jastrzebski2017NoiseScale.outline(situation.experiment);
    if (outline === null || optimizer.kind !== 'sgd' || situation.stepSize === null) return Promise.resolve(null);
    const findings = noiseLaw(situation, optimizer, situation.stepSize);
    return Promise.resolve(findings === null ? null : examine(situation.experiment, outline, findings));
  },
};

function examine(experiment: Experiment, outline: Outline, { conditions, law }: NoiseFindings): Examination {
  const symbol = law === null ? outline.symbol : `𝔼[ℒ − ℒ*] = ${inWords(law.excess, 4)}, to first order ${inWords(law.firstOrder, 4)}`;
  const prediction = predictionOf(jastrzebski2017NoiseScale, { ...outline, symbol }, [
    ...outline.conditions,
    ...conditions,
    ...(law === null ? [] : [longEnough(law, experiment)]),
  ]);
  return {
    prediction,
    withoutReference: true,
    measures: ['loss', 'gradientNorm', 'parameterNorm'],
    companions: [],
    solve: () => Promise.resolve(null),
    // Asked only where every condition holds, so that there is a law.
    judge: (trained) => judge(trained, law as NoiseLaw, experiment),
    figures: (trained) => (law === null ? [] : lossFigure(trained, law)),
  };
}

function longEnough(law: NoiseLaw, { stop, record }: Experiment): Condition {
  const text = 'long enough to forget the start';
  if (stop.steps === undefined) return condition(text, false, 'no number of steps is given');
  const points = Math.min(record.points, LIMITS.points, stop.steps + 1);
  const left = law.leftOfStart(SETTLING * stop.steps);
  const forgotten = left <= FORGOTTEN * law.error((1 - SETTLING) * points, stop.steps / (points - 1));
  const enough = (1 - SETTLING) * stop.steps >= law.fewestSteps;
  return condition(
    text,
    forgotten && enough,
    `${stepsInWords(stop.steps)}${enough ? '' : `; blocks longer than the memory of second moments take ${countInWords(Math.ceil(law.fewestSteps / (1 - SETTLING)))}`}`,
  );
}

function judge({ trajectory, steps: ended }: Trained, law: NoiseLaw, { expect }: Experiment): Verdict {
  const { step: steps, loss: losses } = trajectory;
  const kept = losses.filter((_, k) => steps[k] >= SETTLING * ended);
  const base = { result: ID, measure: 'distance of the mean loss from the foreseen one', value: null, tolerance: null };
  if (kept.length < 2) return { ...base, outcome: 'inconclusive', says: 'The run has recorded too few losses for a mean.' };
  const mean = kept.reduce((sum, loss) => sum + (loss - law.least), 0) / kept.length;
  const value = Math.abs(mean - law.excess);
  const { error, share } = law.measuredError(kept, steps[1] - steps[0]);
  const foreseen = `foreseen are ${inWords(law.excess, 4)} (to first order in η ${inWords(law.firstOrder, 4)})`;
  const says = `Over ${kept.length} points the loss is ${inWords(mean, 4)} above its minimum on average; ${foreseen}, with a standard error of ${inWords(error, 2)}`;
  if (!(error <= LARGEST_ERROR * law.excess)) return { ...base, value, outcome: 'inconclusive', says: `${says}: too few points to tell.` };
  if (share > LARGEST_SHARE)
    return { ...base, value, outcome: 'inconclusive', says: `${says}, most of it from a single excursion: too short a run to tell.` };
  const tolerance = expect?.tolerance ?? STANDARD_ERRORS * error;
  const agrees = value <= tolerance;
  return { ...base, value, tolerance, outcome: agrees ? 'agrees' : 'disagrees', says: agrees ? `${says}.` : `${says}: too far apart.` };
}

/** The losses of the run and the two laws of their mean. */
function lossFigure({ trajectory }: Trained, { least, excess, firstOrder }: NoiseLaw): readonly Figure[] {
  const { step: steps, loss: losses } = trajectory;
  if (steps.length < 2) return [];
  const ends = [steps[0], steps[steps.length - 1]];
  const above = losses.map((loss) => loss - least);
  const kept = steps.flatMap((_, k) => (above[k] > 0 ? [k] : []));
  return [
    {
      kind: 'chart',
      id: 'noise-floor',
      title: 'The loss above its minimum',
      says: `The noise holds the loss ${inWords(excess, 4)} above its minimum on average; to first order in the step that is ${inWords(firstOrder, 4)}.`,
      x: { label: 'step', scale: 'linear' },
      y: { label: 'ℒ − ℒ*', scale: 'log' },
      series: [
        { name: 'the run', style: 'points', x: kept.map((k) => steps[k]), y: kept.map((k) => above[k]) },
        { name: 'exact mean', style: 'line', x: ends, y: [excess, excess] },
        { name: 'first order, ¼η tr N', style: 'line', x: ends, y: [firstOrder, firstOrder] },
      ],
    },
  ];
}
