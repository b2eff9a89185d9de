/** All published results, in the order of the review article. A new paper is one file and one line here. */
import type { Experiment } from '../experiment/schema';
import { jiTelgarsky2019DeepLinear } from './ji-telgarsky-2019-deep-linear';
import { jiTelgarsky2019Nonseparable } from './ji-telgarsky-2019-nonseparable';
import { lyuLi2020Homogeneous } from './lyu-li-2020-homogeneous';
import type { Examination, Outline, PublishedResult, Situation } from './result';
import { soudry2018MaxMargin } from './soudry-2018-max-margin';
import { shortCitation } from './wording';
import { woodworth2020KernelRich } from './woodworth-2020-kernel-rich';
import { zhang2017ClosestInterpolator } from './zhang-2017-closest-interpolator';

export const CATALOGUE: readonly PublishedResult[] = [
  soudry2018MaxMargin,
  jiTelgarsky2019Nonseparable,
  jiTelgarsky2019DeepLinear,
  // Of every homogeneous network: behind all that are about one kind of network.
  lyuLi2020Homogeneous,
  zhang2017ClosestInterpolator,
  woodworth2020KernelRich,
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
    const mayApply = outline.conditions.every(({ holds }) => holds !== false);
    outlined.push({ ...outline, result, citedAs: shortCitation(result.citation), mayApply });
  }
  return outlined.sort((a, b) => Number(b.mayApply) - Number(a.mayApply));
}

/** The same with the data: every condition evaluated; those that apply first. */
export async function examineExperiment(situation: Situation): Promise<readonly Examination[]> {
  const examinations: Examination[] = [];
  for (const result of CATALOGUE) {
    const examination = await result.examine(situation);
    if (examination !== null) examinations.push(examination);
  }
  return examinations.sort((a, b) => Number(b.prediction.applies) - Number(a.prediction.applies));
}
