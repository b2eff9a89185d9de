/** Lines, points and bars of a figure on a canvas. */
import {
  BarController,
  BarElement,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  type ChartDataset,
  type Plugin,
} from 'chart.js';
import { isCrowd, type FigureAxes, type PlacedSeries, type Thinned } from './figure-points';
import type { SeriesStyle } from './figure-style';
import { paint } from './filling';
import { BEYOND_FRAME, scaleOptions } from './scale-options';
import { markShape, type PlaceMark } from './sweep-state';
import type { Theme } from './theme';

Chart.register(BarController, BarElement, Filler, LineController, LineElement, PointElement, ScatterController, LinearScale);

export interface FigureSeriesPicture {
  readonly placed: PlacedSeries;
  readonly drawn: Thinned;
  readonly style: SeriesStyle;
  readonly name: string;
  readonly visible: boolean;
  /** The points of a short line are marked: they are measurements. */
  readonly marked: boolean;
}

export interface FigurePicture {
  readonly series: readonly FigureSeriesPicture[];
  readonly axes: FigureAxes;
  readonly log: { readonly x: boolean; readonly y: boolean };
  /** Of a sweep, one for each place on the horizontal axis; empty for all others. */
  readonly marks: readonly (PlaceMark | null)[];
  readonly xTitle: string;
  readonly yTitle: readonly string[];
}

/** A drawn point: series and index within it. */
export interface Spot {
  readonly series: number;
  readonly index: number;
}

interface PlainPoint {
  x: number;
  y: number;
}

type Kind = 'line' | 'scatter' | 'bar';

/** Pixels of a mark of a sweep. */
const MARK_SIZE = 14;
/** Up to so many points of a line are marked, more would hide it. */
const MARKED_POINTS = 40;
const MANY_BARS = 200;
/** Bars wider than this look like areas. */
const WIDEST_BAR = 60;

export class FigureChart {
  private readonly chart: Chart<Kind, PlainPoint[]>;
  private picture: FigurePicture | null = null;
  private spot: Spot | null = null;

  constructor(
    canvas: HTMLCanvasElement,
    private theme: Theme,
    resized: () => void,
  ) {
    const overlay: Plugin<Kind> = { id: 'overlay', afterDatasetsDraw: () => this.drawOver() };
    this.chart = new Chart<Kind, PlainPoint[]>(canvas, {
      type: 'scatter',
      data: { datasets: [] },
      plugins: [overlay],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        onResize: resized,
        layout: { padding: { top: 6, right: 10 } },
        scales: this.scales(),
      },
    });
  }

  draw(picture: FigurePicture, theme: Theme): void {
    this.picture = picture;
    this.theme = theme;
    this.chart.data.datasets = picture.series.map((series, index) =>
      datasetOf(series, picture, picture.series[index - 1], theme.lineWidth),
    );
    this.chart.options.scales = this.scales();
    this.chart.update('none');
  }

  /** Where a point is drawn, in pixels of the canvas; null when it is not. */
  pixelOf({ series, index }: Spot): PlainPoint | null {
    const one = this.picture?.series[series];
    if (one === undefined) return null;
    const { x, y } = this.chart.scales;
    const height = one.placed.y[index];
    // A place of a sweep without a value can be pointed at all the same: above the axis, where its mark stands.
    const up = Number.isNaN(height) && this.hasPlaces() ? y.bottom - MARK_SIZE / 2 : y.getPixelForValue(height);
    return { x: x.getPixelForValue(one.placed.x[index]), y: up };
  }

  /** The drawn point next to a place on the canvas. */
  nearest(at: PlainPoint): Spot | null {
    let best: Spot | null = null;
    let least = Infinity;
    this.picture?.series.forEach(({ drawn, visible, placed, style }, series) => {
      // A ring stands around a point, and that is read out.
      if (!visible || (style.kind === 'points' && style.ring)) return;
      for (const index of drawn.index) {
        const pixel = this.pixelOf({ series, index });
        if (pixel === null || Number.isNaN(pixel.x) || Number.isNaN(pixel.y) || (Number.isNaN(placed.y[index]) && !this.hasPlaces()))
          continue;
        // A bar is pointed at all along its height.
        const up = style.kind === 'bars' ? (pixel.y - at.y) / 20 : pixel.y - at.y;
        const distance = Math.hypot(pixel.x - at.x, up);
        if (distance >= least) continue;
        least = distance;
        best = { series, index };
      }
    });
    return best;
  }

  /** Rings a point; null takes the ring away. */
  mark(spot: Spot | null): void {
    if (spot === null && this.spot === null) return;
    this.spot = spot;
    this.chart.draw();
  }

  destroy(): void {
    this.chart.destroy();
  }

  private scales(): Record<'x' | 'y', object> {
    const { picture, theme } = this;
    return {
      x: scaleOptions('x', picture?.axes.x, picture?.xTitle ?? '', theme),
      y: scaleOptions('y', picture?.axes.y, picture?.yTitle ?? '', theme),
    };
  }

  private hasPlaces(): boolean {
    return (this.picture?.marks.length ?? 0) > 0;
  }

  private drawOver(): void {
    this.drawMarks();
    this.drawSpot();
  }

  /** In a row above the horizontal axis. */
  private drawMarks(): void {
    const [first] = this.picture?.series ?? [];
    if (first === undefined) return;
    const { ctx, scales } = this.chart;
    ctx.save();
    this.picture?.marks.forEach((mark, at) => {
      const x = scales.x.getPixelForValue(first.placed.x[at]);
      if (mark === null || Number.isNaN(x)) return;
      const shape = markShape(mark, { left: x - MARK_SIZE / 2, top: scales.y.bottom - MARK_SIZE, width: MARK_SIZE, height: MARK_SIZE });
      ctx.strokeStyle = ctx.fillStyle = this.theme.foreground;
      ctx.lineWidth = 1.5;
      // Nothing is known there yet: a tick.
      const path = new Path2D(shape === null ? `M${x},${scales.y.bottom}v-5` : shape.path);
      if (shape?.filled === true) ctx.fill(path);
      ctx.stroke(path);
    });
    ctx.restore();
  }

  private drawSpot(): void {
    const pixel = this.spot === null ? null : this.pixelOf(this.spot);
    if (pixel === null || Number.isNaN(pixel.x) || Number.isNaN(pixel.y)) return;
    const { ctx } = this.chart;
    ctx.save();
    for (const [colour, width] of [
      [this.theme.background, 5],
      [this.theme.foreground, 2],
    ] as const) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.arc(pixel.x, pixel.y, 8, 0, 2 * Math.PI);
      ctx.stroke();
    }
    ctx.restore();
  }
}

