/** Runs an experiment and lets its leading result judge the run as it is, or as it might have been. */
import assert from 'node:assert/strict';
import type { ExperimentInput } from '../../src/experiment/schema';
import type { Verdict } from '../../src/protocol/report';
import { prepare } from '../../src/study/prepare';
import { train } from '../../src/study/train';
import { trainCompanion } from '../../src/study/train-companion';
import { examineExperiment } from '../../src/theory/catalogue';
import type { Examination, Situation, Trained } from '../../src/theory/result';
import { nodeEnvironment } from '../../src/worker/environment';

export interface Judging {
  readonly examination: Examination;
  readonly situation: Situation;
  readonly trained: Trained;
  /** The verdict on the run with this in place of what it gave. */
  judge(change: Partial<Trained>): Verdict;
}

export async function judging(experiment: ExperimentInput): Promise<Judging> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const { ready, diagnostics } = await prepare(source, environment);
  assert.ok(ready, JSON.stringify(diagnostics));
  const { situation, objective } = ready;
  const [examination] = await examineExperiment(situation);
  assert.equal(examination.prediction.applies, true, JSON.stringify(examination.prediction.conditions));
  const reference = await examination.solve();
  const trained = await train(situation, objective, null, examination.measures, environment, null, new Map(), examination.gauge ?? null);
  const companions: Trained[] = [];
  for (const companion of examination.companions) companions.push(await trainCompanion(companion, situation, null, environment));
  return { examination, situation, trained, judge: (change) => examination.judge({ ...trained, ...change }, reference, companions) };
}
