/** A chart of a figure with its legend, its read-out by pointer and keyboard, and its table. */
import type { Figure } from '../src/protocol/report';
import { el, fill } from './dom';
import type { PictureMark } from './export';
import { FigureChart, type Spot } from './figure-chart';
import { figureAxes, placed, pointLimit, thin, type ChartFigure, type FigureAxes, type PlacedFigure, type Thinned } from './figure-points';
import { legendMark, seriesStyles, type SeriesStyle } from './figure-style';
import type { FigureView } from './figure-view';
import { paint } from './filling';
import { formatNumber } from './format-number';
import { ReadOut, readOutRow } from './read-out';
import { undrawableText } from './series';
import { marksText, placeMarks, placeText, type PlaceMark } from './sweep-state';
import { table } from './tables';
import type { Theme } from './theme';
import { chartPart, PLOT, PRINT, type Part } from './vector-chart';
import { axisTitle, wrapTitle } from './words';

/** Pixels around the plot: axis labels. */
const FRAME = { width: 90, height: 50 };

interface Plan {
  readonly key: string;
  readonly axes: FigureAxes;
  readonly drawn: readonly Thinned[];
}

export class ChartFigureView implements FigureView {
  readonly element: HTMLElement;
  readonly canvas = el('canvas');
  onPlace?: FigureView['onPlace'];
  private readonly frame: HTMLElement;
  private readonly legendList = el('ul', { class: 'legend' });
  private readonly note = el('p', { class: 'note chart-note' });
  private readonly readOut: ReadOut;
  private placed: PlacedFigure;
  /** Of a sweep, one for each place. */
  private marks: readonly (PlaceMark | null)[];
  /** By name: a live figure may gain and lose series. */
  private readonly hiddenSeries = new Set<string>();
  private chart: FigureChart | null = null;
  private theme: Theme | null = null;
  private styles: readonly SeriesStyle[] = [];
  private cursor: Spot | null = null;
  private resizing = 0;
  private planned: Plan | null = null;
  private legendShown = '';

  constructor(private figure: ChartFigure) {
    this.placed = placed(figure);
    this.marks = marksOf(figure);
    this.frame = el(
      'div',
      { class: `chart-frame${figure.sameUnits === true ? ' same-units' : ''}`, tabindex: '0', role: 'img', 'aria-label': this.summary() },
      this.canvas,
    );
    this.readOut = new ReadOut(this.frame);
    this.element = el('div', {}, this.legendList, el('div', { class: 'chart-area' }, this.frame, this.readOut.element), this.note);
    this.listen();
  }

  get legend(): readonly PictureMark[] {
    return this.figure.series.flatMap(({ name }, index) => {
      const style = this.styles[index];
      return style === undefined || this.hides(index) ? [] : [pictureMark(name, style)];
    });
  }

  update(figure: Figure): void {
    if (figure.kind !== 'chart') return;
    this.figure = figure;
    this.placed = placed(figure);
    this.marks = marksOf(figure);
    this.planned = null;
    if (this.cursor !== null && !(this.cursor.index < (this.placed.series[this.cursor.series]?.x.length ?? 0))) this.moveTo(null);
    this.frame.setAttribute('aria-label', this.summary());
  }

