/** What an axis of ours is to Chart.js: our range, our ticks, our labels, the theme's colours. */
import type { Scale } from 'chart.js';
import type { Axis } from './axis';
import type { Theme } from './theme';

/** Pixels that points may reach beyond the frame: those on its edges are whole. */
export const BEYOND_FRAME = 5;

/**
 * Pixels kept for the title and the labels of a vertical axis, so that charts align and nothing moves while numbers grow.
 * Labels such as 10⁻²⁰⁰⁰⁰⁰⁰⁰ need more and get it.
 */
export const VERTICAL_LABELS = 80;

/** Titles of several lines make a vertical axis wider. */
export function scaleOptions(which: 'x' | 'y', axis: Axis | undefined, title: string | readonly string[], theme: Theme): object {
  const lines = typeof title === 'string' ? 1 : Math.max(1, title.length);
  return {
    type: 'linear',
    min: axis?.min ?? 0,
    max: axis?.max ?? 1,
    // Bars would ask for half a step of room and for lines between them; the range has that room already.
    offset: false,
    border: { color: theme.border },
    grid: { color: theme.grid, lineWidth: theme.highContrast ? 0.5 : 0.4, tickLength: 4, offset: false },
    title: { display: true, text: title, color: theme.foreground, font: { family: theme.font, size: theme.fontSize } },
    ticks: {
      color: theme.muted,
      font: { family: theme.font, size: theme.fontSize },
      maxRotation: 0,
      autoSkip: which === 'x',
      autoSkipPadding: 12,
      callback: (_value: unknown, index: number): string => axis?.ticks[index]?.label ?? '',
    },
    afterBuildTicks: (scale: Scale): void => {
      scale.ticks = (axis?.ticks ?? []).map(({ value }) => ({ value }));
    },
    ...(which === 'y' && {
      afterFit: (scale: Scale): void => {
        // What was measured keeps its place, up to the room that there is.
        scale.width = Math.max(scale.width, VERTICAL_LABELS + (lines - 1) * (theme.fontSize + 3));
      },
    }),
  };
}
