/** Trains another experiment that a verdict asks for: the same data with another setting, start or model, unseen by the listener. */
import { Curvature } from '../dynamics/curvature';
import { Objective } from '../dynamics/objective';
import type { Experiment } from '../experiment/schema';
import { Facts } from '../theory/facts';
import type { Situation } from '../theory/result';
import type { Environment } from './environment';
import { createStart } from './prepare';
import { train, type Training } from './train';

export function trainCompanion(
  experiment: Experiment,
  situation: Situation,
  predicted: Float64Array | null,
  environment: Environment,
): Promise<Training> {
  const { optimizer } = experiment;
  const stepSize = optimizer.kind === 'gradient-flow' ? null : (optimizer.stepSize ?? situation.stepSize);
  const moved = experiment.init !== situation.experiment.init || experiment.model !== situation.experiment.model;
  const { model, start } = moved ? createStart(experiment, situation.data, situation.model.outputsPerSample) : situation;
  const facts = moved ? new Facts(model, situation.data) : situation.facts;
  const objective = new Objective(model, situation.loss, situation.data.y);
  const curvature = moved ? new Curvature(objective) : situation.curvature;
  const changed: Situation = { ...situation, experiment, stepSize, model, start, facts, objective, curvature };
  return train(changed, objective, predicted, [], environment, null);
}
