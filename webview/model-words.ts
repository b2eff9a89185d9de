/** Why a run has no vector of coefficients, by its model. */
import type { RunState } from '../src/protocol/panel';
import type { Report } from '../src/protocol/report';
import { fields, list, word } from './plain';

/** What stands in the place of trained coefficients. */
export function noCoefficients(state: RunState, report: Report | null): string {
  if (state === 'running') return 'Trained coefficients appear when the run has ended.';
  if (report === null) return 'The run has left no coefficients.';
  const { model } = fields(report.experiment);
  const reason = nonlinearity(model);
  if (reason !== null) return `This model is not linear in x (${reason}), so it has no vector of coefficients.`;
  if (state === 'done' && word(fields(model).kind) === '') return 'This model is not linear in x, so it has no vector of coefficients.';
  return 'The run has left no coefficients.';
}

/** "a network with relu units"; null of a model that is linear in x, as far as its kind says. */
function nonlinearity(value: unknown): string | null {
  const model = fields(value);
  if (model.kind === 'sum') {
    const term = list(model.terms, nonlinearity).find((reason) => reason !== null);
    return term === undefined ? null : `one of its terms is ${term}`;
  }
  if (model.kind === 'scaled') return nonlinearity(model.model);
  if (model.kind !== 'network' && model.kind !== 'neuron') return null;
  const activation = typeof model.activation === 'string' ? word(model.activation) : word(fields(model.activation).kind);
  if (activation === 'identity') return null;
  return model.kind === 'neuron' ? `one ${activation || 'nonlinear'} unit` : `a network with ${activation || 'nonlinear'} units`;
}
