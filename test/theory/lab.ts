/** Runs an experiment as the worker would, without a worker. */
import assert from 'node:assert/strict';
import type { Experiment, ExperimentInput } from '../../src/experiment/schema';
import type { RunEvent } from '../../src/protocol/compute';
import type { Prediction, Report, Verdict } from '../../src/protocol/report';
import { prepare } from '../../src/study/prepare';
import { runExperiment } from '../../src/study/run';
import { train } from '../../src/study/train';
import { trainCompanion } from '../../src/study/train-companion';
import { examineExperiment } from '../../src/theory/catalogue';
import type { Trained } from '../../src/theory/result';
import { nodeEnvironment } from '../../src/worker/environment';

export async function reportOf(experiment: ExperimentInput, emit: (event: RunEvent) => void = () => undefined): Promise<Report> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const answer = await runExperiment(source, nodeEnvironment(source, new SharedArrayBuffer(4)), emit);
  assert.equal(answer.type, 'report', JSON.stringify(answer));
  return answer.report;
}

/** Largest absolute difference of two vectors. */
export function largestDifference(a: readonly number[] | null, b: readonly number[]): number {
  assert.ok(a !== null && a.length === b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

export function prediction({ predictions }: Report, result: string): Prediction {
  const found = predictions.find((p) => p.result === result);
  assert.ok(found, `no prediction of ${result} among ${predictions.map((p) => p.result).join(', ')}`);
  return found;
}

/** The conditions that do not hold, by their text. */
export function failing({ conditions }: Prediction): readonly string[] {
  return conditions.filter(({ holds }) => holds !== true).map(({ text }) => text);
}

/** n = 2 equations in d = 4 unknowns, on which the notes of the catalogue give numbers (docs/theory.md). */
export const TWO_EQUATIONS = {
  kind: 'inline' as const,
  x: [
    [1, 2, 0, -1],
    [0, 1, 3, 1],
  ],
  y: [1, 2],
};

/** Max-margin predictor (3/4, 1/2), margin 4/√13, multipliers (0, 3/8, 0, 7/16). */
export const FOUR_POINTS = {
  kind: 'inline' as const,
  x: [
    [1, 2],
    [2, -1],
    [4, 1],
    [0, 2],
  ],
  y: [1, 1, 1, 1],
};

/** The verdict when the companions of the leading result, or of the one that is named, are other experiments than it asks for. */
export async function judgedWith(
  experiment: ExperimentInput,
  other: (companion: Experiment, k: number) => Experiment,
  result?: string,
): Promise<Verdict> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const { ready } = await prepare(source, environment);
  assert.ok(ready);
  const { situation, objective } = ready;
  const examinations = await examineExperiment(situation);
  const examination = result === undefined ? examinations[0] : examinations.find((each) => each.prediction.result === result);
  assert.ok(examination);
  const reference = await examination.solve();
  const trained = await train(situation, objective, null, [], environment, null);
  const companions: Trained[] = [];
  for (const [k, companion] of examination.companions.entries())
    companions.push(await trainCompanion(other(companion, k), situation, null, environment));
  return examination.judge(trained, reference, companions);
}
