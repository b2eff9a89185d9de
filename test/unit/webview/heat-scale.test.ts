/** The colours of heat maps: in order for every eye, symmetric about zero. */
import assert from 'node:assert/strict';
import { cssColour, diverging, heatScale, inkOn, luminance, sequential } from '../../../webview/heat-scale';

function linear(colour: number): readonly number[] {
  return [16, 8, 0].map((shift) => {
    const value = ((colour >> shift) & 255) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

/** OKLab of linear sRGB, B. Ottosson 2020. */
function oklab([r, g, b]: readonly number[]): readonly number[] {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function difference(left: readonly number[], right: readonly number[]): number {
  return Math.hypot(...left.map((value, index) => value - right[index]));
}

/** What eyes without one kind of cones see: Machado, Oliveira & Fernandes 2009, severity 1, on linear sRGB. */
const EYES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function seen(colour: number, eye: readonly (readonly number[])[]): readonly number[] {
  const light = linear(colour);
  return oklab(
    eye.map((row) =>
      Math.min(
        1,
        Math.max(
          0,
          row.reduce((sum, factor, index) => sum + factor * light[index], 0),
        ),
      ),
    ),
  );
}

/** CIE 1976 lightness in [0, 100]. */
function lightness(colour: number): number {
  const y = luminance(colour);
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (24389 / 27) * y;
}

describe('heat scale', () => {
  it('is viridis for values of one sign', () => {
    // matplotlib 3: cm.viridis(0), (0.25), (0.5), (1) as hexadecimal.
    assert.deepEqual(
      [0, 0.25, 0.5, 1].map((at) => cssColour(sequential(at))),
      ['#440154', '#3b528b', '#21918c', '#fde725'],
    );
    const scale = heatScale([2, 5, Number.NaN, Infinity]);
    assert.equal(scale.kind, 'sequential');
    assert.deepEqual(scale.range, { min: 2, max: 5 });
    assert.deepEqual([2, 5].map(scale.colourOf), [0x440154, 0xfde725]);
  });

  it('grows evenly lighter with the value', () => {
    const all = Array.from({ length: 65 }, (_, index) => lightness(sequential(index / 64)));
    const [first, last] = [all[0], all[64]];
    // Even to 3 of 100: the rounding of a channel is 0.5/255 and viridis is a spline in another space.
    all.forEach((value, index) => assert.ok(Math.abs(value - (first + ((last - first) * index) / 64)) < 3, `${index}: ${value}`));
    all.slice(1).forEach((value, index) => assert.ok(value > all[index]));
  });

  it('takes equal steps on both sides of zero', () => {
    const bright = (at: number): number => oklab(linear(diverging(at)))[0];
    // A channel is rounded to 1/255, about 0.003 in this space.
    for (const at of [1, 0.5, 0.1]) assert.ok(Math.abs(bright(-at) - bright(at)) < 0.006, `${at}`);
    for (const side of [-1, 1]) {
      const steps = Array.from({ length: 8 }, (_, k) =>
        difference(oklab(linear(diverging((side * k) / 8))), oklab(linear(diverging((side * (k + 1)) / 8)))),
      );
      steps.forEach((step) => assert.ok(Math.abs(step - steps[0]) < 0.006, String(steps)));
    }
    const scale = heatScale([-1, 4]);
    assert.equal(scale.kind, 'diverging');
    assert.equal(scale.colourOf(4), diverging(1));
    assert.equal(scale.colourOf(0), diverging(0));
    // The negative side is as far from zero as its value, not at its end.
    assert.equal(scale.colourOf(-1), diverging(-0.25));
  });

  for (const [name, eye] of Object.entries(EYES)) {
    it(`keeps order and sign with ${name}`, () => {
      const order = Array.from({ length: 33 }, (_, index) => seen(sequential(index / 32), eye)[0]);
      order.slice(1).forEach((value, index) => assert.ok(value > order[index] - 1e-3, `${index}`));
      // 0.02 in OKLab is a just noticeable difference; signs differ by five of them.
      for (const at of [0.5, 1]) assert.ok(difference(seen(diverging(-at), eye), seen(diverging(at), eye)) > 0.1, `${at}`);
    });
  }

  it('survives constants, extremes and nothing at all', () => {
    assert.equal(heatScale([3, 3]).colourOf(3), sequential(0.5));
    assert.deepEqual([-1.7e308, 1.7e308].map(heatScale([-1.7e308, 1.7e308]).colourOf), [diverging(-1), diverging(1)]);
    assert.deepEqual([1e-320, 1.7e308].map(heatScale([1e-320, 1.7e308]).colourOf), [sequential(0), sequential(1)]);
    assert.equal(heatScale([Number.NaN]).range, null);
  });

  it('writes upon every colour with a contrast of at least 4.5', () => {
    for (let index = 0; index <= 64; index += 1)
      for (const colour of [sequential(index / 64), diverging(index / 32 - 1)]) {
        const ink = inkOn(colour) === '#000000' ? 0 : 1;
        const [high, low] = [luminance(colour), ink].sort((a, b) => b - a);
        assert.ok((high + 0.05) / (low + 0.05) >= 4.5, cssColour(colour));
      }
  });
});
