/** How areas are filled: plain, outlined and in patterns, so that they differ without colour. */
import { el } from './dom';

export const FILLINGS = ['filled', 'outlined', 'hatched', 'dotted', 'crossed', 'back-hatched', 'barred', 'striped'] as const;

export interface Paint {
  readonly colour: string;
  readonly kind: (typeof FILLINGS)[number];
}

/** Strokes of a tile of 6 × 6, from and to. */
const STROKES: Readonly<Record<Paint['kind'], readonly (readonly [number, number, number, number])[]>> = {
  filled: [],
  outlined: [],
  dotted: [],
  hatched: [-6, 0, 6].map((shift) => [shift, 6, shift + 6, 0]),
  'back-hatched': [-6, 0, 6].map((shift) => [shift, 0, shift + 6, 6]),
  crossed: [-6, 0, 6].flatMap((shift): [number, number, number, number][] => [
    [shift, 6, shift + 6, 0],
    [shift, 0, shift + 6, 6],
  ]),
  barred: [[0, 3, 6, 3]],
  striped: [[3, 0, 3, 6]],
};

/** A pattern or colour to fill with. `scale`: device pixels of a pattern's pixel. */
export function paint({ colour, kind }: Paint, scale = 1): string | CanvasPattern {
  if (kind === 'filled') return colour;
  if (kind === 'outlined') return 'transparent';
  const tile = document.createElement('canvas');
  tile.width = tile.height = Math.round(6 * scale);
  const context = tile.getContext('2d');
  if (context === null) return colour;
  context.scale(tile.width / 6, tile.width / 6);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.4;
  context.beginPath();
  for (const [x0, y0, x1, y1] of STROKES[kind]) {
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  }
  context.stroke();
  if (kind === 'dotted') context.fillRect(1, 1, 3, 3);
  return context.createPattern(tile, 'repeat') ?? colour;
}

/** A square of the filling for legends. */
export function patch({ colour, kind }: Paint): HTMLElement {
  const element = el('span', { class: `patch patch-${kind}`, 'aria-hidden': 'true' });
  element.style.setProperty('--patch', colour);
  return element;
}
