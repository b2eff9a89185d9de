/** Trains another experiment that a verdict asks for: the same data and model with another setting, unseen by the listener. */
import { Objective } from '../dynamics/objective';
import type { Experiment } from '../experiment/schema';
import type { Situation } from '../theory/result';
import type { Environment } from './environment';
import { train, type Training } from './train';

export function trainCompanion(
  experiment: Experiment,
  situation: Situation,
  predicted: Float64Array | null,
  environment: Environment,
): Promise<Training> {
  const { optimizer } = experiment;
  const stepSize = optimizer.kind === 'gradient-flow' ? null : (optimizer.stepSize ?? situation.stepSize);
  const changed: Situation = { ...situation, experiment, stepSize };
  const objective = new Objective(situation.model, situation.loss, situation.data.y);
  return train(changed, objective, predicted, [], environment, null);
}
