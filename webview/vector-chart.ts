/** Charts and heat maps as vector drawings for print: the same data, axes and marks as on the page, in colours and sizes for paper. */
import { axisOf, type Axis } from './axis';
import { GRAPHICS_CONTRAST, contrast, legibleLine } from './colour';
import { isCrowd } from './figure-points';
import type { SeriesStyle } from './figure-style';
import type { Paint } from './filling';
import { formatNumber } from './format-number';
import { quietestSpot } from './guide-label';
import { countTicks, nameAt, type HeatMap } from './heat-layout';
import { cssColour, inkOn, type HeatScale } from './heat-scale';
import { markerPath } from './markers';
import { cellMark, type PlaceMark } from './sweep-state';
import type { Theme } from './theme';
import { at, box, escaped, line, polyline, widthOf, words, wrapped } from './vector';
import { wrapTitle } from './words';

/** Okabe & Ito 2008: told apart by colour-blind readers; darkened where a thin line on white would be lost. */
const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

export const PRINT: Theme = {
  foreground: '#000000',
  muted: '#333333',
  background: '#ffffff',
  grid: '#d9d9d9',
  border: '#555555',
  palette: PALETTE.map((colour) =>
    (contrast(colour, '#ffffff') ?? 0) >= GRAPHICS_CONTRAST ? colour : legibleLine(colour, '#ffffff', '#000000'),
  ),
  tolerance: '#d55e00',
  font: 'Helvetica, Arial, sans-serif',
  fontSize: 13,
  highContrast: false,
  lineWidth: 1.75,
};

/** The plot of a chart in pixels; labels stand around it. In a column of 8.5 cm its letters are of 6 points. */
export const PLOT = { width: 372, height: 230, square: 330 } as const;
const WIDTH = 480;
const HEAT_WIDTH = 270;
const LEFT = 84;
/** Of a line of the title of a vertical axis. */
const TITLE = 26;
const SIZE = PRINT.fontSize;
const ROW = SIZE + 7;

export interface VectorSeries {
  readonly name: string;
  readonly style: SeriesStyle;
  /** In drawing units of the axes; NaN where there is a gap. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface VectorChart {
  readonly title: string;
  readonly xAxis: Axis;
  readonly yAxis: Axis;
  readonly xTitle: string;
  /** Its lines. */
  readonly yTitle: readonly string[];
  readonly series: readonly VectorSeries[];
  readonly guides: readonly { readonly label: string; readonly value: number; readonly colour: string }[];
  /** Bars stand on it. */
  readonly base: number;
  readonly square: boolean;
}

/** A drawing and its height; its corner is at (0, 0). */
export interface Part {
  readonly svg: string;
  readonly height: number;
}

