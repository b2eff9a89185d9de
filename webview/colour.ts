/** Colours of the theme made fit for thin lines: opaque, and far enough from what they are drawn upon. */

/** sRGB channels in [0, 255]. */
type Channels = readonly [number, number, number];

/** Least contrast of graphics with what is beside them (WCAG 2.2, 1.4.11). */
export const GRAPHICS_CONTRAST = 3;
/** Where the reader has asked for high contrast, thin lines are as legible as text (WCAG 2.2, 1.4.3). */
export const HIGH_CONTRAST = 4.5;

/** Shares of the foreground that are tried: the least that is enough keeps most of the hue. */
const STEPS = 20;

/**
 * `colour` as a theme means it, for lines upon `background`. Editors use some chart colours as a translucent veil over text
 * (orange is #EA5C0055 in some versions), which as a line would be lost: the veil's own colour is taken, and as much of
 * `foreground` as the contrast needs. Colours in another notation than hexadecimal and rgb() are left as they are.
 */
export function legibleLine(colour: string, background: string, foreground: string, least = GRAPHICS_CONTRAST): string {
  const [own, ground, ink] = [channelsOf(colour), channelsOf(background), channelsOf(foreground)];
  if (own === null || ground === null || ink === null) return colour;
  for (let step = 0; step <= STEPS; step += 1) {
    const mixed = own.map((value, index) => Math.round(value + ((ink[index] - value) * step) / STEPS)) as unknown as Channels;
    if (contrastOf(mixed, ground) >= least) return hexOf(mixed);
  }
  return hexOf(ink);
}

/**
 * Colours of lines, each once: the chart colours of a theme, its foreground, and where that is one of them already (the blue of
 * High Contrast Light is its black), a grey half way to the background in its place. So their number does not depend on the theme,
 * and with dashes of another number no pair of both returns early.
 */
export function paletteOf(colours: readonly string[], background: string, foreground: string, least: number): readonly string[] {
  const lines = [...new Set([...colours, foreground].map((colour) => legibleLine(colour, background, foreground, least).toLowerCase()))];
  const [ground, ink] = [channelsOf(background), channelsOf(foreground)];
  if (lines.length > colours.length || ground === null || ink === null) return lines;
  const grey = ink.map((value, index) => Math.round((value + ground[index]) / 2)) as unknown as Channels;
  return [...new Set([...lines, legibleLine(hexOf(grey), background, foreground, least)])];
}

/** Contrast of two opaque colours in [1, 21] (WCAG 2.2); null where one cannot be read. */
export function contrast(left: string, right: string): number | null {
  const [one, other] = [channelsOf(left), channelsOf(right)];
  return one === null || other === null ? null : contrastOf(one, other);
}

/** Without its opacity. */
function channelsOf(colour: string): Channels | null {
  const text = colour.trim();
  const hex = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.exec(text)?.[1];
  if (hex !== undefined) {
    const size = hex.length < 6 ? 1 : 2;
    const channel = (index: number): number => Number.parseInt(hex.slice(index * size, (index + 1) * size).repeat(3 - size), 16);
    return [channel(0), channel(1), channel(2)];
  }
  const numbers = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)\s*(?:[,/]\s*[\d.]+%?\s*)?\)$/i.exec(text)?.slice(1, 4).map(Number);
  return numbers === undefined ? null : [numbers[0], numbers[1], numbers[2]];
}

function contrastOf(left: Channels, right: Channels): number {
  const [one, other] = [luminanceOf(left), luminanceOf(right)];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

function luminanceOf(channels: Channels): number {
  const [red, green, blue] = channels.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function hexOf(channels: Channels): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
