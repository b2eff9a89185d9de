/** How lines are told apart: by colour and dashes together, never by colour alone. */
import type { Theme } from './theme';

export interface LineStyle {
  readonly colour: string;
  readonly dash: readonly number[];
}

export const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3], [12, 5], [4, 2, 1, 2, 1, 2]];

/** The style of measure number `measure` of run number `run`, where `runs` are drawn together. */
export function lineStyle(theme: Theme, run: number, measure: number, runs: number): LineStyle {
  const colour = theme.palette[(measure * runs + run) % theme.palette.length];
  // One run: dashes tell the measures apart. Several: they tell the runs apart, colours the rest.
  return { colour, dash: DASHES[(runs === 1 ? measure : run) % DASHES.length] };
}

const SVG = 'http://www.w3.org/2000/svg';

/** A short piece of the line for legends. */
export function swatch({ colour, dash }: LineStyle): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 28 10');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', 'M1 5h26');
  line.setAttribute('stroke-dasharray', dash.join(' '));
  line.style.stroke = colour;
  svg.append(line);
  return svg;
}
