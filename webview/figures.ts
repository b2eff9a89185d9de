/** The figures of a report: each with its title, what is to be seen in words, its drawing and its table. */
import type { Figure } from '../src/protocol/report';
import { ChartFigureView } from './chart-figure';
import { toggleButton, type Toggle } from './controls';
import { el, fill } from './dom';
import type { PicturePart } from './export';
import type { FigureView } from './figure-view';
import { HeatFigureView } from './heat-figure';
import type { OpenTables } from './open-tables';
import type { Theme } from './theme';

interface Panel {
  readonly figure: Figure;
  readonly view: FigureView;
  readonly element: HTMLElement;
  /** Drawn in the theme at hand. */
  drawn: boolean;
}

export class Figures {
  readonly element = el('div', { class: 'chart-grid figures' });
  private panels: readonly Panel[] = [];
  private frame = 0;

  constructor(
    private readonly tables: OpenTables,
    private theme: Theme,
    private readonly failed: (what: string, place: HTMLElement, error: unknown) => void,
  ) {}

  show(figures: readonly Figure[]): void {
    cancelAnimationFrame(this.frame);
    for (const { view } of this.panels) view.destroy();
    this.panels = figures.map((figure) => this.panel(figure));
    fill(this.element, ...this.panels.map(({ element }) => element));
    this.drawNext();
  }

  retheme(theme: Theme): void {
    this.theme = theme;
    for (const panel of this.panels) panel.drawn = false;
    this.drawNext();
  }

  /** All of them, drawn, for the picture of the page. */
  get pictures(): readonly PicturePart[] {
    for (const panel of this.panels) this.draw(panel);
    return this.panels.map(({ figure, view }) => ({ title: figure.title, canvas: view.canvas, legend: view.legend }));
  }

  private panel(figure: Figure): Panel {
    const view = figure.kind === 'chart' ? new ChartFigureView(figure) : new HeatFigureView(figure);
    const key = `figure:${figure.id}`;
    const holder = el('div');
    const toggle: Toggle = toggleButton('Table', `Table of ${figure.title}`, this.tables.has(key), (on) => {
      this.tables.set(key, on);
      fill(holder, on && view.table());
    });
    if (toggle.on) fill(holder, view.table());
    const element = el(
      'section',
      { class: 'chart-panel figure-panel', 'aria-label': figure.title, 'data-figure': figure.id },
      el('div', { class: 'chart-head' }, el('h3', {}, figure.title), el('span', { class: 'chart-switches' }, toggle.element)),
      figure.says !== '' && el('p', { class: 'figure-says' }, figure.says),
      view.element,
      holder,
    );
    return { figure, view, element, drawn: false };
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
