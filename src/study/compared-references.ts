/** The reference solutions that a file asks to draw beside the predicted one. */
import type { COMPARE_IDS } from '../experiment/schema';
import type { Reference } from '../protocol/report';
import { minimumL1 } from '../solvers/minimum-l1';
import { minimumNorm } from '../solvers/minimum-norm';
import { minimumNuclearNorm } from '../solvers/nuclear-norm';
import { SolverError } from '../solvers/reference-problem';
import type { Situation } from '../theory/result';
import type { Environment } from './environment';

type CompareId = (typeof COMPARE_IDS)[number];

/**
 * Solves what can be solved; a problem that this experiment does not have (ℓ1 of a system without solution, a margin of data
 * that cannot be separated) is left out.
 */
export async function comparedReferences(situation: Situation, environment: Environment): Promise<readonly Reference[]> {
  const references: Reference[] = [];
  for (const id of situation.experiment.compare) {
    const reference = await solveCompared(id, situation, environment);
    if (reference !== null) references.push(reference);
  }
  return references;
}

async function solveCompared(id: CompareId, situation: Situation, environment: Environment): Promise<Reference | null> {
  if (id === 'nuclear') return comparedNuclear(situation);
  const { facts, data, model } = situation;
  if (model.inputs === undefined) return null;
  const { inputs, width } = facts;
  const base = { id, role: 'compared' as const };
  switch (id) {
    case 'l2': {
      const answer = minimumNorm(inputs, data.y, data.samples, width, new Float64Array(width));
      return {
        ...base,
        title: 'Interpolator of least ℓ2 norm',
        regularizer: 'l2',
        predictor: Array.from(answer.point),
        objective: answer.objective,
        certificate: answer.certificate,
      };
    }
    case 'l1': {
      if (!facts.consistent) return null;
      try {
        const answer = minimumL1(inputs, data.y, data.samples, width, await environment.linearPrograms());
        return {
          ...base,
          title: 'Interpolator of least ℓ1 norm',
          regularizer: 'l1',
          predictor: Array.from(answer.point),
          objective: answer.objective,
          certificate: answer.certificate,
        };
      } catch (error) {
        if (error instanceof SolverError) return null;
        throw error;
      }
    }
    case 'max-margin': {
      if (!data.y.every((label) => Math.abs(label) === 1)) return null;
      const separation = facts.separability();
      if (!separation.separable) return null;
      const { point, objective, certificate } = separation.answer;
      return {
        ...base,
        title: 'ℓ2 max-margin predictor, scaled to margin 1',
        regularizer: 'l2-max-margin',
        predictor: Array.from(point),
        objective,
        certificate,
      };
    }
    default:
      return id satisfies never;
  }
}

/** For matrices: the exact fit of least nuclear norm; of W = UUᵀ the least trace over positive semidefinite ones. */
function comparedNuclear({ data, experiment }: Situation): Reference | null {
  if (data.matrix === undefined) return null;
  const psd = experiment.model.kind === 'matrix-factorization' && experiment.model.symmetric;
  try {
    const answer = minimumNuclearNorm(data, { psd });
    return {
      id: 'nuclear',
      role: 'compared',
      title: psd ? 'Positive semidefinite fit of least trace' : 'Fit of least nuclear norm',
      regularizer: 'nuclear',
      predictor: Array.from(answer.point),
      objective: answer.objective,
      certificate: answer.certificate,
    };
  } catch (error) {
    if (error instanceof SolverError) return null;
    throw error;
  }
}
