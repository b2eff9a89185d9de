/** What can be done with the place of a sweep's figure that is pointed at: open its run, look at it more closely. */
import { actionButton } from './controls';
import { el } from './dom';

export interface SweepPlaceEvents {
  /** Number of a run of the sweep. */
  open(point: number): void;
  refine(point: number): void;
}

export interface FigurePlace {
  /** Cell of a heat map, row by row, or place on the horizontal axis of a chart. */
  readonly at: number;
  /** "init scale = 0.1, model depth = 3". */
  readonly says: string;
}

export class SweepPlaces {
  readonly element: HTMLElement;
  private readonly place = el(
    'span',
    { class: 'sweep-place', 'aria-live': 'polite' },
    'Click a place, or press Enter on it, to open its run.',
  );
  private readonly buttons: readonly HTMLElement[];
  private point: number | null = null;

  constructor(
    private readonly runs: readonly number[],
    private readonly events: SweepPlaceEvents,
  ) {
    this.buttons = [
      actionButton(
        'Open its run',
        'Open its run: the experiment at this place of the sweep',
        () => this.point !== null && events.open(this.point),
      ),
      actionButton(
        'Refine around it',
        'Refine around it: a finer sweep in a new file',
        () => this.point !== null && events.refine(this.point),
      ),
    ];
    for (const button of this.buttons) button.hidden = true;
    this.element = el('p', { class: 'sweep-places' }, this.place, ...this.buttons);
  }

  /** The place is pointed at; `chosen`: by a click or Enter. */
  at({ at, says }: FigurePlace, chosen: boolean): void {
    const point = this.runs.at(at);
    if (point === undefined) return;
    this.point = point;
    if (this.place.textContent !== says) this.place.textContent = says;
    for (const button of this.buttons) button.hidden = false;
    if (chosen) this.events.open(point);
  }
}
