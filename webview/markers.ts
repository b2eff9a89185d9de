/** Shapes of points: told apart without colour. The names are those of Chart.js. */
const SHAPES = {
  circle: 'M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9z',
  triangle: 'M7 2.5l5 8.5H2z',
  rect: 'M3 3h8v8H3z',
  crossRot: 'M3 3l8 8M11 3l-8 8',
  rectRot: 'M7 1.5L12.5 7L7 12.5L1.5 7z',
  cross: 'M7 2v10M2 7h10',
  star: 'M7 2v10M2 7h10M3.5 3.5l7 7M10.5 3.5l-7 7',
} as const;

export type MarkerShape = keyof typeof SHAPES;

export const MARKERS = Object.keys(SHAPES) as readonly MarkerShape[];

export interface Marker {
  readonly shape: MarkerShape;
  readonly colour: string;
  /** Strokes alone have nothing to fill. */
  readonly filled: boolean;
}

/** The marker of series number `index`: open shapes first, then filled ones. */
export function markerOf(index: number, colour: string): Marker {
  const closed: readonly MarkerShape[] = ['circle', 'triangle', 'rect', 'rectRot'];
  const looks = [...MARKERS.map((shape) => ({ shape, filled: false })), ...closed.map((shape) => ({ shape, filled: true }))];
  return { ...looks[index % looks.length], colour };
}

/** Shape as a path in a box of 14 × 14. */
export function markerPath(shape: MarkerShape): string {
  return SHAPES[shape];
}

const SVG = 'http://www.w3.org/2000/svg';

/** A marker for legends. */
export function markerIcon({ colour, shape, filled }: Marker): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 14 14');
  svg.setAttribute('class', 'marker');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', SHAPES[shape]);
  path.style.stroke = colour;
  if (filled) path.style.fill = colour;
  svg.append(path);
  return svg;
}
