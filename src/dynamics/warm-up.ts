/** A step size that grows by equal ratios from a thousandth to its full size, then stays. */
const FIRST = 1e-3;

export class WarmUp {
  private readonly ratio: number;

  /**
   * @param stepSize η, reached after
   * @param steps so many steps; 0 for none
   */
  constructor(
    private readonly stepSize: number,
    private readonly steps: number,
  ) {
    this.ratio = steps > 0 ? Math.pow(FIRST, -1 / steps) : 1;
  }

  /** Whether step t = 0, 1, … is still smaller than η. */
  growsAt(step: number): boolean {
    return step < this.steps;
  }

  /** Step size of step t = 0, 1, …. */
  at(step: number): number {
    return step < this.steps ? this.stepSize * FIRST * Math.pow(this.ratio, step) : this.stepSize;
  }

  /** Sum of the first `count` step sizes. */
  sum(count: number): number {
    const growing = Math.min(count, this.steps);
    const start = this.steps > 0 ? (FIRST * Math.expm1(growing * Math.log(this.ratio))) / (this.ratio - 1) : 0;
    return this.stepSize * (start + count - growing);
  }
}
