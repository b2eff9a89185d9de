/**
 * Colours of a heat map. Values of one sign take viridis (Smith & van der Walt, matplotlib 2015; CC0), whose lightness rises
 * evenly and which colour-blind readers see in the same order. Values of both signs take blue and orange around zero, two
 * straight lines in the OKLab space (Ottosson 2020) of equal lightness: equal distances from zero look equally far.
 */
import type { Range } from './axis';

export interface HeatScale {
  readonly kind: 'sequential' | 'diverging';
  /** Of the finite values; null when there is none. */
  readonly range: Range | null;
  /** 0xRRGGBB of a finite value. */
  colourOf(value: number): number;
}

/** Seventeen evenly spaced colours of viridis. */
const VIRIDIS = [
  0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d, 0x2c728e, 0x26828e, 0x21918c, 0x1fa088, 0x28ae80, 0x3fbc73, 0x5ec962,
  0x84d44b, 0xaddc30, 0xd8e219, 0xfde725,
] as const;

/** Lightness at zero and at both ends, and how colourful the ends are, in OKLab. */
const DIVERGING = { middle: 0.97, end: 0.42, chroma: 0.122, blue: 260, orange: 50 } as const;

export function heatScale(values: readonly number[], signed = true): HeatScale {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const range = min <= max ? { min, max } : null;
  if (signed && min < 0 && max > 0) {
    const limit = Math.max(-min, max);
    return { kind: 'diverging', range, colourOf: (value) => DIVERGING_COLOURS[Math.round((1 + bounded(value / limit, -1)) * (STEPS / 2))] };
  }
  // Halves first: the difference of two large values may overflow.
  const span = max / 2 - min / 2;
  return {
    kind: 'sequential',
    range,
    colourOf: (value) => SEQUENTIAL_COLOURS[Math.round(bounded(span > 0 ? (value / 2 - min / 2) / span : 0.5, 0) * STEPS)],
  };
}

function bounded(at: number, low: number): number {
  return Math.min(1, Math.max(low, at));
}

/** `at` in [0, 1]. */
export function sequential(at: number): number {
  const place = bounded(at, 0) * (VIRIDIS.length - 1);
  const left = Math.min(VIRIDIS.length - 2, Math.floor(place));
  const [from, to, part] = [VIRIDIS[left], VIRIDIS[left + 1], place - left];
  const channel = (shift: number): number => {
    const [low, high] = [(from >> shift) & 255, (to >> shift) & 255];
    return Math.round(low + (high - low) * part) << shift;
  };
  return channel(16) | channel(8) | channel(0);
}

/** `at` in [−1, 1]; 0 is almost white. */
export function diverging(at: number): number {
  const size = Math.min(1, Math.abs(at));
  const hue = ((at < 0 ? DIVERGING.blue : DIVERGING.orange) * Math.PI) / 180;
  const lightness = DIVERGING.middle + (DIVERGING.end - DIVERGING.middle) * size;
  return fromOklab(lightness, DIVERGING.chroma * size * Math.cos(hue), DIVERGING.chroma * size * Math.sin(hue));
}

/** sRGB of an OKLab colour (B. Ottosson, "A perceptual color space for image processing", 2020). */
function fromOklab(lightness: number, a: number, b: number): number {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channel = (linear: number): number => {
    const light = bounded(linear, 0);
    return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
  };
  return (
    (channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) << 16) |
    (channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) << 8) |
    channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  );
}

/** More steps than a screen has shades; even, so that zero has its own. */
const STEPS = 1024;
const SEQUENTIAL_COLOURS = Array.from({ length: STEPS + 1 }, (_, index) => sequential(index / STEPS));
const DIVERGING_COLOURS = Array.from({ length: STEPS + 1 }, (_, index) => diverging((2 * index) / STEPS - 1));

/** Relative luminance of an sRGB colour in [0, 1] (WCAG 2.2). */
export function luminance(colour: number): number {
  const channel = (shift: number): number => {
    const value = ((colour >> shift) & 255) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0);
}

/** Black or white, whichever is read better upon a colour. */
export function inkOn(colour: number): string {
  // Where black and white contrast equally: (L + 0.05)² = 1.05 · 0.05.
  return luminance(colour) > 0.179 ? '#000000' : '#ffffff';
}

export function cssColour(colour: number): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
