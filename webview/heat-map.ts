/** A heat map on a canvas: cells, axes, colour bar, cursor. Sharp at any ratio of device pixels. */
import type { FigureAxis } from '../src/protocol/report';
import { axisOf } from './axis';
import { paint } from './filling';
import { formatNumber } from './format-number';
import { cellBox, countTicks, nameAt, type Box, type Cell, type HeatLayout, type HeatMap } from './heat-layout';
import { paintMarks } from './heat-marks';
import { cssColour, inkOn, type HeatScale } from './heat-scale';
import type { PlaceMark } from './sweep-state';
import type { Theme } from './theme';

export interface HeatPicture {
  readonly map: HeatMap;
  readonly scale: HeatScale;
  readonly layout: HeatLayout;
  readonly cells: HTMLCanvasElement;
  /** Of a sweep, cell by cell. */
  readonly marks: readonly (PlaceMark | null)[];
  /** Device pixels of a CSS pixel. */
  readonly ratio: number;
}

/** Cells this large (CSS pixels) have room for their number. */
const NUMBERED = { width: 46, height: 18 } as const;
/** Cells this large have room for the dash of negative ones. */
const DASHED = 8;
/** Room for a label of the colour bar. */
const BAR_LABEL = 58;

/**
 * The cells as an image of one pixel each, transparent where there is no finite value. Where a device pixel holds several
 * cells it takes their mean.
 */
export function cellImage({ rows, columns, values }: HeatMap, scale: HeatScale, layout: HeatLayout, ratio: number): HTMLCanvasElement {
  const width = Math.min(columns, Math.max(1, Math.round(layout.plot.width * ratio)));
  const height = Math.min(rows, Math.max(1, Math.round(layout.plot.height * ratio)));
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return canvas;
  const image = context.createImageData(width, height);
  const single = width === columns && height === rows;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = single ? values[y * columns + x] : meanOf(values, columns, span(y, height, rows), span(x, width, columns));
      if (!Number.isFinite(value)) continue;
      const colour = scale.colourOf(value);
      const at = (y * width + x) * 4;
      image.data[at] = colour >> 16;
      image.data[at + 1] = (colour >> 8) & 255;
      image.data[at + 2] = colour & 255;
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

type Span = readonly [number, number];

function span(index: number, of: number, count: number): Span {
  return [Math.floor((index * count) / of), Math.floor(((index + 1) * count) / of)];
}

function meanOf(values: readonly number[], columns: number, [top, bottom]: Span, [left, right]: Span): number {
  let [mean, count] = [0, 0];
  for (let row = top; row < bottom; row += 1) {
    for (let column = left; column < right; column += 1) {
      const value = values[row * columns + column];
      if (!Number.isFinite(value)) continue;
      count += 1;
      mean += value / count - mean / count;
    }
  }
  return count === 0 ? Number.NaN : mean;
}

/** Draws the whole; the canvas has `ratio` device pixels for each CSS pixel. */
export function paintHeatMap(context: CanvasRenderingContext2D, picture: HeatPicture, theme: Theme, cursor: Cell | null): void {
  const { layout, ratio, cells, map, scale } = picture;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  paintCells(context, layout.plot, cells, theme, ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = `${theme.fontSize}px ${theme.font}`;
  inscribe(context, picture);
  paintMarks(context, picture, theme);
  frame(context, layout.plot, theme, ratio);
  paintAxes(context, layout, map, theme);
  if (scale.range !== null) paintBar(context, layout.bar, picture, theme);
  if (cursor !== null) paintCursor(context, cellBox(layout, map, cursor), theme);
}

/** Hatching below, cells above it: it shows where there is no value. */
function paintCells(context: CanvasRenderingContext2D, plot: Box, cells: HTMLCanvasElement, theme: Theme, ratio: number): void {
  const at = [plot.left, plot.top, plot.width, plot.height].map((value) => Math.round(value * ratio)) as [number, number, number, number];
  context.fillStyle = theme.background;
  context.fillRect(...at);
  context.fillStyle = paint({ colour: theme.muted, kind: 'hatched' }, ratio);
  context.fillRect(...at);
  context.imageSmoothingEnabled = false;
  context.drawImage(cells, ...at);
}

/** Three digits where the widest number has room with them, else two. */
function digitsThatFit(context: CanvasRenderingContext2D, values: readonly number[], width: number): number {
  const fits = (value: number): boolean => !Number.isFinite(value) || context.measureText(formatNumber(value, 3)).width <= width;
  return values.every(fits) ? 3 : 2;
}

/** Numbers where there is room; else a dash on negative cells, so that the sign is not told by colour alone. */
function inscribe(context: CanvasRenderingContext2D, { map, layout, scale }: HeatPicture): void {
  const { rows, columns, values } = map;
  const size = cellBox(layout, map, { row: 0, column: 0 });
  const numbered = size.width >= NUMBERED.width && size.height >= NUMBERED.height;
  const dashed = scale.kind === 'diverging' && Math.min(size.width, size.height) >= DASHED;
  if (!numbered && !dashed) return;
  const digits = numbered ? digitsThatFit(context, values, size.width - 8) : 0;
  const dash = Math.min(8, size.width * 0.45);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column];
      if (!Number.isFinite(value)) continue;
      const { left, top } = cellBox(layout, map, { row, column });
      const [x, y] = [left + size.width / 2, top + size.height / 2];
      context.fillStyle = inkOn(scale.colourOf(value));
      if (numbered) context.fillText(formatNumber(value, digits), x, y, size.width - 4);
      else if (value < 0) context.fillRect(x - dash / 2, y - 0.5, dash, 1);
    }
  }
}

