/** What the bounds on the test error have in common: they speak of runs with test samples, hold them against what was trained alone, and solve nothing. */
import type { MeasureName } from '../protocol/measures';
import type { Figure, Verdict } from '../protocol/report';
import { predictionOf } from './prediction';
import type { Examination, PublishedResult, Situation, Trained } from './result';
import { sameDistribution } from './test-samples';

export interface Bounded {
  readonly measures: readonly MeasureName[];
  judge(trained: Trained, situation: Situation): Verdict;
  figures(trained: Trained, situation: Situation): readonly Figure[];
}

/** Null without test samples, and where the result does not speak of the experiment. */
export function examineBound(result: PublishedResult, situation: Situation, { measures, judge, figures }: Bounded): Examination | null {
  const { experiment, data } = situation;
  const outline = result.outline(experiment);
  if (outline === null || data.test === null) return null;
  return {
    prediction: predictionOf(result, outline, [...outline.conditions, sameDistribution(experiment.data)]),
    withoutReference: true,
    measures,
    companions: [],
    solve: () => Promise.resolve(null),
    judge: (trained) => judge(trained, situation),
    figures: (trained) => figures(trained, situation),
  };
}
