/** What every kind of figure is to the section that holds it. */
import type { Figure } from '../src/protocol/report';
import type { PictureMark } from './export';
import type { Theme } from './theme';
import type { Part } from './vector-chart';

export interface FigurePlace {
  /** Cell of a heat map, row by row, or place on the horizontal axis of a chart. */
  readonly at: number;
  /** "init scale = 0.1, model depth = 3". */
  readonly says: string;
}

export interface FigureView {
  /** Legend, drawing, read-out and note. */
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** Hears of the place that is pointed at, and when it is chosen by a click or Enter. */
  onPlace?: (place: FigurePlace, chosen: boolean) => void;
  /** For pictures. */
  readonly legend: readonly PictureMark[];
  /** Another state of the figure, of the same id and kind; seen at the next `draw`. */
  update(figure: Figure): void;
  /** The figure for print. */
  vector(): Part;
  draw(theme: Theme): void;
  /** The numbers behind it. */
  table(): HTMLElement;
  destroy(): void;
}
