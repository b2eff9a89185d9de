/**
 * RODAS4(3): a stiffly accurate, L-stable Rosenbrock method with six stages for autonomous y′ = F(y).
 * E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Section IV.7 and Table 7.3
 * (the coefficients below are those of the code RODAS, in its transformed variables).
 * Every stage solves (I/(hγ) − J) U_i = F(y + Σ a_ij U_j) + Σ (c_ij/h) U_j with J = F′(y).
 */
export interface StiffSystem {
  readonly size: number;
  /** out = F(y). */
  rhs(y: Float64Array, out: Float64Array): void;
  /** Takes J = F′(y) for the solves to come. */
  linearize(y: Float64Array): void;
  /** Prepares (σI − J); false when it is singular. */
  factor(shift: number): boolean;
  /** Solves (σI − J) x = b in place. */
  solve(b: Float64Array): void;
}

const GAMMA = 0.25;
const A21 = 1.544;
const A31 = 0.9466785280815826;
const A32 = 0.2557011698983284;
const A41 = 3.314825187068521;
const A42 = 2.896124015972201;
const A43 = 0.9986419139977817;
const A51 = 1.221224509226641;
const A52 = 6.019134481288629;
const A53 = 12.53708332932087;
const A54 = -0.687886036105895;
const C21 = -5.6688;
const C31 = -2.430093356833875;
const C32 = -0.2063599157091915;
const C41 = -0.1073529058151375;
const C42 = -9.594562251023355;
const C43 = -20.47028614809616;
const C51 = 7.496443313967647;
const C52 = -10.24680431464352;
const C53 = -33.99990352819905;
const C54 = 11.7089089320616;
const C61 = 8.083246795921522;
const C62 = -7.981132988064893;
const C63 = -31.52159432874371;
const C64 = 16.31930543123136;
const C65 = -6.058818238834054;

export class Rosenbrock {
  /** The step's end, valid after `attempt`. */
  readonly next: Float64Array;
  /** Local error estimate of the embedded method of order 3, valid after `attempt`. */
  readonly error: Float64Array;
  private readonly u1: Float64Array;
  private readonly u2: Float64Array;
  private readonly u3: Float64Array;
  private readonly u4: Float64Array;
  private readonly u5: Float64Array;
  private readonly stage: Float64Array;

  constructor(private readonly system: StiffSystem) {
    const vector = (): Float64Array => new Float64Array(system.size);
    this.next = vector();
    this.error = vector();
    this.u1 = vector();
    this.u2 = vector();
    this.u3 = vector();
    this.u4 = vector();
    this.u5 = vector();
    this.stage = vector();
  }

  /**
   * Tries a step of length h from y. `system.linearize(y)` has been called.
   * @param slope F(y)
   * @returns false when (I/(hγ) − J) is singular: take another h
   */
  attempt(y: Float64Array, slope: Float64Array, h: number): boolean {
    const { system, u1, u2, u3, u4, u5, stage, next, error } = this;
    const n = system.size;
    if (!system.factor(1 / (h * GAMMA))) return false;
    const r = 1 / h;
    u1.set(slope);
    system.solve(u1);

    for (let i = 0; i < n; i++) stage[i] = y[i] + A21 * u1[i];
    system.rhs(stage, u2);
    for (let i = 0; i < n; i++) u2[i] += r * C21 * u1[i];
    system.solve(u2);

    for (let i = 0; i < n; i++) stage[i] = y[i] + A31 * u1[i] + A32 * u2[i];
    system.rhs(stage, u3);
    for (let i = 0; i < n; i++) u3[i] += r * (C31 * u1[i] + C32 * u2[i]);
    system.solve(u3);

    for (let i = 0; i < n; i++) stage[i] = y[i] + A41 * u1[i] + A42 * u2[i] + A43 * u3[i];
    system.rhs(stage, u4);
    for (let i = 0; i < n; i++) u4[i] += r * (C41 * u1[i] + C42 * u2[i] + C43 * u3[i]);
    system.solve(u4);

    for (let i = 0; i < n; i++) stage[i] = y[i] + A51 * u1[i] + A52 * u2[i] + A53 * u3[i] + A54 * u4[i];
    system.rhs(stage, u5);
    for (let i = 0; i < n; i++) u5[i] += r * (C51 * u1[i] + C52 * u2[i] + C53 * u3[i] + C54 * u4[i]);
    system.solve(u5);

    for (let i = 0; i < n; i++) stage[i] += u5[i];
    system.rhs(stage, error);
    for (let i = 0; i < n; i++) error[i] += r * (C61 * u1[i] + C62 * u2[i] + C63 * u3[i] + C64 * u4[i] + C65 * u5[i]);
    system.solve(error);
    for (let i = 0; i < n; i++) next[i] = stage[i] + error[i];
    return true;
  }
}