export function chartPart(chart: VectorChart): Part {
  const { title, xAxis, yAxis, series, guides } = chart;
  const head = headOf(title);
  const legend = legendOf(series, head.height);
  const top = legend.height + 8;
  // Labels such as 10⁻²⁰⁰⁰⁰⁰⁰⁰ take of the plot what they need beside the title.
  const labels = Math.max(0, ...yAxis.ticks.map((tick) => widthOf(tick.label, SIZE)));
  const left = Math.max(LEFT, labels + 7 + TITLE * chart.yTitle.length);
  const [width, height] = chart.square ? [PLOT.square, PLOT.square] : [LEFT + PLOT.width - left, PLOT.height];
  const toX = (value: number): number => left + ((value - xAxis.min) / (xAxis.max - xAxis.min)) * width;
  const toY = (value: number): number => top + height - ((value - yAxis.min) / (yAxis.max - yAxis.min)) * height;
  const clip = `clip-${hashOf(`${title}${series.map(({ name }) => name).join()}`)}`;
  const grid = { colour: PRINT.grid, width: 0.6 };
  const inner: string[] = [];
  const label = { size: SIZE, colour: PRINT.muted };
  const axes: string[] = [];
  let free = -Infinity;
  for (const tick of xAxis.ticks) {
    const x = toX(tick.value);
    if (x < left - 0.5 || x > left + width + 0.5) continue;
    axes.push(line(x, top, x, top + height, grid));
    const half = widthOf(tick.label, SIZE) / 2;
    if (x - half < free) continue;
    free = x + half + 4;
    axes.push(words(tick.label, x, top + height + SIZE + 5, { ...label, anchor: 'middle' }));
  }
  for (const tick of yAxis.ticks) {
    const y = toY(tick.value);
    if (y < top - 0.5 || y > top + height + 0.5) continue;
    axes.push(line(left, y, left + width, y, grid), words(tick.label, left - 7, y + SIZE * 0.35, { ...label, anchor: 'end' }));
  }
  const bars = series.filter(({ style }) => style.kind === 'bars');
  // Bars below, lines above them, points on top; of crowds the lines are on top.
  for (const layer of ['bars', 'crowd', 'line', 'points'] as const)
    for (const one of series) if (layerOf(one) === layer) inner.push(drawn(one, toX, toY, { bars, base: chart.base }));
  for (const { value, colour } of guides)
    inner.push(line(left, toY(value), left + width, toY(value), { colour, width: 1.2, dash: [2, 2] }));
  const notes = guides.map(({ label: text, value }) => {
    // Above its line, or below where the frame is near, at the end where the curves are farther.
    const wide = widthOf(text, SIZE - 1);
    const y = toY(value) + (toY(value) - top < SIZE + 4 ? SIZE : -4);
    const spots = [left + width - 4 - wide, left + 4].map((x) => ({ x, y }));
    const spot = quietestSpot(spots, (from) =>
      series.flatMap((one) => Array.from(one.y, toY).filter((_, k) => toX(one.x[k]) >= from && toX(one.x[k]) <= from + wide)),
    );
    const end = spot === spots[0];
    return words(text, end ? left + width - 4 : spot.x, y, {
      size: SIZE - 1,
      colour: PRINT.foreground,
      anchor: end ? 'end' : 'start',
    });
  });
  const below = belowAxis(chart.xTitle, left + width / 2, top + height);
  const svg = [
    head.svg,
    legend.svg,
    `<clipPath id="${clip}"><rect x="${at(left - 5)}" y="${at(top - 5)}" width="${at(width + 10)}" height="${height + 10}"/></clipPath>`,
    ...axes,
    `<g clip-path="url(#${clip})">${inner.join('')}</g>`,
    box(left, top, width, height, 'none', { colour: PRINT.border, width: 1 }),
    ...notes,
    below.svg,
    ...turned(chart.yTitle, 16, top + height / 2),
  ].join('\n');
  return { svg, height: below.height };
}

/** The title of a drawing, on as many lines as it needs; its height is where the next thing begins. */
function headOf(title: string): Part {
  const size = SIZE + 2;
  const lines = wrapped(title, WIDTH, size);
  const svg = lines.map((text, k) => words(text, 0, size + k * (size + 4), { size, colour: PRINT.foreground, bold: true })).join('');
  return { svg, height: ROW + 8 + Math.max(0, lines.length - 1) * (size + 4) };
}

/** The title of a horizontal axis below the labels of one at a height. */
function belowAxis(title: string, centre: number, axis: number): Part {
  const first = axis + 2 * SIZE + 14;
  const lines = wrapped(title, 2 * Math.min(centre, WIDTH - centre), SIZE);
  const svg = lines
    .map((text, k) => words(text, centre, first + k * (SIZE + 3), { size: SIZE, colour: PRINT.foreground, anchor: 'middle' }))
    .join('');
  return { svg, height: first + Math.max(0, lines.length - 1) * (SIZE + 3) + 8 };
}

/** The title of a vertical axis, line by line, centred at a height. */
function turned(lines: readonly string[], x: number, y: number): readonly string[] {
  const first = x - (lines.length > 1 ? SIZE / 3 : 0);
  return lines.map((text, k) =>
    words(text, first + k * (SIZE + 1), y, { size: SIZE, colour: PRINT.foreground, anchor: 'middle', turn: -90 }),
  );
}

function layerOf({ style, x }: VectorSeries): SeriesStyle['kind'] | 'crowd' {
  return isCrowd(style.kind, x.length) ? 'crowd' : style.kind;
}

