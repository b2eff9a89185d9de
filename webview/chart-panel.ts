/** One chart with everything around it: title, switches, legend, crosshair read-out, notes and the table behind it. */
import { axisOf, wholeTicks, widen } from './axis';
import { actionButton, checkbox, toggleButton, type Toggle } from './controls';
import { el, fill, hiddenText } from './dom';
import { formatNumber } from './format-number';
import type { Guide } from './guides';
import { LineChart, type LinePicture } from './line-chart';
import { lineStyle, swatch, type LineStyle } from './line-style';
import { ReadOut, readOutRow } from './read-out';
import { gapsText, lineSummary, linesOf, measureInfo, measureLabel, nearest, unitOf, valueText } from './series';
import type { ChartPlan, Horizontal, Line, Lines, PlottedRun } from './series';
import { runTable } from './run-table';
import type { Theme } from './theme';
import { chartPart, PLOT, PRINT, type Part } from './vector-chart';
import { axisTitle, symbolsTitle } from './words';

export interface ChartContent {
  readonly runs: readonly PlottedRun[];
  readonly horizontal: Horizontal;
  readonly guides: readonly Guide[];
  readonly log: boolean;
  /** More is coming: the table follows at a reading pace only. */
  readonly live: boolean;
}

export interface ChartPanelEvents {
  logChanged(log: boolean): void;
  tableToggled(open: boolean): void;
  /** The chart is wanted as a drawing. */
  drawingWanted(): void;
  /** In drawing units of the horizontal axis. */
  crosshairMoved(x: number | null): void;
}

export interface LegendEntry {
  readonly label: string;
  readonly style: LineStyle;
}

/** Milliseconds between refreshes of a table while its run is going on. */
const TABLE_PACE = 1000;

export class ChartPanel {
  readonly element: HTMLElement;
  private chart: LineChart | null = null;
  private begun = false;
  private readonly surface = el('canvas');
  private readonly frame: HTMLElement;
  private readonly legend = el('ul', { class: 'legend' });
  private readonly note = el('p', { class: 'note chart-note' });
  private readonly readOut: ReadOut;
  /** Height of the pointer in the frame; null while the keyboard leads. */
  private pointedAt: number | null = null;
  private readonly tableHolder = el('div');
  private readonly logSwitch: Toggle;
  private readonly tableSwitch: Toggle;
  private readonly hiddenLines = new Set<string>();
  private content: ChartContent | null = null;
  private lines: Lines | null = null;
  private legendShown = '';
  private tableDrawn = 0;
  private resizing = 0;
  /** Width of the frame that the ticks were chosen for. */
  private drawnWidth = 0;

  constructor(
    private plan: ChartPlan,
    private theme: Theme,
    tableOpen: boolean,
    private readonly events: ChartPanelEvents,
  ) {
    this.frame = el('div', { class: 'chart-frame', tabindex: '0', role: 'img' }, this.surface);
    this.readOut = new ReadOut(this.frame);
    this.logSwitch = checkbox('log scale', `vertical axis of ${plan.title}`, plan.log, (log) => this.events.logChanged(log));
    this.tableSwitch = toggleButton('Table', `Table of ${plan.title}`, tableOpen, (open) => {
      this.events.tableToggled(open);
      this.drawTable();
    });
    const saving = actionButton('SVG', `SVG of ${plan.title}`, () => this.events.drawingWanted());
    this.element = el(
      'section',
      { class: 'chart-panel', 'aria-label': plan.title, 'data-chart': plan.key },
      el(
        'div',
        { class: 'chart-head' },
        el('h3', {}, plan.title),
        el('span', { class: 'chart-switches' }, this.logSwitch.element, saving, this.tableSwitch.element),
      ),
      this.legend,
      el('div', { class: 'chart-area' }, this.frame, this.readOut.element),
      this.note,
      this.tableHolder,
    );
    this.listen();
  }

  get title(): string {
    return this.plan.title;
  }

  /** What a picture of this chart needs: the canvas and its legend. */
  get legendEntries(): readonly LegendEntry[] {
    return (this.lines?.lines ?? [])
      .filter((line) => !this.hiddenLines.has(keyOf(line)))
      .map((line) => ({ label: this.labelOf(line), style: this.styleOf(line) }));
  }

  get canvas(): HTMLCanvasElement {
    return this.surface;
  }

  /** It has something to draw, and nobody has begun to. */
  get blank(): boolean {
    return !this.begun && this.content !== null;
  }

  /** Draws for the first time. Takes longest of all, so who has several charts lets the browser breathe between them. */
  begin(): void {
    this.begun = true;
    this.paint();
  }

  /** Takes up what there is to draw; its canvas follows if it has begun. */
  draw(plan: ChartPlan, content: ChartContent, theme: Theme): void {
    this.plan = plan;
    this.content = content;
    this.theme = theme;
    this.logSwitch.set(content.log);
    const lines = linesOf(content.runs, plan.measures, content.horizontal, content.log);
    this.lines = lines;
    if (this.begun) this.paint();
    this.drawLegend();
    const note = gapsText(lines.undrawable, plan.measures.length > 1);
    if (this.note.textContent !== note) this.note.textContent = note;
    this.frame.setAttribute('aria-label', this.summary());
    if (!content.live || performance.now() - this.tableDrawn > TABLE_PACE) this.drawTable();
  }

