/** The figures of a report: each with its title, what is to be seen in words, its drawing and its table. */
import type { Figure } from '../src/protocol/report';
import { ChartFigureView } from './chart-figure';
import { actionButton, toggleButton, type Toggle } from './controls';
import { el, fill } from './dom';
import type { PicturePart } from './export';
import type { FigureView } from './figure-view';
import { HeatFigureView } from './heat-figure';
import type { OpenTables } from './open-tables';
import { SweepPlaces, type SweepPlaceEvents } from './sweep-places';
import type { Theme } from './theme';
import type { Part } from './vector-chart';

interface Panel {
  figure: Figure;
  readonly view: FigureView;
  readonly places: SweepPlaces | null;
  readonly element: HTMLElement;
  /** Takes in another state of the same figure. */
  update(figure: Figure, live: boolean): void;
  /** Drawn in the theme at hand. */
  drawn: boolean;
}

/** Milliseconds between refreshes of a table while its run is going on. */
const TABLE_PACE = 1000;

export class Figures {
  readonly element = el('div', { class: 'chart-grid figures' });
  private panels: readonly Panel[] = [];
  private run: string | null = null;
  private frame = 0;
  private tablesDrawn = -Infinity;

  constructor(
    private readonly tables: OpenTables,
    private theme: Theme,
    private readonly failed: (what: string, place: HTMLElement, error: unknown) => void,
    private readonly save: (title: string, part: Part) => void,
    /** Null where nothing can be run. */
    private readonly sweeps: SweepPlaceEvents | null,
  ) {}

  /**
   * Shows the figures of a run; those of the same run that are shown already are drawn anew in their places.
   * @param live more states are to come: what a figure took of the page it keeps
   */
  show(run: string | null, figures: readonly Figure[], live: boolean): void {
    cancelAnimationFrame(this.frame);
    const before = run === this.run ? this.panels : [];
    this.run = run;
    const panels = figures.map((figure) => {
      const known = before.find((panel) => panel.figure.id === figure.id && panel.figure.kind === figure.kind);
      if (known === undefined) return this.panel(figure);
      known.update(figure, live);
      return known;
    });
    for (const panel of this.panels) {
      if (panels.includes(panel)) continue;
      panel.view.destroy();
      panel.places?.destroy();
    }
    const same = panels.length === this.panels.length && panels.every((panel, at) => panel === this.panels[at]);
    this.panels = panels;
    if (!same) fill(this.element, ...panels.map(({ element }) => element));
    this.drawNext();
  }

  /** The curves of the runs at a place of a sweep, for the figure that asked for them. */
  cell(point: number, figure: Figure | null, says: string): void {
    for (const { places } of this.panels) places?.show(point, figure, says);
  }

  /** @param atOnce all of them, before the browser goes on */
  retheme(theme: Theme, atOnce: boolean): void {
    this.theme = theme;
    for (const panel of this.panels) {
      panel.drawn = false;
      panel.places?.retheme(theme);
      if (atOnce) this.draw(panel);
    }
    this.drawNext();
  }

  /** All of them, drawn, for the picture of the page. */
  get pictures(): readonly PicturePart[] {
    for (const panel of this.panels) this.draw(panel);
    return this.panels.map(({ figure, view }) => ({ title: figure.title, canvas: view.canvas, legend: view.legend }));
  }

  /** All of them for print. */
  get vectors(): readonly Part[] {
    return this.panels.map(({ view }) => view.vector());
  }

  private panel(figure: Figure): Panel {
    const view: FigureView = figure.kind === 'chart' ? new ChartFigureView(figure) : new HeatFigureView(figure);
    const key = `figure:${figure.id}`;
    const holder = el('div');
    const toggle: Toggle = toggleButton('Table', `Table of ${figure.title}`, this.tables.has(key), (on) => {
      this.tables.set(key, on);
      fill(holder, on && view.table());
    });
    if (toggle.on) fill(holder, view.table());
    const saving = actionButton('SVG', `SVG of ${figure.title}`, () => this.save(panel.figure.title, view.vector()));
    const places =
      figure.runs === undefined || this.sweeps === null ? null : new SweepPlaces(figure.runs, figure.behind, this.sweeps, this.theme);
    if (places !== null) view.onPlace = (place, chosen) => places.pointAt(place, chosen);
    const title = el('h3', {}, figure.title);
    const says = el('p', { class: 'figure-says', hidden: figure.says === '' }, figure.says);
    const element = el(
      'section',
      { class: 'chart-panel figure-panel', 'aria-label': figure.title, 'data-figure': figure.id },
      el('div', { class: 'chart-head' }, title, el('span', { class: 'chart-switches' }, saving, toggle.element)),
      says,
      view.element,
      places?.element,
      holder,
    );
    const panel: Panel = {
      figure,
      view,
      places,
      element,
      drawn: false,
      update: (next, live) => {
        // The sentence keeps the height it once had while it changes; nothing below it moves to and fro.
        says.style.minHeight = live ? `${says.getBoundingClientRect().height}px` : '';
        title.textContent = next.title;
        says.textContent = next.says;
        says.hidden = next.says === '';
        panel.figure = next;
        panel.drawn = false;
        view.update(next);
        places?.update(next.runs ?? [], next.behind);
        if (toggle.on) this.refreshTable(holder, view, live);
      },
    };
    return panel;
  }

  /** An open table follows a run at a reading pace. */
  private refreshTable(holder: HTMLElement, view: FigureView, live: boolean): void {
    if (live && performance.now() - this.tablesDrawn < TABLE_PACE) return;
    this.tablesDrawn = performance.now();
    const scroll = holder.querySelector('.table-scroller')?.scrollTop ?? 0;
    fill(holder, view.table());
    holder.querySelector('.table-scroller')?.scrollTo({ top: scroll });
  }

  /** One figure a frame: many of them do not hold up the page. */
  private drawNext(): void {
    cancelAnimationFrame(this.frame);
    const next = this.panels.find(({ drawn }) => !drawn);
    if (next === undefined) return;
    this.draw(next);
    this.frame = requestAnimationFrame(() => this.drawNext());
  }

  private draw(panel: Panel): void {
    if (panel.drawn) return;
    panel.drawn = true;
    const start = performance.now();
    try {
      panel.view.draw(this.theme);
    } catch (error) {
      this.failed(`the figure “${panel.figure.title}”`, panel.view.element, error);
    }
    performance.measure('redraw-figure', { start, end: performance.now() });
  }
}
