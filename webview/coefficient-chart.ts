/** Bars (few features) or a scatter against the prediction (many) on a canvas. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
  type ChartConfiguration,
  type ChartDataset,
  type ChartOptions,
  type TooltipItem,
} from 'chart.js';
import type { CoefficientSeries, CoefficientSet } from './coefficient-set';
import { paint, type Paint } from './filling';
import { formatNumber } from './format-number';
import type { MarkerShape } from './markers';
import type { Theme } from './theme';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, LineElement, PointElement, ScatterController, Tooltip);

/** Colour and filling of a series: filled, outlined, hatched, so that they differ without colour too. */
export interface Filling extends Paint {
  /** Shape of its points in a scatter. */
  readonly marker: MarkerShape;
}

/** Shapes of the compared ones; the circle is the predicted one's. */
const COMPARED_MARKERS = ['triangle', 'rect', 'crossRot'] as const;

/** The look of a series; compared ones keep theirs whether or not the trained one is known yet. */
export function fillingOf(theme: Theme, set: CoefficientSet, series: CoefficientSeries): Filling {
  if (series.role === 'trained') return { colour: theme.palette[0], kind: 'filled', marker: 'circle' };
  if (series.role === 'predicted') return { colour: theme.foreground, kind: 'outlined', marker: 'circle' };
  const position = set.series.filter(({ role }) => role === 'compared').indexOf(series);
  return {
    colour: theme.palette[(1 + position) % theme.palette.length],
    kind: position % 2 === 0 ? 'hatched' : 'dotted',
    marker: COMPARED_MARKERS[position % COMPARED_MARKERS.length],
  };
}

/** One feature alone would fill the page, pixels. */
const WIDEST_BAR = 64;

export function drawBars(canvas: HTMLCanvasElement, set: CoefficientSet, theme: Theme): Chart {
  const datasets = set.series.map((series): ChartDataset<'bar', number[]> => {
    const filling = fillingOf(theme, set, series);
    return {
      label: series.title,
      data: [...series.values],
      backgroundColor: paint(filling),
      borderColor: filling.colour,
      borderWidth: 1.5,
      borderSkipped: false,
      maxBarThickness: WIDEST_BAR,
    };
  });
  const configuration: ChartConfiguration<'bar', number[], string> = {
    type: 'bar',
    data: { labels: [...set.names], datasets },
    options: {
      ...common<'bar'>(theme, (item) => `${item.dataset.label ?? ''}: ${formatNumber(Number(item.raw))}`),
      scales: {
        x: axisOptions(theme, set.what === 'entry' ? 'Entry' : 'Feature', true),
        y: axisOptions(theme, set.normalised ? `${letterOf(set)} / ‖${letterOf(set)}‖₂` : letterOf(set)),
      },
    },
  };
  return new Chart(canvas, configuration);
}

function letterOf({ what }: CoefficientSet): string {
  return what === 'entry' ? 'W' : 'w';
}

/** Points drawn at most; more are one cloud. */
export const SCATTER_LIMIT = 20_000;

export function drawScatter(canvas: HTMLCanvasElement, set: CoefficientSet, trained: CoefficientSeries, theme: Theme): Chart {
  const unit = set.normalised ? ', unit norm' : '';
  const others = set.series.filter((series) => series !== trained);
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of set.series) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const datasets = others.map((series, index): ChartDataset<'scatter', { x: number; y: number }[]> => {
    const { colour, marker } = fillingOf(theme, set, series);
    return {
      label: series.title,
      data: series.values.slice(0, SCATTER_LIMIT).map((x, feature) => ({ x, y: trained.values[feature] })),
      pointStyle: marker,
      borderColor: colour,
      backgroundColor: 'transparent',
      pointRadius: index === 0 ? 4 : 3,
      borderWidth: 1.25,
    };
  });
  const sayPoint = (item: TooltipItem<'scatter'>): string => {
    const point = item.raw as { x: number; y: number };
    return `${set.names[item.dataIndex]} · ${item.dataset.label ?? ''}: ${formatNumber(point.x)} → trained ${formatNumber(point.y)}`;
  };
  const diagonal: ChartDataset<'scatter', { x: number; y: number }[]> = {
    label: 'equal',
    data: low <= high ? [low, high].map((at) => ({ x: at, y: at })) : [],
    showLine: true,
    borderColor: theme.muted,
    borderWidth: 1,
    borderDash: [4, 4],
    pointRadius: 0,
    pointHitRadius: 0,
  };
  const configuration: ChartConfiguration<'scatter', { x: number; y: number }[]> = {
    type: 'scatter',
    data: { datasets: [...datasets, diagonal] },
    options: {
      ...common<'scatter'>(theme, sayPoint),
      scales: { x: axisOptions(theme, `Reference coefficient w*${unit}`), y: axisOptions(theme, `Trained coefficient w${unit}`) },
    },
  };
  return new Chart(canvas, configuration);
}

function common<Kind extends 'bar' | 'scatter'>(theme: Theme, label: (item: TooltipItem<Kind>) => string): ChartOptions<Kind> {
  const options = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    layout: { padding: { top: 6, right: 10 } },
    interaction: { mode: 'nearest', intersect: true },
    plugins: {
      tooltip: {
        backgroundColor: theme.background,
        titleColor: theme.foreground,
        bodyColor: theme.foreground,
        borderColor: theme.border,
        borderWidth: 1,
        titleFont: { family: theme.font, size: theme.fontSize },
        bodyFont: { family: theme.font, size: theme.fontSize },
        callbacks: { label },
      },
    },
  };
  return options as unknown as ChartOptions<Kind>;
}

function axisOptions(theme: Theme, title: string, category = false): object {
  return {
    type: category ? 'category' : 'linear',
    border: { color: theme.border },
    grid: { color: theme.grid, lineWidth: 0.4, display: !category },
    title: { display: true, text: title, color: theme.foreground, font: { family: theme.font, size: theme.fontSize } },
    ticks: {
      color: theme.muted,
      font: { family: theme.font, size: theme.fontSize },
      maxRotation: category ? 45 : 0,
      ...(!category && { maxTicksLimit: 9 }),
      ...(!category && { callback: (value: unknown): string => formatNumber(Number(Number(value).toPrecision(6)), 3) }),
    },
  };
}