function drawn(
  { style, x, y }: VectorSeries,
  toX: (value: number) => number,
  toY: (value: number) => number,
  { bars, base }: { readonly bars: readonly VectorSeries[]; readonly base: number },
): string {
  const [xs, ys] = [Float64Array.from(x, toX), Float64Array.from(y, toY)];
  switch (style.kind) {
    case 'line': {
      const path = polyline(xs, ys, { colour: style.colour, width: style.edge ? 0.8 : 1.6, dash: style.dash });
      const every = Math.max(1, Math.ceil(xs.length / 12));
      return path + (style.marker === null ? '' : marks(xs, ys, style, every));
    }
    case 'points':
      return style.ring ? rings(xs, ys, style.colour) : marks(xs, ys, style, 1);
    case 'bars': {
      const own = bars.findIndex((one) => one.x === x && one.y === y);
      const step = stepOf(bars);
      const wide = Math.min(46, Math.max(1, (Math.abs(toX(step) - toX(0)) * 0.8) / bars.length));
      const shift = (own - (bars.length - 1) / 2) * wide;
      const floor = toY(base);
      const fill =
        style.filling.kind === 'filled' ? style.colour : style.filling.kind === 'outlined' ? 'none' : `url(#${patternId(style.filling)})`;
      return Array.from(xs.keys())
        .filter((index) => !Number.isNaN(xs[index]) && !Number.isNaN(ys[index]))
        .map((index) =>
          box(xs[index] + shift - wide / 2, Math.min(ys[index], floor), wide, Math.max(0.5, Math.abs(ys[index] - floor)), fill, {
            colour: style.colour,
            width: 0.8,
          }),
        )
        .join('');
    }
    default:
      return style satisfies never;
  }
}

/** The least distance of two bars. */
function stepOf(bars: readonly VectorSeries[]): number {
  const places = Float64Array.from(new Set(bars.flatMap(({ x }) => Array.from(x).filter((value) => !Number.isNaN(value))))).sort();
  let least = Infinity;
  for (let k = 1; k < places.length; k += 1) least = Math.min(least, places[k] - places[k - 1]);
  return Number.isFinite(least) ? least : 1;
}

type Marked = Extract<SeriesStyle, { readonly marker: unknown }>;

function marks(x: Float64Array, y: Float64Array, { marker, colour }: Marked, every: number): string {
  if (marker === null) return '';
  let all = '';
  for (let index = 0; index < x.length; index += every)
    if (!Number.isNaN(x[index]) && !Number.isNaN(y[index])) all += markAt(marker, colour, x[index], y[index]);
  return all;
}

function markAt({ shape, filled }: NonNullable<Marked['marker']>, colour: string, x: number, y: number): string {
  return `<path d="${markerPath(shape)}" transform="translate(${at(x - 5.6)} ${at(y - 5.6)}) scale(0.8)" fill="${filled ? colour : 'none'}" stroke="${colour}" stroke-width="1.6"/>`;
}

function rings(x: Float64Array, y: Float64Array, colour: string): string {
  return Array.from(x, (value, k) =>
    Number.isNaN(value) || Number.isNaN(y[k])
      ? ''
      : `<circle cx="${at(value)}" cy="${at(y[k])}" r="8" fill="none" stroke="${colour}" stroke-width="1.3"/>`,
  ).join('');
}

/** Entries in rows as wide as the drawing. */
function legendOf(series: readonly VectorSeries[], top: number): Part {
  let [x, y] = [0, top + SIZE];
  const parts: string[] = [];
  for (const { name, style } of series) {
    if (style.kind === 'line' && style.edge) continue;
    const lines = wrapped(name, WIDTH - 36, SIZE);
    const wide = lines.length > 1 ? WIDTH : 36 + widthOf(name, SIZE) + 14;
    if (x > 0 && x + wide > WIDTH) {
      x = 0;
      y += ROW;
    }
    const middle = y - SIZE * 0.35;
    if (style.kind === 'line') parts.push(line(x, middle, x + 28, middle, { colour: style.colour, width: 1.6, dash: style.dash }));
    if (style.kind === 'bars')
      parts.push(
        box(
          x + 8,
          middle - 6,
          12,
          12,
          style.filling.kind === 'filled' ? style.colour : style.filling.kind === 'outlined' ? 'none' : `url(#${patternId(style.filling)})`,
          {
            colour: style.colour,
            width: 0.8,
          },
        ),
      );
    else if (style.kind === 'points' && style.ring) parts.push(rings(Float64Array.of(x + 14), Float64Array.of(middle), style.colour));
    else if (style.marker !== null) parts.push(markAt(style.marker, style.colour, x + 14, middle));
    parts.push(...lines.map((text, k) => words(text, x + 36, y + k * (SIZE + 3), { size: SIZE, colour: PRINT.foreground })));
    y += Math.max(0, lines.length - 1) * (SIZE + 3);
    x += wide;
  }
  return { svg: parts.join(''), height: series.length === 0 ? top : y + 6 };
}

