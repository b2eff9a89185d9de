/** How a limit is judged of which theory only says that it is stationary: by the stationarity itself, and by where it stands. */
import type { GroupStationarity } from '../measures/group-stationarity';
import type { Verdict } from '../protocol/report';
import { marginGrowth } from './homogeneous-limit';
import type { Trained } from './result';
import { inWords } from './wording';

/**
 * Residual of the first-order conditions, on what counts as non-zero (see ZERO_GROUP). A flow to ln ℒ = −10⁸ leaves 10⁻⁴ to 10⁻⁸ of it;
 * a coordinate that is off by a percent shows as about 3·10⁻³.
 */
export const STATIONARITY_TOLERANCE = 1e-3;
/**
 * The margin in parameters is called at rest when it gained less than this over the last decade of ln ℒ; where the first-order conditions do not
 * hold, only when it gained less than what the frozen part of the start can still hide.
 */
const AT_REST = 1e-3;
const STUCK = 1e-4;

export interface StationaryLimit {
  readonly result: string;
  /** "Σ|β_j|^(2/3) s.t. yᵢ β·xᵢ ≥ 1". */
  readonly problem: string;
  /** Of the trained predictor; null where some margin is not positive. */
  readonly stationarity: GroupStationarity | null;
  readonly tolerance: number;
  /** What is known of the point beyond that it is stationary, one clause without a full stop. */
  standing(stationarity: GroupStationarity): string;
}

export function judgeStationary(limit: StationaryLimit, trained: Trained): Verdict {
  const { result, problem, stationarity, tolerance } = limit;
  const base = { result, measure: 'residual of first-order stationarity', tolerance };
  if (stationarity === null) {
    return { ...base, outcome: 'inconclusive', value: null, says: 'Some margin is not positive at the end of the run.' };
  }
  const value = stationarity.residual;
  const growth = marginGrowth(trained);
  const moving = !(trained.logLoss < -1e4) || (growth !== null && growth > (value <= tolerance ? AT_REST : STUCK));
  const residual = `the first-order conditions of min ${problem} hold to ${inWords(value)}`;
  if (moving) {
    return {
      ...base,
      outcome: 'inconclusive',
      value,
      says: `At ln ℒ = ${inWords(trained.logLoss)} ${residual}, but the margin in parameters still grows${growth === null ? '' : ` (by ${inWords(growth)} of itself over the last decade of ln ℒ)`}: the limit is not reached.`,
    };
  }
  return value <= tolerance
    ? {
        ...base,
        outcome: 'agrees',
        value,
        says: `The limit is stationary: ${residual} (tolerance ${inWords(tolerance)}); ${limit.standing(stationarity)}.`,
      }
    : {
        ...base,
        outcome: 'disagrees',
        value,
        says: `The limit is not stationary: ${residual} only, above ${inWords(tolerance)}, and the margin no longer moves.`,
      };
}
