/** All published results, in the order of the review article. A new paper is one file and one line here. */
import type { Experiment } from '../experiment/schema';
import { ali2019EarlyStopping } from './ali-2019-early-stopping';
import { azulay2021LeakyUnit } from './azulay-2021-leaky-unit';
import { azulay2021LinearUnit } from './azulay-2021-linear-unit';
import { azulay2021ScaleShape } from './azulay-2021-scale-shape';
import { arora2019DeepMatrix } from './arora-2019-deep-matrix';
import { arora2022Normalized } from './arora-2022-normalized';
import { belkin2020DoubleDescent } from './belkin-2020-double-descent';
import { chizat2019LazyTraining } from './chizat-2019-lazy-training';
import { barrettDherin2021ModifiedLoss } from './barrett-dherin-2021-modified-loss';
import { blanc2020FlatMinimizers } from './blanc-2020-flat-minimizers';
import { damian2021LabelNoise } from './damian-2021-label-noise';
import { du2018Balance } from './du-2018-balance';
import { haochen2021SparseRecovery } from './haochen-2021-sparse-recovery';
import { savarese2019FunctionNorm } from './savarese-2019-function-norm';
import { smith2021ShuffledEpochs } from './smith-2021-shuffled-epochs';
import { cohen2021Edge } from './cohen-2021-edge';
import { cohen2022AdaptiveEdge } from './cohen-2022-adaptive-edge';
import { jastrzebski2017NoiseScale } from './jastrzebski-2017-noise-scale';
import { chizatBach2020VariationNorm } from './chizat-bach-2020-variation-norm';
import { chenBruna2022Factorization } from './chen-bruna-2022-factorization';
import { chenBruna2022TwoStep } from './chen-bruna-2022-two-step';
import { dinh2017Rescaling } from './dinh-2017-rescaling';
import { lewkowycz2020Catapult } from './lewkowycz-2020-catapult';
import { mulayoffMichaeli2020FlatMinima } from './mulayoff-michaeli-2020-flat-minima';
import { wu2024LargeStep } from './wu-2024-large-step';
import { chemnitzEngel2025Lyapunov } from './chemnitz-engel-2025-lyapunov';
import { even2023EffectiveStart } from './even-2023-effective-start';
import { maYing2021InputGradient } from './ma-ying-2021-input-gradient';
import { mulayoff2021UnivariateRelu } from './mulayoff-2021-univariate-relu';
import { mulayoff2024MeanSquare } from './mulayoff-2024-mean-square';
import { nacson2022StepSize } from './nacson-2022-step-size';
import { wu2018Contraction } from './wu-2018-contraction';
import { wu2022Frobenius } from './wu-2022-frobenius';
import { wuSu2023Trace } from './wu-su-2023-trace';
import { bartlett2017Spectral } from './bartlett-2017-spectral';
import { golowich2018Frobenius } from './golowich-2018-frobenius';
import { keskar2017FlatMinima } from './keskar-2017-flat-minima';
import { koltchinskiiPanchenko2002Margin } from './koltchinskii-panchenko-2002-margin';
import { haim2022Reconstruction } from './haim-2022-reconstruction';
import { ji2020RegularizationPath } from './ji-2020-regularization-path';
import { soudry2018Rates } from './soudry-2018-rates';
import { pesme2024MirrorFlow } from './pesme-2024-mirror-flow';
import { sun2022MirrorDescent } from './sun-2022-mirror-descent';
import { ji2020Tails } from './ji-2020-tails';
import { jiTelgarsky2021Normalized } from './ji-telgarsky-2021-normalized';
import { nacson2019Lexicographic } from './nacson-2019-lexicographic';
import { nacson2019Sgd } from './nacson-2019-sgd';
import { wang2022Momentum } from './wang-2022-momentum';
import { zhang2024Adam } from './zhang-2024-adam';
import { gunasekar2018MirrorDescent } from './gunasekar-2018-mirror-descent';
import { gunasekar2018SteepestDescent } from './gunasekar-2018-steepest-descent';
import type { Condition, Prediction } from '../protocol/report';
import { gunasekar2018Convolution } from './gunasekar-2018-convolution';
import { gunasekar2018ConvolutionDepth2 } from './gunasekar-2018-convolution-depth-2';
import { gunasekar2017Commuting } from './gunasekar-2017-commuting';
import { gunasekar2017NuclearNorm } from './gunasekar-2017-nuclear-norm';
import { departures } from './departures';
import { liLuoLyu2021GreedyLowRank } from './li-luo-lyu-2021-greedy-low-rank';
import { gunasekar2018Diagonal } from './gunasekar-2018-diagonal';
import { jiTelgarsky2019DeepLinear } from './ji-telgarsky-2019-deep-linear';
import { jiTelgarsky2019Nonseparable } from './ji-telgarsky-2019-nonseparable';
import { lyuLi2020SchattenMargin } from './lyu-li-2020-schatten-margin';
import { liMaZhang2018Rip } from './li-ma-zhang-2018-rip';
import { lyuLi2020Homogeneous } from './lyu-li-2020-homogeneous';
import { lyu2021Symmetric } from './lyu-2021-symmetric';
import { moroshko2020L1Margin } from './moroshko-2020-l1-margin';
import type { Examination, Outline, PublishedResult, Situation, Trained } from './result';
import { safran2022LinearRegions } from './safran-2022-linear-regions';
import { razinCohen2020Divergence } from './razin-cohen-2020-divergence';
import { sarussi2021Linear } from './sarussi-2021-linear';
import { soudry2018Multiclass } from './soudry-2018-multiclass';
import { soudry2018MaxMargin } from './soudry-2018-max-margin';
import { shortCitation } from './wording';
import { vardi2022NonRobust } from './vardi-2022-non-robust';
import { vardi2021KktNotOptimal } from './vardi-2021-kkt-not-optimal';
import { vardiShamir2021HiddenRelu } from './vardi-shamir-2021-hidden-relu';
import { vardiShamir2021MonotoneNeuron } from './vardi-shamir-2021-monotone-neuron';
import { vardiShamir2021ReluNeuron } from './vardi-shamir-2021-relu-neuron';
import { woodworth2020KernelRich } from './woodworth-2020-kernel-rich';
import { wu2018StableMinima } from './wu-2018-stable-minima';
import { yun2021Convolution } from './yun-2021-convolution';
import { yun2021Diagonal } from './yun-2021-diagonal';
import { yun2021SmallStart } from './yun-2021-small-start';
import { zhang2017RandomLabels } from './zhang-2017-random-labels';
import { zhang2017ClosestInterpolator } from './zhang-2017-closest-interpolator';
import { zhu2023MinimalistEdge } from './zhu-2023-minimalist-edge';