/** Above so many cells, or where they are smaller than half a pixel, the map is an image inside the drawing. */
const MOST_CELLS = 10_000;

/**
 * @param marks of a sweep, cell by cell
 * @param image the cells as a PNG data URL of one pixel each; asked for where there are too many for shapes
 */
export function heatPart(map: HeatMap, scale: HeatScale, marks: readonly (PlaceMark | null)[], image: () => string): Part {
  const { rows, columns, values, title } = map;
  const head = headOf(title);
  const top = head.height;
  const width = HEAT_WIDTH;
  const height = Math.round(Math.min(320, Math.max(120, (width * rows) / columns)));
  const cell = { width: width / columns, height: height / rows };
  const parts = [head.svg, box(LEFT, top, width, height, '#f0f0f0')];
  if (rows * columns > MOST_CELLS)
    parts.push(
      `<image href="${escaped(image())}" x="${LEFT}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none" style="image-rendering:pixelated"/>`,
    );
  else
    values.forEach((value, k) => {
      if (!Number.isFinite(value)) return;
      const [x, y] = [LEFT + (k % columns) * cell.width, top + Math.floor(k / columns) * cell.height];
      const colour = scale.colourOf(value);
      // A little larger than the cell: no hair lines between neighbours.
      parts.push(box(x, y, cell.width + 0.3, cell.height + 0.3, cssColour(colour)));
      if (cell.width >= 46 && cell.height >= 18)
        parts.push(
          words(formatNumber(value, 3), x + cell.width / 2, y + cell.height / 2 + 4, {
            size: SIZE - 1,
            colour: inkOn(colour),
            anchor: 'middle',
          }),
        );
      else if (scale.kind === 'diverging' && value < 0 && Math.min(cell.width, cell.height) >= 8)
        parts.push(box(x + cell.width * 0.3, y + cell.height / 2 - 0.5, cell.width * 0.4, 1, inkOn(colour)));
    });
  if (rows * columns <= MOST_CELLS)
    marks.forEach((mark, k) => {
      if (mark === null) return;
      const own = { left: LEFT + (k % columns) * cell.width, top: top + Math.floor(k / columns) * cell.height, ...cell };
      const known = Number.isFinite(values[k]);
      if (!known && (mark === 'waiting' || mark === 'running')) parts.push(box(own.left, own.top, own.width, own.height, PRINT.background));
      const shape = cellMark(mark, own, known);
      if (shape === null) return;
      const ink = known ? inkOn(scale.colourOf(values[k])) : PRINT.foreground;
      parts.push(`<path d="${shape.path}" fill="${shape.filled ? ink : 'none'}" stroke="${ink}" stroke-width="1.4"/>`);
    });
  parts.push(box(LEFT, top, width, height, 'none', { colour: PRINT.border, width: 1 }));
  const label = { size: SIZE, colour: PRINT.muted };
  const widest = Math.max(1, ...Array.from({ length: columns }, (_, k) => widthOf(nameAt(map.x, k), SIZE)));
  for (const tick of countTicks(columns, width / (Math.min(widest, 120) + 10)))
    parts.push(words(nameAt(map.x, tick - 1), LEFT + (tick - 0.5) * cell.width, top + height + SIZE + 5, { ...label, anchor: 'middle' }));
  for (const tick of countTicks(rows, height / ROW))
    parts.push(words(nameAt(map.y, tick - 1), LEFT - 7, top + (tick - 0.5) * cell.height + SIZE * 0.35, { ...label, anchor: 'end' }));
  if (scale.range !== null) parts.push(...barOf(map, scale, { left: LEFT + width + 18, top, height }));
  const below = belowAxis(map.x.label, LEFT + width / 2, top + height);
  parts.push(below.svg, ...turned(wrapTitle(map.y.label), 16, top + height / 2));
  return { svg: parts.join('\n'), height: below.height };
}

