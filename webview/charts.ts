/** The charts of a run: their common horizontal axis, the crosshair they share, and redrawing at a bounded pace. */
import { ChartPanel } from './chart-panel';
import { checkbox, dropdown } from './controls';
import { el } from './dom';
import type { Guide } from './guides';
import type { Host } from './host';
import type { OpenTables } from './open-tables';
import {
  defaultHorizontal,
  hasPlace,
  horizontalAxes,
  isPositive,
  linesOf,
  measureInfo,
  measureLabel,
  planCharts,
  unplacedText,
} from './series';
import type { ChartPlan, Horizontal, PlottedRun } from './series';
import type { Theme } from './theme';
import type { Part } from './vector-chart';

export interface ChartsContent {
  readonly runs: readonly PlottedRun[];
  readonly guides: readonly Guide[];
  readonly live: boolean;
  /** The shown run left every bound: on a linear axis its last point would be all that is seen. */
  readonly diverged: boolean;
}

/** Redraws a second while points arrive. */
const REDRAW_RATE = 15;

export class Charts {
  readonly element: HTMLElement;
  private readonly panels = new Map<string, ChartPanel>();
  private readonly grid = el('div', { class: 'chart-grid' });
  private readonly note = el('p', { class: 'note axis-note' });
  private readonly axisChoice = dropdown('Horizontal axis', (name) => this.chooseAxis(name));
  private readonly logChoice = checkbox('log scale', 'horizontal axis', false, (log) => this.chooseLog(log));
  private content: ChartsContent = { runs: [], guides: [], live: false, diverged: false };
  private scheduled = false;
  private lastDrawn = -Infinity;
  private beginning = 0;

  constructor(
    private readonly host: Host,
    private readonly tables: OpenTables,
    private theme: Theme,
    private readonly report: (error: unknown) => void,
    private readonly save: (title: string, part: Part) => void,
  ) {
    this.element = el(
      'div',
      { class: 'charts' },
      el('div', { class: 'axis-bar' }, this.axisChoice.element, this.logChoice.element, this.note),
      this.grid,
    );
  }

  /** Panels in the order of the page, for pictures. */
  get drawn(): readonly ChartPanel[] {
    return [...this.panels.values()];
  }

  show(content: ChartsContent): void {
    this.content = content;
    this.redraw();
  }

  /** New points have arrived: redraws soon, but no more often than people can see. */
  update(content: ChartsContent): void {
    this.content = content;
    if (this.scheduled) return;
    this.scheduled = true;
    const wait = Math.max(0, 1000 / REDRAW_RATE - (performance.now() - this.lastDrawn));
    setTimeout(() => requestAnimationFrame(() => this.redraw()), wait);
  }

  retheme(theme: Theme): void {
    this.theme = theme;
    this.redraw();
    // Paper does not wait for the next frame.
    while (this.beginNext());
  }

  private redraw(): void {
    this.scheduled = false;
    const start = performance.now();
    this.lastDrawn = start;
    try {
      this.drawAll();
    } catch (error) {
      this.report(error);
    }
    performance.measure('redraw-charts', { start, end: performance.now() });
  }

  private drawAll(): void {
    const { runs, guides, live, diverged } = this.content;
    const names = [...new Set(runs.flatMap(({ curves }) => [...curves.names]))];
    const plans = planCharts(names);
    const horizontal = this.horizontal();
    this.element.hidden = runs.length === 0;
    this.drawAxisBar(horizontal);
    for (const [key, panel] of this.panels) {
      if (plans.some((plan) => plan.key === key)) continue;
      panel.destroy();
      this.panels.delete(key);
    }
    plans.forEach((plan, position) => {
      const panel = this.panels.get(plan.key) ?? this.addPanel(plan);
      if (this.grid.children[position] !== panel.element) this.grid.insertBefore(panel.element, this.grid.children[position] ?? null);
      const log = this.host.state().logVertical[plan.key] ?? (plan.log || (diverged && isPositive(runs, plan.measures)));
      // One chart that cannot be drawn leaves the others alone.
      try {
        panel.draw(plan, { runs, horizontal, guides, log, live }, this.theme);
      } catch (error) {
        this.report(error);
      }
    });
    this.beginRest();
  }

  /** One chart a frame, from the top: the first is seen while the others are made. */
  private beginRest(): void {
    cancelAnimationFrame(this.beginning);
    if (this.beginNext()) this.beginning = requestAnimationFrame(() => this.beginRest());
  }

  /** False when every chart has begun. */
  private beginNext(): boolean {
    const next = this.drawn.find(({ blank }) => blank);
    try {
      next?.begin();
    } catch (error) {
      this.report(error);
    }
    return next !== undefined;
  }

  private addPanel(plan: ChartPlan): ChartPanel {
    const panel: ChartPanel = new ChartPanel(plan, this.theme, this.tables.has(plan.key), {
      tableToggled: (open) => this.tables.set(plan.key, open),
      drawingWanted: () => {
        const part = panel.vector();
        if (part !== null) this.save(panel.title, part);
      },
      logChanged: (log) => {
        this.host.remember({ logVertical: { ...this.host.state().logVertical, [plan.key]: log } });
        this.redraw();
      },
      crosshairMoved: (x) => {
        for (const other of this.panels.values()) if (other !== panel) other.showCrosshair(x, false);
      },
    });
    this.panels.set(plan.key, panel);
    this.grid.append(panel.element);
    return panel;
  }

  private axes(): readonly string[] {
    return horizontalAxes([...new Set(this.content.runs.flatMap(({ curves }) => [...curves.names]))]);
  }

  /** The remembered axis where this run has it, else the usual one. */
  private horizontal(): Horizontal {
    const { horizontal, logHorizontal } = this.host.state();
    if (this.axes().includes(horizontal)) return { name: horizontal, log: logHorizontal };
    const [first] = this.content.runs;
    if (first === undefined) return { name: 'time', log: true };
    const usual = defaultHorizontal(first.curves);
    // A run that ended where it began has no time with a logarithm.
    return this.content.live || hasPlace(first.curves, usual) ? usual : { ...usual, log: false };
  }

  private drawAxisBar(horizontal: Horizontal): void {
    const axes = this.axes();
    this.axisChoice.set(
      (axes.length === 0 ? [horizontal.name] : axes).map((name) => ({ value: name, label: measureLabel(name) })),
      horizontal.name,
    );
    this.logChoice.set(horizontal.log);
    const { unplaced } = linesOf(this.content.runs, [], horizontal, false);
    const note = unplacedText(unplaced, measureInfo(horizontal.name).title.toLowerCase());
    if (this.note.textContent !== note) this.note.textContent = note;
  }

  private chooseAxis(name: string): void {
    this.host.remember({ horizontal: name, logHorizontal: measureInfo(name).scale === 'log' });
    this.redraw();
  }

  private chooseLog(log: boolean): void {
    this.host.remember({ horizontal: this.horizontal().name, logHorizontal: log });
    this.redraw();
  }
}
