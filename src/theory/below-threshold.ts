/**
 * The condition that results on homogeneous classifiers share (Lyu & Li 2020, assumption A4; Ji & Telgarsky 2020): at some time the
 * summed loss is below ℓ(0), so that every margin is positive from then on. The start may show it; else only the run does.
 */
import { logThreshold } from '../measures/margin-constraints';
import { norm2 } from '../numerics/vectors';
import type { Condition, Verdict } from '../protocol/report';
import type { Situation, Trained } from './result';
import { condition, inWords } from './wording';

const TEXT = 'at some time the summed loss is below ℓ(0)';
/** The flow knows its outputs to local errors of 10⁻⁹: a loss that is nearer to ℓ(0) may be below it by an error alone, as where a flow ends at 0. */
const RESOLVED = 1e-9;

export interface Threshold {
  /** Before the run: true where the start is below already, false at a stationary point of the loss, else unknown. */
  readonly condition: Condition;
  /** Whether the prediction may rest on the condition: it is not known to fail. */
  readonly possible: boolean;
  /** As the run has settled it. */
  after(trained: Trained): Condition;
  /** The verdict on a run that ended above; null where the condition holds. */
  verdictAbove(trained: Trained, result: string): Verdict | null;
}

export function thresholdOf({ model, loss, data, start }: Situation): Threshold {
  const level = logThreshold(loss.kind === 'exponential');
  const extra = loss.reduction === 'mean' ? Math.log(data.samples) : 0;
  const outputs = new Float64Array(data.samples * model.outputsPerSample);
  const cotangent = new Float64Array(outputs.length);
  const gradient = new Float64Array(model.parameterCount);
  model.outputs(start, outputs);
  loss.derivative(outputs, data.y, cotangent);
  model.pullback(start, cotangent, gradient);
  const atStart = loss.logValue(outputs, data.y) + extra;
  const stationary = norm2(gradient) === 0;
  const bound = `ℓ(0) = ${inWords(Math.exp(level))}`;
  const below = atStart < level;
  const before = condition(
    TEXT,
    below ? true : stationary ? false : 'unknown',
    below
      ? `${inWords(Math.exp(atStart))} at the start, ${bound}`
      : stationary
        ? `the start is a stationary point of the loss at ${inWords(Math.exp(atStart))}: the flow never leaves it`
        : `${inWords(Math.exp(atStart))} at the start, ${bound}: the run decides`,
  );
  const reached = ({ logLoss }: Trained): boolean => below || logLoss + extra < level - RESOLVED;
  const ended = ({ logLoss }: Trained): string => inWords(Math.exp(logLoss + extra));
  return {
    condition: before,
    possible: before.holds !== false,
    after: (trained) => {
      if (before.holds !== 'unknown') return before;
      if (reached(trained)) return condition(TEXT, true, 'reached during the run');
      const because = `the run ended at ${ended(trained)}, ${bound}`;
      return condition(TEXT, trained.outcome === 'converged' ? false : 'unknown', because);
    },
    verdictAbove: (trained, result) => {
      if (reached(trained)) return null;
      const base = { result, measure: null, value: null, tolerance: null };
      return trained.outcome === 'converged'
        ? {
            ...base,
            outcome: 'no-prediction',
            says: `The flow came to rest at a summed loss of ${ended(trained)}, which is not below ${bound}: the theorem says nothing of this run.`,
          }
        : {
            ...base,
            outcome: 'inconclusive',
            says: `The run ended at a summed loss of ${ended(trained)}, before it fell below ${bound}.`,
          };
    },
  };
}