  private paint(): void {
    const { lines, content, theme } = this;
    if (lines === null || content === null) return;
    this.drawnWidth = this.frame.clientWidth;
    const picture = this.picture(lines, content, theme, Math.max(200, this.drawnWidth - 90));
    // Made when the panel has its place, because a chart measures where it stands.
    if (this.chart === null) this.chart = new LineChart(this.surface, picture, theme, () => this.resized());
    else this.chart.draw(picture, theme);
  }

  /** Lines, guides and axes for a plot of some width, in the colours of a theme. */
  private picture(lines: Lines, { horizontal, log }: ChartContent, theme: Theme, width: number): LinePicture {
    const guides = this.guides();
    const visible = lines.lines.filter((line) => !this.hiddenLines.has(keyOf(line)));
    const yRange = guides.reduce((range, { at }) => widen(range, at), rangeOf(visible) ?? lines.yRange);
    const xAxis = axisOf(lines.xRange, horizontal.log, Math.max(2, Math.min(8, Math.floor(width / 75))), true);
    return {
      lines: lines.lines.map((line) => ({ line, style: this.styleOf(line, theme), visible: !this.hiddenLines.has(keyOf(line)) })),
      guides: guides.map(({ guide, at }) => ({
        value: at,
        label: `${guide.label} ${formatNumber(guide.value)}`,
        colour: guide.kind === 'tolerance' ? theme.tolerance : theme.foreground,
      })),
      xAxis: horizontal.name === 'step' ? wholeTicks(xAxis, horizontal.log) : xAxis,
      yAxis: axisOf(yRange, log, 6),
      xTitle: axisTitle(measureLabel(horizontal.name), horizontal.log),
      yTitle: symbolsTitle(
        this.plan.measures.map((name) => measureInfo(name).symbol + unitOf(name)),
        log,
      ),
    };
  }

  /** The chart for print; null when there is nothing in it. */
  vector(): Part | null {
    const { lines, content, plan } = this;
    if (lines === null || content === null || lines.lines.length === 0) return null;
    const picture = this.picture(lines, content, PRINT, PLOT.width);
    return chartPart({
      ...picture,
      title: plan.title,
      series: picture.lines
        .filter(({ visible }) => visible)
        .map(({ line, style }) => ({
          name: this.labelOf(line),
          style: { kind: 'line', marker: null, edge: false, ...style },
          x: line.x,
          y: line.y,
        })),
      base: 0,
      square: false,
    });
  }

  /** Shows the crosshair; the read-out only on the chart that is pointed at. */
  showCrosshair(x: number | null, readOut: boolean): void {
    this.chart?.showCrosshair(x);
    if (x === null || !readOut || this.lines === null || this.content === null) {
      this.readOut.hide();
      return;
    }
    this.fillTip(x);
  }

  destroy(): void {
    cancelAnimationFrame(this.resizing);
    this.chart?.destroy();
    this.element.remove();
  }

  /** The chart in words. */
  summary(): string {
    const { content, plan } = this;
    if (content === null) return plan.title;
    const several = content.runs.length > 1;
    const sentences = content.runs.flatMap((run) =>
      plan.measures
        .filter((measure) => run.curves.column(measure) !== null)
        .map((measure) => `${several ? `${run.title}: ` : ''}${lineSummary(run, measure)}.`),
    );
    const guides = this.guides().map(({ guide }) => `A line marks the ${guide.label} at ${formatNumber(guide.value)}.`);
    return [`Chart: ${plan.title} over ${measureInfo(content.horizontal.name).title.toLowerCase()}.`, ...sentences, ...guides].join(' ');
  }

  private guides(): readonly { readonly guide: Guide; readonly at: number }[] {
    const { content } = this;
    if (content === null) return [];
    return content.guides
      .filter(({ measure, value }) => this.plan.measures.includes(measure) && (!content.log || value > 0))
      .map((guide) => ({ guide, at: content.log ? Math.log10(guide.value) : guide.value }));
  }

  private styleOf(line: Line, theme: Theme = this.theme): LineStyle {
    return lineStyle(theme, line.run, this.plan.measures.indexOf(line.measure), this.content?.runs.length ?? 1);
  }

  private labelOf(line: Line): string {
    const runs = this.content?.runs ?? [];
    return runs.length > 1 ? `${measureLabel(line.measure)} · ${runs[line.run].title}` : measureLabel(line.measure);
  }

  /** Another width has room for other ticks; the chart itself follows by itself. */
  private resized(): void {
    cancelAnimationFrame(this.resizing);
    this.resizing = requestAnimationFrame(() => {
      if (this.frame.clientWidth !== this.drawnWidth) this.paint();
    });
  }

