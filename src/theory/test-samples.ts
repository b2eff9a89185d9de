/** What the results on generalization ask of the test samples. */
import type { DataSpec } from '../experiment/schema';
import type { Condition } from '../protocol/report';
import type { Situation } from './result';
import { condition } from './wording';

/** Whether the file names samples that are not trained on. */
export function hasTestSamples(data: DataSpec): boolean {
  if (data.kind === 'csv') return data.testFraction > 0;
  if (data.kind === 'inline') return data.test !== undefined;
  return 'testSamples' in data && typeof data.testSamples === 'number' && data.testSamples > 0;
}

export function sameDistribution(data: DataSpec): Condition {
  const text = 'training and test samples drawn independently from one distribution';
  switch (data.kind) {
    case 'csv':
      return condition(
        text,
        true,
        `a random ${data.testFraction} of the rows is held out${data.standardize ? '; features are standardised on the training samples' : ''}; the rows themselves are taken to be independent`,
      );
    case 'inline':
      return condition(text, 'unknown', 'the test samples are written in the file: how they were chosen is not known');
    default:
      return condition(text, true, 'drawn by the same generator');
  }
}

/** Share of the test samples with y f(x) ≤ 0. */
export function errorRate({ data, model }: Situation, parameters: Float64Array): number {
  const { test } = data;
  if (test === null) return Number.NaN;
  const outputs = new Float64Array(test.samples);
  model.outputsOn(parameters, test.x, test.samples, outputs);
  let wrong = 0;
  for (let i = 0; i < test.samples; i++) if (!(test.y[i] * outputs[i] > 0)) wrong++;
  return wrong / test.samples;
}
