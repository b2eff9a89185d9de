/**
 * What a file can add to an optimizer that changes where it goes: noise, a schedule of steps, weight decay. A result that speaks of one
 * of these says so (`covers`); of every other result it is a condition that fails, wherever that result is.
 */
import type { Experiment } from '../experiment/schema';
import type { Condition } from '../protocol/report';
import { condition, countInWords, inWords } from './wording';

export type Departure = 'label-noise' | 'gradient-noise' | 'step-schedule' | 'weight-decay';

/** The conditions that fail for a result which covers so much; none for a plain optimizer. */
export function departures({ optimizer }: Experiment, covers: readonly Departure[] = []): readonly Condition[] {
  const found: Condition[] = [];
  const add = (departure: Departure, text: string, because: string): void => {
    if (!covers.includes(departure)) found.push(condition(text, false, because));
  };
  if (optimizer.kind === 'sgd') {
    const { labelNoise, gradientNoise, schedule } = optimizer;
    if (labelNoise > 0) add('label-noise', 'labels as the data has them', `±${inWords(labelNoise)} is added to them in every step`);
    if (gradientNoise > 0) {
      add('gradient-noise', 'gradients of the loss alone', `noise of size ${inWords(gradientNoise)} is added to every entry of them`);
    }
    if (schedule !== 'constant') {
      add(
        'step-schedule',
        'a constant step size',
        schedule === 'inverse-sqrt' ? 'η/√t' : `it drops after ${schedule.at.map(countInWords).join(', ')} steps`,
      );
    }
  }
  if (optimizer.kind === 'gradient-descent' && optimizer.weightDecay > 0) {
    add('weight-decay', 'no regularizer of its own', `½ · ${inWords(optimizer.weightDecay)} · ‖W‖² is added to the loss`);
  }
  return found;
}
