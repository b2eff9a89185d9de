/** What the results on sharpness share: whether the file asks about it, and the recorded curve. */
import type { Experiment } from '../experiment/schema';
import type { Trajectory } from '../protocol/report';

/**
 * Results on sharpness hold of nearly every descent and say nothing of which solution it finds, so they speak where it is asked for:
 * by recording it against its threshold, or by the result that the file expects.
 */
export function asksForSharpness({ record, expect }: Experiment, result: string): boolean {
  return expect?.result === result || record.measures?.includes('sharpnessRatio') === true;
}

/** λ_max over the threshold at every recorded step; null where neither it nor the sharpness is recorded. */
export function ratiosOf(trajectory: Trajectory, threshold: number): readonly number[] | null {
  if ('sharpnessRatio' in trajectory) return trajectory['sharpnessRatio'];
  return 'sharpness' in trajectory ? trajectory['sharpness'].map((value) => value / threshold) : null;
}
