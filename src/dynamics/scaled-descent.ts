/**
 * A descent along a gradient that may be divided by the loss or by its own size. How a step moves θ is its geometry's own; that it diverges
 * where the gradient or θ is beyond every use, and is at rest where a step changes nothing, is said here for all of them.
 */
import { norm2 } from '../numerics/vectors';
import { ENORMOUS, type Normalization } from './descent-options';
import type { Dynamics, StepState } from './dynamics';
import type { Objective } from './objective';
import { ScaledGradient } from './step-schedule';

/** Does one step on θ after `steps` others, by the gradient at hand. Whether anything has changed. */
type Move = (scaled: ScaledGradient, steps: number) => boolean;

export class ScaledDescent implements Dynamics {
  readonly stepSize: number;
  steps = 0;
  private state: StepState = 'running';
  private readonly scaled: ScaledGradient;

  /** @param parameters θ(0), which `move` overwrites */
  constructor(
    readonly kind: string,
    objective: Objective,
    readonly parameters: Float64Array,
    { stepSize, normalize }: { readonly stepSize: number; readonly normalize: Normalization },
    private readonly move: Move,
  ) {
    this.stepSize = stepSize;
    this.scaled = new ScaledGradient(objective, normalize);
  }

  get logTime(): number {
    return this.scaled.logTime;
  }

  advance(count: number): StepState {
    for (let k = 0; k < count && this.state === 'running'; k++) this.step();
    return this.state;
  }

  private step(): void {
    if (!this.scaled.at(this.parameters)) {
      this.state = 'diverged';
    } else if (!this.move(this.scaled, this.steps)) {
      this.state = 'at-rest';
    } else {
      this.steps++;
      if (!(norm2(this.parameters) < ENORMOUS)) this.state = 'diverged';
    }
  }
}