export const CATALOGUE: readonly PublishedResult[] = [
  soudry2018MaxMargin,
  jiTelgarsky2019Nonseparable,
  jiTelgarsky2019DeepLinear,
  moroshko2020L1Margin,
  gunasekar2018Diagonal,
  gunasekar2018ConvolutionDepth2,
  gunasekar2018Convolution,
  soudry2018Multiclass,
  lyuLi2020SchattenMargin,
  chizatBach2020VariationNorm,
  lyu2021Symmetric,
  sarussi2021Linear,
  safran2022LinearRegions,
  nacson2019Lexicographic,
  // Of every homogeneous network: behind all that are about one kind of network.
  lyuLi2020Homogeneous,
  vardi2021KktNotOptimal,
  // About one property of the limit: behind what says which it is.
  vardi2022NonRobust,
  haim2022Reconstruction,
  gunasekar2018SteepestDescent,
  jiTelgarsky2021Normalized,
  nacson2019Sgd,
  wang2022Momentum,
  sun2022MirrorDescent,
  pesme2024MirrorFlow,
  zhang2024Adam,
  ji2020Tails,
  soudry2018Rates,
  wu2024LargeStep,
  ji2020RegularizationPath,
  koltchinskiiPanchenko2002Margin,
  golowich2018Frobenius,
  bartlett2017Spectral,
  // About what large or normalised steps do beyond every limit: more particular than all that say which limit.
  arora2022Normalized,
  chenBruna2022TwoStep,
  chenBruna2022Factorization,
  lewkowycz2020Catapult,
  zhu2023MinimalistEdge,
  mulayoffMichaeli2020FlatMinima,
  // About the same run where the file stops it early: it withdraws where nothing is left to learn.
  ali2019EarlyStopping,
  // About the risk of the same interpolator: the more particular of the two.
  belkin2020DoubleDescent,
  zhang2017ClosestInterpolator,
  gunasekar2018MirrorDescent,
  woodworth2020KernelRich,
  azulay2021ScaleShape,
  yun2021Diagonal,
  yun2021Convolution,
  yun2021SmallStart,
  azulay2021LinearUnit,
  gunasekar2017Commuting,
  liMaZhang2018Rip,
  liLuoLyu2021GreedyLowRank,
  // Refuted in general: behind what is proved.
  gunasekar2017NuclearNorm,
  razinCohen2020Divergence,
  // Of every balanced product of matrices: behind all that are about some of them.
  arora2019DeepMatrix,
  vardiShamir2021MonotoneNeuron,
  vardiShamir2021ReluNeuron,
  azulay2021LeakyUnit,
  vardiShamir2021HiddenRelu,
  // Of every network that starts near 0 and hardly moves: behind all that are about one kind.
  chizat2019LazyTraining,
  damian2021LabelNoise,
  haochen2021SparseRecovery,
  blanc2020FlatMinimizers,
  smith2021ShuffledEpochs,
  // About the loss that noise leaves, asked for by the noise.
  jastrzebski2017NoiseScale,
  savarese2019FunctionNorm,
  // About what a descent does on its way: behind all that say where it ends.
  du2018Balance,
  barrettDherin2021ModifiedLoss,
  // About the way and about where it can end, asked for by what is recorded.
  cohen2021Edge,
  cohen2022AdaptiveEdge,
  wu2018StableMinima,
  // About what is learned, not about which solution: behind all that say which.
  zhang2017RandomLabels,
  // About any network of homogeneous units, whatever it has learned.
  dinh2017Rescaling,
  // About whether a minimum is stable, not about which is reached: behind all that say which, and what is learned.
  mulayoff2024MeanSquare,
  chemnitzEngel2025Lyapunov,
  wu2018Contraction,
  wu2022Frobenius,
  wuSu2023Trace,
  mulayoff2021UnivariateRelu,
  even2023EffectiveStart,
  nacson2022StepSize,
  maYing2021InputGradient,
  // An observation on many runs: behind all that is proved of one.
  keskar2017FlatMinima,
];

