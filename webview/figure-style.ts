/** How the series of a figure look: colour, and dashes, markers or patterns that differ without it. */
import type { FigureSeries } from '../src/protocol/report';
import { FILLINGS, patch, type Paint } from './filling';
import { DASHES, swatch } from './line-style';
import { markerIcon, markerOf, type Marker } from './markers';
import type { Theme } from './theme';

export type SeriesStyle =
  | {
      readonly kind: 'line';
      readonly colour: string;
      readonly dash: readonly number[];
      readonly marker: Marker | null;
      readonly edge: boolean;
    }
  | { readonly kind: 'points'; readonly colour: string; readonly marker: Marker; readonly ring: boolean }
  | { readonly kind: 'bars'; readonly colour: string; readonly filling: Paint };

/** Dots: an edge of a band is not taken for a line of its own. */
const EDGE_DASH = [1.5, 3];

/** Styles of all series; those of one kind count among themselves, colours run through all. The edges of a band look like what it is around. */
export function seriesStyles(series: readonly FigureSeries[], theme: Theme): readonly SeriesStyle[] {
  const count = { line: 0, points: 0, bars: 0, rings: 0 };
  const own = series.filter((one) => centreOf(one, series) === null && one.style !== 'rings');
  const colourOf = (one: FigureSeries): string => theme.palette[Math.max(0, own.indexOf(one)) % theme.palette.length];
  return series.map((one) => {
    const { style } = one;
    const centre = centreOf(one, series);
    if (centre !== null) return { kind: 'line', colour: colourOf(centre), dash: EDGE_DASH, marker: null, edge: true };
    const colour = colourOf(one);
    const position = count[style]++;
    switch (style) {
      case 'line': {
        // When the dashes are used up, markers along the line tell further.
        const round = Math.floor(position / DASHES.length);
        return {
          kind: style,
          colour,
          dash: DASHES[position % DASHES.length],
          marker: round === 0 ? null : markerOf(round - 1, colour),
          edge: false,
        };
      }
      case 'points':
        return { kind: style, colour, marker: markerOf(position, colour), ring: false };
      case 'rings':
        return {
          kind: 'points',
          colour: theme.foreground,
          marker: { shape: 'circle', colour: theme.foreground, filled: false },
          ring: true,
        };
      case 'bars':
        return { kind: style, colour, filling: { colour, kind: FILLINGS[position % FILLINGS.length] } };
      default:
        return style satisfies never;
    }
  });
}

/** The series around which this one is an edge; null for all others. */
function centreOf({ band, style }: FigureSeries, series: readonly FigureSeries[]): FigureSeries | null {
  if (band === undefined || style !== 'line') return null;
  return series.find((one) => one.name === band && one.band === undefined) ?? null;
}

/** What stands for the series in a legend. */
export function legendMark(style: SeriesStyle): Node {
  switch (style.kind) {
    case 'line': {
      const line = swatch(style);
      if (style.marker === null) return line;
      const both = document.createDocumentFragment();
      both.append(line, markerIcon(style.marker));
      return both;
    }
    case 'points':
      return markerIcon(style.marker);
    case 'bars':
      return patch(style.filling);
    default:
      return style satisfies never;
  }
}
