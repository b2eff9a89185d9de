/** Figures of a run that goes on: drawn between two steps, and so rarely that they cost it little. */
import type { Figure } from '../protocol/report';
import type { Trained } from '../theory/result';

/** At most so often, in milliseconds. */
const PACE = 300;
/** Share of the run's time that they may take. */
const SHARE = 0.08;
/** Milliseconds. Whatever takes longer once would be felt by who cancels. */
const LONGEST = 400;
/** Numbers of all figures together: what travels a few times a second. */
const MOST_NUMBERS = 60_000;

export class LiveFigures {
  private readonly started: number;
  private spent = 0;
  private cost = 0;
  private last = -Infinity;
  private ended = false;

  constructor(
    private readonly draw: (trained: Trained) => readonly Figure[],
    private readonly tell: (figures: readonly Figure[]) => void,
    private readonly now: () => number,
  ) {
    this.started = now();
  }

  /** Draws the state if it is time; `state` is asked for only then. */
  show(state: () => Trained): void {
    const before = this.now();
    if (this.ended || before - this.last < PACE || before - this.started < PACE) return;
    if (this.spent + this.cost > SHARE * (before - this.started)) return;
    let figures: readonly Figure[];
    try {
      figures = withinBounds(this.draw(state()));
    } catch {
      // Some picture makes no sense of a state half way. The run is worth more; at the end a failure is told.
      this.ended = true;
      return;
    }
    if (figures.length > 0) this.tell(figures);
    this.last = this.now();
    this.cost = this.last - before;
    this.spent += this.cost;
    if (this.cost > LONGEST) this.ended = true;
  }
}

/** Those that travel together. */
function withinBounds(figures: readonly Figure[]): readonly Figure[] {
  let left = MOST_NUMBERS;
  return figures.filter((figure) => {
    const size = figure.kind === 'heat-map' ? figure.values.length : figure.series.reduce((sum, { x }) => sum + 2 * x.length, 0);
    if (size > left) return false;
    left -= size;
    return true;
  });
}