function datasetOf(
  { placed, drawn, style, name, visible, marked }: FigureSeriesPicture,
  { axes, log }: FigurePicture,
  before: FigureSeriesPicture | undefined,
  lineWidth: number,
): ChartDataset<Kind, PlainPoint[]> {
  const data = drawn.index.map((index) => ({ x: placed.x[index], y: placed.y[index] }));
  const common = { label: name, data, hidden: !visible, borderColor: style.colour, clip: BEYOND_FRAME };
  switch (style.kind) {
    case 'line': {
      const { marker } = style;
      const sparse = Math.max(1, Math.ceil(data.length / 12));
      // Two points that a line joins are where it is drawn from and to.
      const few = marked && data.length <= MARKED_POINTS && data.length !== 2;
      if (style.edge) return { ...common, ...edgeLine(style, before) };
      return {
        ...common,
        type: 'line',
        order: 1,
        backgroundColor: marker !== null && !marker.filled ? 'transparent' : style.colour,
        borderWidth: lineWidth,
        borderDash: [...style.dash],
        borderJoinStyle: 'round',
        tension: 0,
        spanGaps: false,
        pointStyle: marker?.shape ?? 'circle',
        pointBorderWidth: 1.4,
        pointRadius: marker === null ? (few ? 2 : 0) : (context) => (context.dataIndex % sparse === 0 ? 4 : 0),
      };
    }
    case 'points':
      return {
        ...common,
        type: 'scatter',
        order: isCrowd(style.kind, data.length) ? 2 : 0,
        backgroundColor: style.marker.filled ? style.colour : 'transparent',
        pointStyle: style.marker.shape,
        pointRadius: style.ring ? 8 : data.length > 2000 ? 2 : 4,
        pointBorderWidth: 1.4,
      };
    case 'bars':
      return {
        ...common,
        type: 'bar',
        order: 2,
        // A pattern needs some room to be seen.
        backgroundColor: data.length > MANY_BARS ? style.colour : paint(style.filling),
        borderWidth: data.length > MANY_BARS ? 0 : 1.25,
        borderSkipped: false,
        // On a logarithmic axis there is no zero to rise from: bars stand on the frame.
        base: log.y ? axes.y.min : 0,
        ...(log.x && { barThickness: 'flex' }),
        maxBarThickness: WIDEST_BAR,
        minBarLength: 1,
        grouped: true,
      };
    default:
      return style satisfies never;
  }
}

/** A fine line; the second of two in a row fills what is between them. */
function edgeLine(
  { colour, dash }: Extract<SeriesStyle, { readonly kind: 'line' }>,
  before: FigureSeriesPicture | undefined,
): Omit<ChartDataset<'line', PlainPoint[]>, 'data'> {
  const second = before?.style.kind === 'line' && before.style.edge && before.style.colour === colour && before.visible;
  return {
    type: 'line',
    order: 3,
    borderWidth: 1,
    borderDash: [...dash],
    tension: 0,
    spanGaps: false,
    pointRadius: 0,
    fill: second ? '-1' : false,
    backgroundColor: `color-mix(in srgb, ${colour} 16%, transparent)`,
  };
}