function frame(context: CanvasRenderingContext2D, { left, top, width, height }: Box, theme: Theme, ratio: number): void {
  context.strokeStyle = theme.border;
  context.lineWidth = 1 / ratio;
  context.strokeRect(left, top, width, height);
}

function paintAxes(context: CanvasRenderingContext2D, layout: HeatLayout, map: HeatMap, theme: Theme): void {
  const { plot } = layout;
  context.fillStyle = theme.muted;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  // Three names in a row need not fit for each to be read: the widest one sets the distance, up to a fifth of the width.
  const widest = Math.min(namesWidth(context, map.x, map.columns), Math.max(40, plot.width / 5));
  const wide = widest + 14;
  let free = -Infinity;
  for (const tick of countTicks(map.columns, plot.width / wide)) {
    const box = cellBox(layout, map, { row: 0, column: tick - 1 });
    const x = box.left + box.width / 2;
    if (x - widest / 2 < free) continue;
    free = x + widest / 2 + 6;
    context.fillText(fitted(context, nameAt(map.x, tick - 1), widest), x, plot.top + plot.height + 5);
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  let below = -Infinity;
  for (const tick of countTicks(map.rows, plot.height / (theme.fontSize + 8))) {
    const box = cellBox(layout, map, { row: tick - 1, column: 0 });
    const y = box.top + box.height / 2;
    if (y < below) continue;
    below = y + theme.fontSize + 2;
    context.fillText(fitted(context, nameAt(map.y, tick - 1), plot.left - 30), plot.left - 6, y);
  }
  context.fillStyle = theme.foreground;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(map.x.label, plot.left + plot.width / 2, layout.height - 4, plot.width + 40);
  upright(context, map.y.label, 4 + theme.fontSize / 2, plot);
}

/** A name that is too long for its room is cut, not squeezed; the read-out and the table have it whole. */
function fitted(context: CanvasRenderingContext2D, name: string, width: number): string {
  if (context.measureText(name).width <= width) return name;
  let [low, high] = [0, name.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${name.slice(0, middle).trimEnd()}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${name.slice(0, low).trimEnd()}…`;
}

/** Pixels of the widest name of a row or column. */
export function namesWidth(context: CanvasRenderingContext2D, axis: FigureAxis, count: number): number {
  let widest = context.measureText(formatNumber(count)).width;
  for (const name of axis.ticks?.slice(0, count) ?? []) widest = Math.max(widest, context.measureText(name).width);
  return widest;
}

function upright(context: CanvasRenderingContext2D, words: string, x: number, { top, height }: Box): void {
  context.save();
  context.translate(x, top + height / 2);
  context.rotate(-Math.PI / 2);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(words, 0, 0, height + 20);
  context.restore();
}

function paintBar(context: CanvasRenderingContext2D, bar: Box, { scale, map, ratio }: HeatPicture, theme: Theme): void {
  const { range } = scale;
  if (range === null) return;
  const axis = axisOf(range, false, Math.max(5, Math.floor(bar.height / 40)), true);
  // Halves first: the difference of two large values may overflow.
  const size = axis.max / 2 - axis.min / 2;
  const lines = Math.round(bar.height * ratio);
  for (let line = 0; line < lines; line += 1) {
    const value = axis.max - 2 * size * ((line + 0.5) / lines);
    context.fillStyle = cssColour(scale.colourOf(Math.min(range.max, Math.max(range.min, value))));
    context.fillRect(bar.left, bar.top + line / ratio, bar.width, 1.5 / ratio);
  }
  frame(context, bar, theme, ratio);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  let widest = 0;
  for (const { value, label } of axis.ticks) {
    widest = Math.max(widest, Math.min(BAR_LABEL, context.measureText(label).width));
    const y = bar.top + bar.height * ((axis.max / 2 - value / 2) / size);
    context.fillStyle = theme.foreground;
    context.fillRect(bar.left + bar.width, y - 0.5, 4, 1);
    context.fillStyle = theme.muted;
    context.fillText(label, bar.left + bar.width + 7, y, BAR_LABEL);
    if (scale.kind !== 'diverging' || !(value < 0)) continue;
    context.fillStyle = inkOn(scale.colourOf(Math.max(range.min, value)));
    context.fillRect(bar.left + bar.width * 0.3, y - 0.5, bar.width * 0.4, 1);
  }
  context.fillStyle = theme.foreground;
  upright(context, map.label, bar.left + bar.width + 7 + widest + theme.fontSize, bar);
}

/** Two rims, so that it is seen upon every colour. */
function paintCursor(context: CanvasRenderingContext2D, { left, top, width, height }: Box, theme: Theme): void {
  for (const [colour, grow, line] of [
    [theme.background, 2.5, 3],
    [theme.foreground, 1.5, 2],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.strokeRect(left - grow, top - grow, width + 2 * grow, height + 2 * grow);
  }
}