  draw(theme: Theme): void {
    this.theme = theme;
    const { figure } = this;
    this.styles = seriesStyles(figure.series, theme);
    this.drawLegend();
    // Made when it has its place, because a chart measures where it stands.
    this.chart ??= new FigureChart(this.canvas, theme, () => this.resized());
    const { axes, drawn } = this.plan();
    const series = this.placed.series.map((one, index) => ({
      placed: one,
      drawn: drawn[index],
      style: this.styles[index],
      name: figure.series[index].name,
      visible: !this.hides(index),
      marked: figure.sameUnits !== true,
    }));
    const log = { x: figure.x.scale === 'log', y: figure.y.scale === 'log' };
    this.chart.draw(
      {
        series,
        axes,
        log,
        marks: this.marks,
        xTitle: axisTitle(figure.x.label, log.x),
        yTitle: wrapTitle(axisTitle(figure.y.label, log.y)),
      },
      theme,
    );
    this.note.textContent = [
      // Of a sweep the marks say why there is no value.
      figure.behind === undefined ? undrawableText(this.placed.undrawable) : marksText(this.marks, 'a tick'),
      series.some(({ drawn, visible }) => drawn.thinned && visible) ? 'Points too close to be told apart are drawn once.' : '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' ');
  }

  /** Axes and points for the room there is; the same until the room or what is shown changes. */
  private plan(): Plan {
    const area = {
      width: Math.max(120, this.frame.clientWidth - FRAME.width),
      height: Math.max(120, this.frame.clientHeight - FRAME.height),
    };
    const key = [area.width, area.height, ...this.hiddenSeries].join();
    if (this.planned?.key === key) return this.planned;
    const shown = this.placed.series.filter((_, index) => !this.hides(index));
    const axes = figureAxes(this.figure, shown.length > 0 ? shown : this.placed.series, area);
    const drawn = this.placed.series.map((one) => thin(one, axes, area, pointLimit(one.style, shown)));
    this.planned = { key, axes, drawn };
    return this.planned;
  }

  vector(): Part {
    const { figure } = this;
    const styles = seriesStyles(figure.series, PRINT);
    const square = figure.sameUnits === true;
    const area = square ? { width: PLOT.square, height: PLOT.square } : { width: PLOT.width, height: PLOT.height };
    const shown = this.placed.series.filter((_, index) => !this.hides(index));
    const axes = figureAxes(figure, shown.length > 0 ? shown : this.placed.series, area);
    const log = { x: figure.x.scale === 'log', y: figure.y.scale === 'log' };
    const series = figure.series.flatMap(({ name }, index) => {
      if (this.hides(index)) return [];
      const one = this.placed.series[index];
      const drawn = thin(one, axes, area, pointLimit(one.style, shown)).index;
      return [{ name, style: styles[index], x: drawn.map((k) => one.x[k]), y: drawn.map((k) => one.y[k]) }];
    });
    return chartPart({
      title: figure.title,
      xAxis: axes.x,
      yAxis: axes.y,
      xTitle: axisTitle(figure.x.label, log.x),
      yTitle: wrapTitle(axisTitle(figure.y.label, log.y)),
      series,
      guides: [],
      base: log.y ? axes.y.min : 0,
      square,
    });
  }

  table(): HTMLElement {
    const { series, x, y, title } = this.figure;
    const rest = 'The JSON report has all of them.';
    const [first] = series;
    const shared = series.every(
      (one) => one.x.length === first.x.length && one.x.every((value, index) => Object.is(value, first.x[index])),
    );
    if (shared)
      return table({
        caption: title,
        rest,
        columns: [
          { title: x.label || 'x', numeric: x.ticks === undefined, heading: true },
          ...series.map(({ name }) => ({ title: series.length === 1 && y.label !== '' ? y.label : name, numeric: true })),
        ],
        rows: first.x.length,
        cell: (row, column) => (column === 0 ? acrossText(this.figure, first.x[row], 6) : formatNumber(series[column - 1].y[row], 6)),
      });
    const spots = series.flatMap((one, at) =>
      Array.from(one.x.keys()).flatMap((index) => (one.pieces === true && Number.isNaN(one.x[index]) ? [] : [{ at, index }])),
    );
    return table({
      caption: title,
      rest,
      columns: [
        { title: 'Series', numeric: false, heading: true },
        { title: x.label || 'x', numeric: x.ticks === undefined },
        { title: y.label || 'y', numeric: true },
      ],
      rows: spots.length,
      cell: (row, column) => {
        const { at, index } = spots[row];
        const one = series[at];
        return [one.name, acrossText(this.figure, one.x[index], 6), formatNumber(one.y[index], 6)][column];
      },
    });
  }

  destroy(): void {
    cancelAnimationFrame(this.resizing);
    this.chart?.destroy();
  }

  private hides(series: number): boolean {
    return this.hiddenSeries.has(this.figure.series[series].name);
  }

  private summary(): string {
    const { title, says, x, y, series } = this.figure;
    const names = series.map(({ name }) => name).slice(0, 10);
    const more = series.length > names.length ? ` and ${series.length - names.length} more` : '';
    return `Chart: ${title}. ${y.label || 'y'} over ${x.label || 'x'}, ${names.join(', ')}${more}. ${says}`.trim();
  }

  /** Another width has room for other ticks and points; the chart itself follows by itself. */
  private resized(): void {
    cancelAnimationFrame(this.resizing);
    this.resizing = requestAnimationFrame(() => this.theme !== null && this.draw(this.theme));
  }

  private drawLegend(): void {
    const now = JSON.stringify(this.figure.series.map(({ name }, index) => [name, this.styles[index], this.hides(index)]));
    if (now === this.legendShown) return;
    this.legendShown = now;
    const buttons = Array.from(this.legendList.querySelectorAll('button'));
    const focused = buttons.findIndex((entry) => entry === document.activeElement);
    fill(
      this.legendList,
      ...this.figure.series.map(({ name }, index) => {
        const entry = el(
          'button',
          { class: 'legend-entry', type: 'button', 'aria-pressed': String(!this.hides(index)), title: 'Show or hide' },
          legendMark(this.styles[index]),
          el('span', {}, name),
        );
        entry.addEventListener('click', () => {
          if (!this.hiddenSeries.delete(name)) this.hiddenSeries.add(name);
          this.moveTo(null);
          if (this.theme !== null) this.draw(this.theme);
        });
        return el('li', {}, entry);
      }),
    );
    if (focused >= 0) this.legendList.querySelectorAll('button')[focused]?.focus();
  }

  private listen(): void {
    this.frame.addEventListener('pointermove', (event) => {
      const box = this.frame.getBoundingClientRect();
      this.moveTo(this.chart?.nearest({ x: event.clientX - box.left, y: event.clientY - box.top }) ?? null);
    });
    this.frame.addEventListener('pointerleave', () => this.moveTo(null));
    this.frame.addEventListener('click', () => this.tell(true));
    this.frame.addEventListener('blur', () => this.moveTo(null));
    this.frame.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.moveTo(null);
      if (event.key === 'Enter') this.tell(true);
      const target = this.walk(event.key, event.shiftKey ? 10 : 1);
      if (target === null) return;
      event.preventDefault();
      this.moveTo(target);
    });
  }

  /** Left and right along a series, up and down to another one at about the same place. */
  private walk(key: string, stride: number): Spot | null {
    const visible = this.placed.series.flatMap((_, index) => (this.hides(index) || this.order(index).length === 0 ? [] : [index]));
    if (visible.length === 0) return null;
    const series = this.cursor !== null && visible.includes(this.cursor.series) ? this.cursor.series : visible[0];
    const order = this.order(series);
    const at = this.cursor === null ? -1 : order.indexOf(this.cursor.index);
    const along = { ArrowLeft: at - stride, ArrowRight: at + stride, Home: 0, End: order.length - 1 }[key];
    if (along !== undefined) return { series, index: order[Math.min(order.length - 1, Math.max(0, along))] };
    const turn = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (turn === undefined) return null;
    const next = visible[(visible.indexOf(series) + turn + visible.length) % visible.length];
    const from = at < 0 ? -Infinity : this.placed.series[series].x[order[at]];
    const other = this.placed.series[next].x;
    const [first, ...others] = this.order(next);
    return {
      series: next,
      index: others.reduce((best, index) => (Math.abs(other[index] - from) < Math.abs(other[best] - from) ? index : best), first),
    };
  }

  /** The points of a series that have a place, as a reader walks them: a line as it runs, all else from left to right. */
  private order(series: number): readonly number[] {
    const { x, y, style, ascending } = this.placed.series[series];
    const sweep = this.figure.behind !== undefined;
    const indices = Array.from(x.keys()).filter((index) => !Number.isNaN(x[index]) && (sweep || !Number.isNaN(y[index])));
    return style === 'line' || ascending ? indices : indices.sort((left, right) => x[left] - x[right]);
  }

  private tell(chosen: boolean): void {
    const { cursor, figure } = this;
    if (cursor === null) return;
    this.onPlace?.(
      { at: cursor.index, says: `${figure.x.label || 'x'} = ${acrossText(figure, figure.series[cursor.series].x[cursor.index])}` },
      chosen,
    );
  }

  private moveTo(spot: Spot | null): void {
    this.cursor = spot;
    this.chart?.mark(spot);
    const pixel = spot === null ? null : (this.chart?.pixelOf(spot) ?? null);
    if (spot === null || pixel === null) return this.readOut.hide();
    const { x, y, series, behind } = this.figure;
    const { name, x: xs, y: ys } = series[spot.series];
    this.tell(false);
    this.readOut.show(
      pixel,
      el('div', { class: 'tip-head' }, legendMark(this.styles[spot.series]), name),
      readOutRow(null, x.label || 'x', acrossText(this.figure, xs[spot.index])),
      readOutRow(null, y.label || 'y', formatNumber(ys[spot.index])),
      behind !== undefined && readOutRow(null, behind.repeat > 1 ? 'runs' : 'run', placeText(behind, spot.index)),
    );
  }
}

/** What stands at a place of the horizontal axis. */
function acrossText({ x }: ChartFigure, value: number, digits?: number): string {
  return x.ticks?.[value - 1] ?? formatNumber(value, digits);
}

function marksOf({ behind, runs }: ChartFigure): readonly (PlaceMark | null)[] {
  return behind === undefined ? [] : placeMarks(behind, runs?.length ?? 0);
}

function pictureMark(label: string, style: SeriesStyle): PictureMark {
  const { colour } = style;
  switch (style.kind) {
    case 'line':
      return { label, colour, fill: colour, dash: style.dash, marker: style.marker };
    case 'points':
      return { label, colour, fill: colour, dash: null, marker: style.marker };
    case 'bars':
      return { label, colour, fill: paint(style.filling), dash: null, marker: null };
    default:
      return style satisfies never;
  }
}