/** What a lens can say of a result before the data is known. */
export interface OutlinedResult extends Outline {
  readonly result: PublishedResult;
  /** "Woodworth et al. 2020". */
  readonly citedAs: string;
  /** False when a condition that the file decides fails. */
  readonly mayApply: boolean;
}

/** Results that speak of this kind of experiment, those that may apply first. Answers at once, from the file alone. */
export function outlineExperiment(experiment: Experiment): readonly OutlinedResult[] {
  const outlined: OutlinedResult[] = [];
  for (const result of CATALOGUE) {
    const outline = result.outline(experiment);
    if (outline === null) continue;
    const conditions = [...outline.conditions, ...departures(experiment, result.covers)];
    const mayApply = conditions.every(({ holds }) => holds !== false);
    outlined.push({ ...outline, conditions, result, citedAs: shortCitation(result.citation), mayApply });
  }
  return outlined.sort(
    (a, b) => Number(b.mayApply) - Number(a.mayApply) || asked(experiment, b.result.id) - asked(experiment, a.result.id),
  );
}

/** Of several results that apply, the verdict is about the one that the file expects it to be about. */
function asked({ expect }: Experiment, result: string): number {
  return expect?.result === result ? 1 : 0;
}

/** The same with the data: every condition evaluated; those that apply first. */
export async function examineExperiment(situation: Situation): Promise<readonly Examination[]> {
  const examinations: Examination[] = [];
  for (const result of CATALOGUE) {
    const examination = await result.examine(situation);
    if (examination !== null) examinations.push(departing(examination, departures(situation.experiment, result.covers)));
  }
  const { experiment } = situation;
  return examinations.sort(
    ({ prediction: a }, { prediction: b }) =>
      Number(b.applies) - Number(a.applies) || asked(experiment, b.result) - asked(experiment, a.result) || failures(a) - failures(b),
  );
}

/** The examination with what the optimizer departs in from what the result is about. */
function departing(examination: Examination, departed: readonly Condition[]): Examination {
  if (departed.length === 0) return examination;
  const { prediction, settle } = examination;
  return {
    ...examination,
    prediction: { ...prediction, conditions: [...prediction.conditions, ...departed], applies: false },
    ...(settle !== undefined && { settle: (trained: Trained) => [...settle(trained), ...departed] }),
  };
}

/** Of several results that do not apply, the one that lacks least stands first: what is unknown is less than what fails. */
function failures({ conditions }: Prediction): number {
  return conditions.filter(({ holds }) => holds === false).length;
}