function barOf(
  { label }: HeatMap,
  scale: HeatScale,
  { left, top, height }: { readonly left: number; readonly top: number; readonly height: number },
): readonly string[] {
  const range = scale.range ?? { min: 0, max: 1 };
  const axis = axisOf(range, false, Math.max(4, Math.floor(height / 40)), true);
  const parts: string[] = [];
  const steps = 64;
  for (let step = 0; step < steps; step += 1) {
    const value = axis.max + (axis.min - axis.max) * ((step + 0.5) / steps);
    const colour = cssColour(scale.colourOf(Math.min(range.max, Math.max(range.min, value))));
    parts.push(box(left, top + (step * height) / steps, 14, height / steps + 0.3, colour));
  }
  parts.push(box(left, top, 14, height, 'none', { colour: PRINT.border, width: 1 }));
  for (const tick of axis.ticks) {
    const y = top + height * ((axis.max - tick.value) / (axis.max - axis.min));
    parts.push(words(tick.label, left + 19, y + SIZE * 0.35, { size: SIZE, colour: PRINT.muted }));
  }
  parts.push(words(label, left + 84, top + height / 2, { size: SIZE, colour: PRINT.foreground, anchor: 'middle', turn: -90 }));
  return parts;
}

/** All parts below each other with a caption, as one SVG document on white. */
export function drawingOf(parts: readonly Part[], caption: string): string {
  const margin = 16;
  const lines = wrapped(caption, WIDTH, SIZE - 2);
  let y = margin;
  const placed = parts.map(({ svg, height }) => {
    const group = `<g transform="translate(${margin} ${at(y)})">${svg}</g>`;
    y += height + 14;
    return group;
  });
  const text = lines.map((one, k) => words(one, margin, y + (k + 1) * (SIZE + 3), { size: SIZE - 2, colour: PRINT.muted }));
  const [width, height] = [WIDTH + 2 * margin, Math.ceil(y + lines.length * (SIZE + 3) + margin)];
  const body = [...placed, ...text].join('\n');
  const patterns = Array.from(new Set(Array.from(body.matchAll(/url\(#(fill-[a-z-]+-[0-9a-f]{6})\)/g), ([, id]) => id)), patternOf);
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${PRINT.font}" role="img">
<desc>${escaped(caption)}</desc>
<defs>${patterns.join('')}</defs>
<rect width="100%" height="100%" fill="${PRINT.background}"/>
${body}
</svg>
`;
}

function patternId({ colour, kind }: Paint): string {
  return `fill-${kind}-${colour.replace('#', '').toLowerCase()}`;
}

/** Strokes of a tile of 6 × 6, as on the page. */
const TILES: Readonly<Record<string, string>> = {
  hatched: 'M-1 7L7 -1M-1 1L1 -1M5 7L7 5',
  'back-hatched': 'M-1 -1L7 7M-1 5L1 7M5 -1L7 1',
  crossed: 'M-1 7L7 -1M-1 1L1 -1M5 7L7 5M-1 -1L7 7M-1 5L1 7M5 -1L7 1',
  barred: 'M0 3H6',
  striped: 'M3 0V6',
  dotted: 'M1 1H4V4H1Z',
};

function patternOf(id: string): string {
  const [, kind, colour] = /^fill-([a-z-]+)-([0-9a-f]{6})$/.exec(id) ?? ['', 'hatched', '000000'];
  const look = kind === 'dotted' ? `fill="#${colour}"` : `fill="none" stroke="#${colour}" stroke-width="1.2"`;
  return `<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="${TILES[kind] ?? TILES.hatched}" ${look}/></pattern>`;
}

/** A short name of a text, for ids within one drawing. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const sign of text) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16);
}
