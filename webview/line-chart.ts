/** Lines on a canvas with guides and a crosshair. Chart.js is known here, in the charts of the coefficients and in the figures only. */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type ChartArea,
  type ChartDataset,
  type Plugin,
  type Scale,
} from 'chart.js';
import type { Axis } from './axis';
import { quietestSpot, type Spot } from './guide-label';
import type { LineStyle } from './line-style';
import { BEYOND_FRAME, scaleOptions } from './scale-options';
import type { Line } from './series';
import type { Theme } from './theme';

Chart.register(LineController, LineElement, PointElement, LinearScale);

export interface DrawnGuide {
  readonly label: string;
  /** In drawing units. */
  readonly value: number;
  readonly colour: string;
}

export interface LinePicture {
  readonly lines: readonly { readonly line: Line; readonly style: LineStyle; readonly visible: boolean }[];
  readonly guides: readonly DrawnGuide[];
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  readonly xTitle: string;
  /** Its lines. */
  readonly yTitle: readonly string[];
}

interface PlainPoint {
  x: number;
  y: number;
}

/** Up to so many points are marked, more would hide the line. */
const MARKED_POINTS = 40;

export class LineChart {
  private readonly chart: Chart<'line', PlainPoint[]>;
  private crosshair: number | null = null;

  /** Draws the picture at once. */
  constructor(
    canvas: HTMLCanvasElement,
    private picture: LinePicture,
    private theme: Theme,
    resized: () => void,
  ) {
    const overlay: Plugin<'line'> = {
      id: 'overlay',
      afterDatasetsDraw: (chart) => {
        this.drawGuides(chart);
        this.drawCrosshair(chart);
      },
    };
    this.chart = new Chart<'line', PlainPoint[]>(canvas, {
      type: 'line',
      data: { datasets: this.datasets() },
      plugins: [overlay],
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        parsing: false,
        normalized: true,
        events: [],
        onResize: resized,
        layout: { padding: { top: 6, right: 10 } },
        datasets: { line: { tension: 0, spanGaps: false, borderJoinStyle: 'round' } },
        scales: this.scales(),
      },
    });
  }

  draw(picture: LinePicture, theme: Theme): void {
    this.picture = picture;
    this.theme = theme;
    this.chart.data.datasets = this.datasets();
    this.chart.options.scales = this.scales();
    this.chart.update('none');
  }

  /** In drawing units of the horizontal axis; null hides it. */
  showCrosshair(x: number | null): void {
    if (x === this.crosshair) return;
    this.crosshair = x;
    this.chart.draw();
  }

  /** Place on the horizontal axis under a pixel of the canvas. */
  valueAt(pixel: number): number {
    return this.chart.scales.x.getValueForPixel(pixel) ?? Number.NaN;
  }

  pixelOf(x: number): number {
    return this.chart.scales.x.getPixelForValue(x);
  }

  destroy(): void {
    this.chart.destroy();
  }

  private datasets(): ChartDataset<'line', PlainPoint[]>[] {
    return this.picture.lines.map(({ line, style, visible }) => datasetOf(line, style, !visible, this.theme.lineWidth));
  }

  private scales(): Record<'x' | 'y', object> {
    const { picture, theme } = this;
    return {
      x: scaleOptions('x', picture.xAxis, picture.xTitle, theme),
      y: scaleOptions('y', picture.yAxis, picture.yTitle, theme),
    };
  }

  private drawGuides({ ctx, chartArea, scales }: Chart<'line'>): void {
    // Of two values that lie close together the second label takes another place than the first.
    const placed: { readonly spot: Spot; readonly width: number }[] = [];
    for (const { value, colour, label } of this.picture.guides) {
      const y = scales.y.getPixelForValue(value);
      if (!(y >= chartArea.top && y <= chartArea.bottom)) continue;
      ctx.save();
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1.5;
      ctx.setLineDash([2, 2]);
      ctx.beginPath();
      ctx.moveTo(chartArea.left, y);
      ctx.lineTo(chartArea.right, y);
      ctx.stroke();
      ctx.font = `${this.theme.fontSize}px ${this.theme.font}`;
      const box = { width: Math.min(ctx.measureText(label).width, chartArea.right - chartArea.left - 8), height: this.theme.fontSize + 4 };
      const spot = quietestSpot(this.spots(chartArea, y, box), (x) => [
        ...this.curvesAt(scales.x, scales.y, x, x + box.width),
        ...placed.filter((other) => other.spot.x < x + box.width && x < other.spot.x + other.width).map((other) => other.spot.y),
      ]);
      placed.push({ spot, width: box.width });
      ctx.textBaseline = 'middle';
      // A rim of the background keeps the words readable where a curve runs through them all the same.
      ctx.setLineDash([]);
      ctx.lineJoin = 'round';
      ctx.lineWidth = 4;
      ctx.strokeStyle = this.theme.background;
      ctx.strokeText(label, spot.x, spot.y, box.width);
      ctx.fillStyle = this.theme.foreground;
      ctx.fillText(label, spot.x, spot.y, box.width);
      ctx.restore();
    }
  }

  /** Places for a label at a guide: at the right or left end, above or below it; centre lines, as far as there is room. */
  private spots({ left, right, top, bottom }: ChartArea, y: number, { width, height }: { width: number; height: number }): readonly Spot[] {
    const all = [right - 4 - width, left + 4].flatMap((x) => [y - height / 2 - 1, y + height / 2 + 1].map((centre) => ({ x, y: centre })));
    const inside = all.filter((spot) => spot.y - height / 2 >= top && spot.y + height / 2 <= bottom);
    return inside.length > 0 ? inside : all;
  }

  /** Heights of the visible curves between two pixels. */
  private curvesAt(x: Scale, y: Scale, from: number, to: number): readonly number[] {
    const heights: number[] = [];
    for (const { line, visible } of this.picture.lines) {
      if (!visible) continue;
      for (let index = 0; index < line.x.length; index += 1) {
        const pixel = x.getPixelForValue(line.x[index]);
        if (pixel >= from && pixel <= to && !Number.isNaN(line.y[index])) heights.push(y.getPixelForValue(line.y[index]));
      }
    }
    return heights;
  }

  private drawCrosshair({ ctx, chartArea, scales }: Chart<'line'>): void {
    if (this.crosshair === null || chartArea === undefined) return;
    const x = scales.x.getPixelForValue(this.crosshair);
    if (!(x >= chartArea.left && x <= chartArea.right)) return;
    ctx.save();
    ctx.strokeStyle = this.theme.muted;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(Math.round(x) + 0.5, chartArea.top);
    ctx.lineTo(Math.round(x) + 0.5, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  }
}

function datasetOf(line: Line, { colour, dash }: LineStyle, hidden: boolean, width: number): ChartDataset<'line', PlainPoint[]> {
  const data = new Array<PlainPoint>(line.x.length);
  for (let index = 0; index < data.length; index += 1) data[index] = { x: line.x[index], y: line.y[index] };
  return {
    data,
    hidden,
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: width,
    borderDash: [...dash],
    pointRadius: data.length <= MARKED_POINTS ? 2 : 0,
    pointHitRadius: 0,
    clip: BEYOND_FRAME,
  };
}
