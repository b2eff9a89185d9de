/**
 * Dormand–Prince 5(4), explicit, seven stages with the first same as last.
 * J. R. Dormand, P. J. Prince, J. Comput. Appl. Math. 6 (1980) 19–26, Table 2.
 */
export class DormandPrince {
  /** The step's end, valid after `attempt`. */
  readonly next: Float64Array;
  /** Local error estimate of the embedded method of order 4, valid after `attempt`. */
  readonly error: Float64Array;
  private readonly k: readonly Float64Array[];
  private readonly stage: Float64Array;

  /** @param rhs out = F(y) */
  constructor(
    private readonly size: number,
    private readonly rhs: (y: Float64Array, out: Float64Array) => void,
  ) {
    this.next = new Float64Array(size);
    this.error = new Float64Array(size);
    this.stage = new Float64Array(size);
    this.k = Array.from({ length: 6 }, () => new Float64Array(size));
  }

  /** Does a step of length h from y; `slope` is F(y). Always possible. */
  attempt(y: Float64Array, slope: Float64Array, h: number): boolean {
    const { size, rhs, stage, next, error } = this;
    const [k2, k3, k4, k5, k6, k7] = this.k;
    const k1 = slope;
    for (let i = 0; i < size; i++) stage[i] = y[i] + h * (k1[i] / 5);
    rhs(stage, k2);
    for (let i = 0; i < size; i++) stage[i] = y[i] + h * ((3 / 40) * k1[i] + (9 / 40) * k2[i]);
    rhs(stage, k3);
    for (let i = 0; i < size; i++) stage[i] = y[i] + h * ((44 / 45) * k1[i] - (56 / 15) * k2[i] + (32 / 9) * k3[i]);
    rhs(stage, k4);
    for (let i = 0; i < size; i++) {
      stage[i] = y[i] + h * ((19372 / 6561) * k1[i] - (25360 / 2187) * k2[i] + (64448 / 6561) * k3[i] - (212 / 729) * k4[i]);
    }
    rhs(stage, k5);
    for (let i = 0; i < size; i++) {
      stage[i] =
        y[i] + h * ((9017 / 3168) * k1[i] - (355 / 33) * k2[i] + (46732 / 5247) * k3[i] + (49 / 176) * k4[i] - (5103 / 18656) * k5[i]);
    }
    rhs(stage, k6);
    for (let i = 0; i < size; i++) {
      next[i] = y[i] + h * ((35 / 384) * k1[i] + (500 / 1113) * k3[i] + (125 / 192) * k4[i] - (2187 / 6784) * k5[i] + (11 / 84) * k6[i]);
    }
    rhs(next, k7);
    for (let i = 0; i < size; i++) {
      error[i] =
        h *
        ((71 / 57600) * k1[i] - (71 / 16695) * k3[i] + (71 / 1920) * k4[i] - (17253 / 339200) * k5[i] + (22 / 525) * k6[i] - k7[i] / 40);
    }
    return true;
  }
}
