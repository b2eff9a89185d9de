/** What can be done with the place of a sweep's figure that is pointed at: see its runs, open them, run them anew, look at it more closely. */
import { MOST_CELL_CURVES } from '../src/protocol/panel';
import type { Figure, FigureRuns } from '../src/protocol/report';
import { ChartFigureView } from './chart-figure';
import { actionButton } from './controls';
import { el, fill } from './dom';
import { formatNumber } from './format-number';
import type { FigurePlace, FigureView } from './figure-view';
import { measureInfo } from './series';
import { placeText, runsAt } from './sweep-state';
import { table } from './tables';
import type { Theme } from './theme';

export interface SweepPlaceEvents {
  /** Number of a run of the sweep. */
  open(point: number): void;
  refine(point: number): void;
  /** The `count` runs that begin with a point: run anew, or their curves of a measure wanted. */
  rerun(point: number, count: number): void;
  curves(point: number, count: number, measure: string): void;
}

/** More than so many runs are told apart in the JSON report. */
const MOST_RUNS = 100;

export class SweepPlaces {
  readonly element: HTMLElement;
  private readonly place = el('span', { class: 'sweep-place', 'aria-live': 'polite' });
  private readonly holder = el('div', { class: 'sweep-runs', hidden: true });
  private readonly curves = el('div', { class: 'sweep-curves' });
  private readonly actions: Readonly<Record<'open' | 'rerun' | 'refine', HTMLElement>>;
  private chart: FigureView | null = null;
  private at: FigurePlace | null = null;
  /** The place whose runs are listed, and what they were when the list was made. */
  private listed: FigurePlace | null = null;
  private listedStates = '';

  constructor(
    private runs: readonly number[],
    private behind: FigureRuns | undefined,
    private readonly events: SweepPlaceEvents,
    private theme: Theme,
  ) {
    const several = this.repeat > 1;
    this.place.textContent = several
      ? 'Click a place, or press Enter on it, to see its runs.'
      : 'Click a place, or press Enter on it, to open its run.';
    const point = (): number | null => (this.at === null ? null : (this.runs.at(this.at.at) ?? null));
    const on = (act: (point: number) => void) => (): void => {
      const here = point();
      if (here !== null) act(here);
    };
    this.actions = {
      open: several
        ? actionButton('Show its runs', 'Show its runs: each seed at this place of the sweep', () => this.at !== null && this.list(this.at))
        : actionButton(
            'Open its run',
            'Open its run: the experiment at this place of the sweep',
            on((here) => events.open(here)),
          ),
      rerun: actionButton(
        several ? 'Run them again' : 'Run it again',
        `${several ? 'Run them again' : 'Run it again'}: the results at this place of the sweep are made anew`,
        on((here) => events.rerun(here, this.repeat)),
      ),
      refine: actionButton(
        'Refine around it',
        'Refine around it: a finer sweep in a new file',
        on((here) => events.refine(here)),
      ),
    };
    for (const button of Object.values(this.actions)) button.hidden = true;
    this.element = el('div', {}, el('p', { class: 'sweep-places' }, this.place, ...Object.values(this.actions)), this.holder);
  }

  private get repeat(): number {
    return this.behind?.repeat ?? 1;
  }

  /** The place is pointed at; `chosen`: by a click or Enter. */
  pointAt(place: FigurePlace, chosen: boolean): void {
    const point = this.runs.at(place.at);
    if (point === undefined) return;
    this.at = place;
    this.say();
    for (const button of Object.values(this.actions)) button.hidden = false;
    if (!chosen) return;
    if (this.repeat > 1) this.list(place);
    else this.events.open(point);
  }

  /** Another state of the sweep. */
  update(runs: readonly number[], behind: FigureRuns | undefined): void {
    this.runs = runs;
    this.behind = behind;
    if (this.at !== null) this.say();
    if (this.listed !== null && this.statesAt(this.listed) !== this.listedStates) this.list(this.listed, false);
  }

  /** The curves that were asked for, where this place asked for them. */
  show(point: number, figure: Figure | null, says: string): void {
    if (this.listed === null || this.runs.at(this.listed.at) !== point || !this.waits) return;
    this.waits = false;
    this.chart?.destroy();
    this.chart = null;
    if (figure?.kind !== 'chart') return fill(this.curves, el('p', { class: 'note', role: 'status' }, says));
    this.chart = new ChartFigureView(figure);
    fill(
      this.curves,
      el('h4', {}, figure.title),
      el('p', { class: 'figure-says' }, [figure.says, says].filter((part) => part !== '').join(' ')),
      this.chart.element,
    );
    this.chart.draw(this.theme);
  }

  retheme(theme: Theme): void {
    this.theme = theme;
    this.chart?.draw(theme);
  }

  destroy(): void {
    this.chart?.destroy();
  }

  /** Curves were asked for. */
  private waits = false;

  private say(): void {
    const { at, behind } = this;
    if (at === null) return;
    const state = behind === undefined ? '' : placeText(behind, at.at);
    const says = state === '' ? at.says : `${at.says}: ${state}`;
    if (this.place.textContent !== says) this.place.textContent = says;
  }

  private statesAt({ at }: FigurePlace): string {
    return this.behind?.states.slice(at * this.repeat, (at + 1) * this.repeat) ?? '';
  }

  /** The runs of a place, seed by seed. `fresh`: another place, whose curves are still to be asked for. */
  private list(place: FigurePlace, fresh = true): void {
    const { behind } = this;
    const first = this.runs.at(place.at);
    if (behind === undefined || first === undefined) return;
    this.listed = place;
    this.listedStates = this.statesAt(place);
    const runs = runsAt(behind, place.at).slice(0, MOST_RUNS);
    const names = behind.measures.map(({ name }) => name);
    const focused = this.holder.contains(document.activeElement) ? document.activeElement?.getAttribute('aria-label') : null;
    if (fresh) {
      this.waits = false;
      this.chart?.destroy();
      this.chart = null;
      fill(
        this.curves,
        el(
          'p',
          { class: 'sweep-places' },
          ...names.map((name) => {
            const title = measureInfo(name).title;
            return actionButton(
              `Draw ${title}`,
              `Draw ${title} of these runs over each other, with the band between their quartiles`,
              () => {
                this.waits = true;
                fill(
                  this.curves,
                  el(
                    'p',
                    { class: 'note', role: 'status' },
                    `${formatNumber(Math.min(runs.length, MOST_CELL_CURVES))} runs are made for their curves.`,
                  ),
                );
                this.events.curves(first, this.repeat, name);
              },
            );
          }),
        ),
      );
    }
    fill(
      this.holder,
      table({
        caption: `Runs at ${place.says}`,
        visibleCaption: true,
        whole: runs.length <= 12,
        columns: [
          { title: 'Seed', numeric: true, heading: true },
          { title: 'Verdict', numeric: false },
          ...names.map((name) => ({ title: measureInfo(name).title, numeric: true })),
          { title: 'Run', numeric: false },
        ],
        rows: runs.length,
        cell: (row, column) => {
          const { seed, state, values } = runs[row];
          if (column === 0) return formatNumber(seed);
          if (column === 1) return state;
          if (column < 2 + values.length) return Number.isNaN(values[column - 2]) ? '' : formatNumber(values[column - 2], 4);
          return actionButton('Open', `Open the run of seed ${seed}`, () => this.events.open(first + row));
        },
      }),
      this.curves,
    );
    this.holder.hidden = false;
    if (focused !== null && focused !== undefined)
      for (const button of this.holder.querySelectorAll<HTMLElement>('button'))
        if (button.getAttribute('aria-label') === focused) button.focus();
  }
}
