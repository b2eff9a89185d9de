/**
 * A dynamics only steps. What is recorded, when it ends and how it is cancelled is wrapped around it once, in `study`.
 */
export type StepState =
  | 'running'
  /** The parameters cannot change any more in double precision, or the flow has reached its rest point. */
  | 'at-rest'
  /** A flow has come to the time at which it is to end. */
  | 'arrived'
  /** A parameter or the loss is no longer finite, or grew beyond every use. */
  | 'diverged'
  /** No step, however short, follows the flow from here, or none but such as lead nowhere; `obstacle` says where and why. */
  | 'stuck';

/** What stands in the way of a flow: how ∇ (of ℒ, or of ln ℒ where that is followed) changes over the shortest step that was tried. */
export interface Obstacle {
  /** ‖∇‖ at θ. */
  readonly gradient: number;
  /** ‖∇ there − ∇ here‖, that far away along −∇. */
  readonly jump: number;
  /** How far away, in units of θ. */
  readonly within: number;
  /** Where the flow slides along a kink: which share of the time on which ℒ or θ changes so many steps were long, all together. */
  readonly pace?: { readonly steps: number; readonly share: number };
}

export interface Dynamics {
  readonly kind: string;
  /** Current parameters θ; owned and overwritten by the dynamics. */
  readonly parameters: Float64Array;
  /** Steps done so far; for a flow, accepted integrator steps. */
  readonly steps: number;
  /** ln t with t the time of the flow or the sum of the step sizes (−Infinity at the start). */
  readonly logTime: number;
  /** Step size η, null for a flow. */
  readonly stepSize: number | null;
  /** True while the step size still grows: neither a small gradient nor parameters that stand still are the end then. */
  readonly warming?: boolean;
  /** What must be known of how the steps are made, one sentence that the report repeats; absent where the kind says it all. */
  readonly note?: string;
  /** Why no step can be made from here; present once the state is "stuck". */
  readonly obstacle?: Obstacle;
  /** out = the diagonal P of steps θ ← θ − ηP⁻¹m, NaN before the first; absent where steps are not preconditioned. */
  preconditioner?(out: Float64Array): void;
  /** True where noise goes on at a minimum: neither a loss nor a gradient of 0 ends the run. */
  readonly restless?: boolean;
  /** Does at most `count` steps, fewer when it arrives, comes to rest or diverges. Never allocates in the loop. */
  advance(count: number): StepState;
}
