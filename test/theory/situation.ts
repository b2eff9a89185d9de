/** The halves of a run, for tests that show a judge something else than the run ended with. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import { prepare } from '../../src/study/prepare';
import { train, type Training } from '../../src/study/train';
import { examineExperiment } from '../../src/theory/catalogue';
import type { Examination, Situation } from '../../src/theory/result';
import { nodeEnvironment } from '../../src/worker/environment';

export interface Halves {
  readonly situation: Situation;
  readonly examination: Examination;
  readonly trained: Training;
}

/** Trains and returns the examination of one result, to be asked about whatever a test likes. */
export async function halvesOf(experiment: ExperimentInput, result: string): Promise<Halves> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const { ready, diagnostics } = await prepare(source, environment);
  assert.ok(ready, JSON.stringify(diagnostics));
  const { situation, objective } = ready;
  const examination = (await examineExperiment(situation)).find(({ prediction }) => prediction.result === result);
  assert.ok(examination, `${result} does not speak of it`);
  const trained = await train(situation, objective, null, examination.measures, environment, null);
  return { situation, examination, trained };
}
