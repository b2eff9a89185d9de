/** How the series of a figure look: colour, and dashes, markers or patterns that differ without it. */
import type { FigureSeries } from '../src/protocol/report';
import { FILLINGS, patch, type Paint } from './filling';
import { DASHES, swatch } from './line-style';
import { markerIcon, markerOf, type Marker } from './markers';
import type { Theme } from './theme';

export type SeriesStyle =
  | { readonly kind: 'line'; readonly colour: string; readonly dash: readonly number[]; readonly marker: Marker | null }
  | { readonly kind: 'points'; readonly colour: string; readonly marker: Marker }
  | { readonly kind: 'bars'; readonly colour: string; readonly filling: Paint };

/** Styles of all series; those of one kind count among themselves, colours run through all. */
export function seriesStyles(series: readonly FigureSeries[], theme: Theme): readonly SeriesStyle[] {
  const count = { line: 0, points: 0, bars: 0 };
  return series.map(({ style }, index) => {
    const colour = theme.palette[index % theme.palette.length];
    const position = count[style]++;
    switch (style) {
      case 'line': {
        // When the dashes are used up, markers along the line tell further.
        const round = Math.floor(position / DASHES.length);
        return { kind: style, colour, dash: DASHES[position % DASHES.length], marker: round === 0 ? null : markerOf(round - 1, colour) };
      }
      case 'points':
        return { kind: style, colour, marker: markerOf(position, colour) };
      case 'bars':
        return { kind: style, colour, filling: { colour, kind: FILLINGS[position % FILLINGS.length] } };
      default:
        return style satisfies never;
    }
  });
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