  private drawLegend(): void {
    const lines = this.lines?.lines ?? [];
    const now = JSON.stringify(lines.map((line) => [this.labelOf(line), this.styleOf(line), this.hiddenLines.has(keyOf(line))]));
    if (now === this.legendShown) return;
    this.legendShown = now;
    const focused = this.legend.contains(document.activeElement)
      ? Array.from(this.legend.querySelectorAll('button')).findIndex((entry) => entry === document.activeElement)
      : -1;
    fill(
      this.legend,
      ...lines.map((line) => {
        const key = keyOf(line);
        const entry = el(
          'button',
          { class: 'legend-entry', type: 'button', 'aria-pressed': String(!this.hiddenLines.has(key)), title: 'Show or hide' },
          swatch(this.styleOf(line)),
          el('span', {}, this.labelOf(line)),
        );
        entry.addEventListener('click', () => this.toggleLine(key));
        return el('li', {}, entry);
      }),
    );
    if (focused >= 0) this.legend.querySelectorAll('button')[focused]?.focus();
  }

  private toggleLine(key: string): void {
    if (!this.hiddenLines.delete(key)) this.hiddenLines.add(key);
    if (this.content !== null) this.draw(this.plan, this.content, this.theme);
  }

  private fillTip(x: number): void {
    const { lines, content } = this;
    const first = lines?.lines.find((line) => line.x.length > 0);
    if (lines === null || content === null || first === undefined) return;
    const row = first.row[nearest(first.x, x)];
    const { name } = content.horizontal;
    this.readOut.show(
      { x: this.chart?.pixelOf(x) ?? 0, y: this.pointedAt ?? this.frame.clientHeight },
      el('div', { class: 'tip-head' }, `${measureLabel(name)} = ${valueText(content.runs[first.run].curves, name, row)}`),
      ...this.plan.measures.map((measure) => this.tipRow(measure, x)),
    );
  }

  /** One measure: in words for one run, and as a line of values, each behind its curve's mark, for several. */
  private tipRow(measure: string, x: number): HTMLElement | null {
    const runs = this.content?.runs ?? [];
    const values = (this.lines?.lines ?? [])
      .filter((line) => line.measure === measure && line.x.length > 0 && !this.hiddenLines.has(keyOf(line)))
      .map((line) => ({ line, text: valueText(runs[line.run].curves, measure, line.row[nearest(line.x, x)]) }));
    if (values.length === 0) return null;
    if (runs.length === 1) return readOutRow(swatch(this.styleOf(values[0].line)), this.labelOf(values[0].line), values[0].text);
    return el(
      'div',
      { class: 'tip-row tip-several' },
      el('span', { class: 'tip-name' }, measureInfo(measure).symbol),
      ...values.map(({ line, text }) =>
        el('span', { class: 'tip-value' }, hiddenText(`${runs[line.run].title} `), swatch(this.styleOf(line)), text),
      ),
    );
  }

  private drawTable(): void {
    const { content, plan } = this;
    this.tableDrawn = performance.now();
    if (!this.tableSwitch.on || content === null) {
      fill(this.tableHolder);
      return;
    }
    const scroll = this.tableHolder.querySelector('.table-scroller')?.scrollTop ?? 0;
    fill(this.tableHolder, ...content.runs.map((run) => runTable(plan, run, content.runs.length > 1)));
    this.tableHolder.querySelector('.table-scroller')?.scrollTo({ top: scroll });
  }

  private listen(): void {
    this.frame.addEventListener('pointermove', (event) => {
      const box = this.frame.getBoundingClientRect();
      this.pointedAt = event.clientY - box.top;
      const x = this.chart?.valueAt(event.clientX - box.left) ?? Number.NaN;
      this.moveTo(this.snap(x));
    });
    this.frame.addEventListener('pointerleave', () => this.moveTo(null));
    this.frame.addEventListener('blur', () => this.moveTo(null));
    let at = -1;
    this.frame.addEventListener('keydown', (event) => {
      const x = this.lines?.lines.find((line) => line.x.length > 0)?.x;
      if (x === undefined) return;
      const stride = event.shiftKey ? 10 : 1;
      const target = { ArrowLeft: at - stride, ArrowRight: at + stride, Home: 0, End: x.length - 1 }[event.key];
      if (event.key === 'Escape') this.moveTo(null);
      if (target === undefined) return;
      event.preventDefault();
      at = Math.min(x.length - 1, Math.max(0, target));
      this.pointedAt = null;
      this.moveTo(x[at]);
    });
  }

  private moveTo(x: number | null): void {
    this.events.crosshairMoved(x);
    this.showCrosshair(x, true);
  }

  private snap(x: number): number | null {
    const line = this.lines?.lines.find((candidate) => candidate.x.length > 0);
    if (line === undefined || Number.isNaN(x)) return null;
    return line.x[nearest(line.x, x)];
  }
}

function keyOf({ run, measure }: Line): string {
  return `${run}:${measure}`;
}

function rangeOf(lines: readonly Line[]): ReturnType<typeof widen> {
  let range: ReturnType<typeof widen> = null;
  for (const { y } of lines)
    for (const value of y) if (range === null || value < range.min || value > range.max) range = widen(range, value);
  return range;
}
