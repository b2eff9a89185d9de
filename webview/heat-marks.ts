/** Marks of a sweep's heat map on a canvas: what runs, failed, waits, or has another verdict than the rest. */
import { cellBox, type HeatLayout, type HeatMap } from './heat-layout';
import { inkOn, type HeatScale } from './heat-scale';
import { cellMark, type PlaceMark } from './sweep-state';
import type { Theme } from './theme';

interface Marked {
  readonly map: HeatMap;
  readonly layout: HeatLayout;
  readonly scale: HeatScale;
  /** Cell by cell. */
  readonly marks: readonly (PlaceMark | null)[];
}

export function paintMarks(context: CanvasRenderingContext2D, { map, layout, scale, marks }: Marked, theme: Theme): void {
  marks.forEach((mark, at) => {
    if (mark === null) return;
    const box = cellBox(layout, map, { row: Math.floor(at / map.columns), column: at % map.columns });
    const value = map.values[at];
    const known = Number.isFinite(value);
    if (!known && (mark === 'waiting' || mark === 'running')) {
      // Not the hatching of a run without a value.
      context.fillStyle = theme.background;
      context.fillRect(box.left, box.top, box.width, box.height);
      context.strokeStyle = theme.grid;
      context.lineWidth = 0.5;
      if (Math.min(box.width, box.height) > 4) context.strokeRect(box.left, box.top, box.width, box.height);
    }
    const shape = cellMark(mark, box, known);
    if (shape === null) return;
    const path = new Path2D(shape.path);
    if (!known) {
      context.strokeStyle = theme.background;
      context.lineWidth = 5;
      context.stroke(path);
    }
    const ink = known ? inkOn(scale.colourOf(value)) : theme.foreground;
    context.strokeStyle = context.fillStyle = ink;
    context.lineWidth = 1.6;
    if (shape.filled) context.fill(path);
    context.stroke(path);
  });
}
