/**
 * Axes of the charts: range, ticks and their labels.
 * A logarithmic axis is drawn in decades (log₁₀ of the value) on a linear scale, so that values far beyond
 * double precision, such as a loss of 10⁻⁴³⁴³ known by its logarithm, have their place.
 */
import { formatFixed, formatFromLog10, formatNumber, powerOfTen } from './format-number';

export interface Tick {
  /** In drawing units: the value, or its log₁₀ on a logarithmic axis. */
  readonly value: number;
  readonly label: string;
}

export interface Axis {
  /** In drawing units. */
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly Tick[];
}

/** Smallest and largest finite value; null when there is none. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export function widen(range: Range | null, value: number): Range | null {
  if (!Number.isFinite(value)) return range;
  if (range === null) return { min: value, max: value };
  return { min: Math.min(range.min, value), max: Math.max(range.max, value) };
}

/** The axis that shows `range` (drawing units) with about `wanted` ticks. */
export function axisOf(range: Range | null, log: boolean, wanted = 6, tight = false): Axis {
  const { min, max } = range ?? { min: 0, max: 1 };
  return log ? logAxis(min, max, wanted, tight) : linearAxis(min, max, wanted, tight);
}

/** The same axis labelled with whole numbers only: counts have no halves. */
export function wholeTicks({ min, max, ticks }: Axis, log: boolean): Axis {
  const kept = ticks.filter(({ value }) => {
    const counted = log ? 10 ** value : value;
    return Math.abs(counted - Math.round(counted)) < 1e-9 * Math.max(1, counted);
  });
  return { min, max, ticks: kept.map(({ value, label }) => ({ value, label: label.replace(/\.0+$/, '') })) };
}

/** Of a letter in pixels, on average. */
const LETTER = 7;
const SHORTEST = 4;

/** The axis that has names at 1, 2, …; each as long as there is room, and only every so many where there is none. */
export function namedAxis(names: readonly string[], width: number): Axis {
  // In letters, with one between two names.
  const room = width / names.length / LETTER;
  const every = Math.ceil((SHORTEST + 1) / room);
  const most = Math.floor(room * every) - 1;
  const short = (name: string): string => (name.length > most ? `${name.slice(0, most - 1)}…` : name);
  return {
    min: 0.5,
    max: names.length + 0.5,
    ticks: names.map((name, k) => ({ value: k + 1, label: k % every === 0 ? short(name) : '' })),
  };
}

/** Beyond it the difference of two ends overflows. */
const LARGEST = 8e307;
/** Below it a tenth is no longer a number of full precision: such values are drawn as zero. */
const SMALLEST = 1e-300;

/** 1, 2 or 5 times a power of ten, at least `rough`. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const leading = rough / power;
  const factor = leading <= 1 ? 1 : leading <= 2 ? 2 : leading <= 5 ? 5 : 10;
  return factor * power;
}

function linearAxis(low: number, high: number, wanted: number, tight: boolean): Axis {
  let min = Math.max(low, -LARGEST);
  let max = Math.min(high, LARGEST);
  const size = Math.max(Math.abs(min), Math.abs(max));
  // A range at the rounding level of its own size is a constant: no digits to tell ticks apart.
  if (!(max - min > Math.max(1e-12 * size, SMALLEST))) {
    if (size > SMALLEST) {
      min -= size * 0.1;
      max += size * 0.1;
    } else {
      // Most of what stays at zero cannot be negative.
      min = Math.min(min, 0);
      max = 1;
    }
  } else if (!tight) {
    const pad = (max - min) * 0.04;
    // A curve that starts at zero keeps zero as its floor.
    min = min >= 0 && min - pad < 0 ? 0 : min - pad;
    max = max <= 0 && max + pad > 0 ? 0 : max + pad;
  }
  const step = niceStep((max - min) / wanted);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const large = Math.max(Math.abs(min), Math.abs(max));
  const scientific = large >= 1e7 || large < 1e-3;
  const digits = Math.min(15, Math.max(2, Math.ceil(Math.log10(large / step)) + 1));
  const ticks: Tick[] = [];
  const first = Math.ceil(min / step - 1e-9);
  for (let index = first; index * step <= max + step * 1e-9; index += 1) {
    const value = index * step;
    ticks.push({
      value,
      label: scientific ? formatNumber(Number(value.toPrecision(12)), digits) : formatFixed(value, Math.min(decimals, 12)),
    });
  }
  return { min, max, ticks };
}

function logAxis(low: number, high: number, wanted: number, tight: boolean): Axis {
  let min = low;
  let max = high;
  if (max - min < 1e-6) {
    min -= 0.15;
    max += 0.15;
  } else if (!tight) {
    const pad = (max - min) * 0.04;
    min -= pad;
    max += pad;
  }
  const ticks: Tick[] = [];
  if (max - min >= 2) {
    const stride = Math.max(1, niceDecades((max - min) / wanted));
    for (let exponent = Math.ceil(min / stride - 1e-9) * stride; exponent <= max + 1e-9; exponent += stride) {
      ticks.push({ value: exponent, label: powerOfTen(exponent) });
    }
    return { min, max, ticks };
  }
  const leads = max - min >= 1 ? [1, 2, 5] : max - min >= 0.3 ? [1, 1.5, 2, 3, 4, 5, 6, 8] : null;
  if (leads === null && Math.abs(min) > 300) {
    const inner = linearAxis(min, max, wanted, true);
    return { min, max, ticks: inner.ticks.map(({ value }) => ({ value, label: formatFromLog10(value, 3) })) };
  }
  if (leads === null) {
    // Less than a factor of two: the ticks of a linear axis, placed by their logarithm.
    const inner = linearAxis(10 ** min, 10 ** max, wanted, true);
    return {
      min,
      max,
      ticks: inner.ticks.filter(({ value }) => value > 0).map(({ value, label }) => ({ value: Math.log10(value), label })),
    };
  }
  for (let exponent = Math.floor(min); exponent <= Math.ceil(max); exponent += 1) {
    for (const lead of leads) {
      const value = exponent + Math.log10(lead);
      if (value >= min - 1e-9 && value <= max + 1e-9) ticks.push({ value, label: formatFromLog10(value) });
    }
  }
  return { min, max, ticks };
}

/** Whole decades between ticks: 1, 2, 3, 5, 10, 20, 50, … */
function niceDecades(rough: number): number {
  const steps = [1, 2, 3, 5];
  for (let power = 1; ; power *= 10) {
    for (const step of steps) if (step * power >= rough && !(step === 3 && power > 1)) return step * power;
  }
}
