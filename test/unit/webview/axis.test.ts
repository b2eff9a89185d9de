/** Ticks of an axis: inside its range, evenly spaced, told apart by their labels, not too many. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { axisOf, namedAxis, niceStep, wholeTicks } from '../../../webview/axis';

describe('axis', () => {
  it('marks whole decades of a logarithmic axis', () => {
    const { ticks } = axisOf({ min: -12.3, max: 0.2 }, true, 6);
    assert.deepEqual(
      ticks.map(({ label }) => label),
      ['10⁻¹²', '10⁻⁹', '10⁻⁶', '10⁻³', '1'],
    );
    assert.deepEqual(
      ticks.map(({ value }) => value),
      [-12, -9, -6, -3, 0],
    );
  });

  it('marks 1, 2, 5 where there is less than two decades', () => {
    const { ticks } = axisOf({ min: -1, max: 0.5 }, true);
    assert.deepEqual(
      ticks.map(({ label }) => label),
      ['0.1', '0.2', '0.5', '1', '2'],
    );
  });

  it('has names at 1, 2, …, as much of them as there is room for, with half a place at both ends', () => {
    const { min, max, ticks } = namedAxis(['logistic', 'exponential', 'square'], 600);
    assert.deepEqual([min, max, ticks.map(({ value }) => value)], [0.5, 3.5, [1, 2, 3]]);
    assert.deepEqual(
      ticks.map(({ label }) => label),
      ['logistic', 'exponential', 'square'],
    );
    assert.deepEqual(
      namedAxis(['logistic', 'exponential', 'square'], 150).ticks.map(({ label }) => label),
      ['logis…', 'expon…', 'square'],
    );
    const crowded = namedAxis(
      Array.from({ length: 100 }, (_, k) => `name ${k}`),
      600,
    ).ticks.filter(({ label }) => label !== '');
    assert.ok(crowded.length >= 10 && crowded.length <= 600 / 30, String(crowded.length));
  });

  it('reaches far beyond double precision', () => {
    const { ticks } = axisOf({ min: -4343, max: 0 }, true, 6);
    assert.deepEqual(
      ticks.map(({ label }) => label),
      ['10⁻⁴⁰⁰⁰', '10⁻³⁰⁰⁰', '10⁻²⁰⁰⁰', '10⁻¹⁰⁰⁰', '1'],
    );
    assert.ok(axisOf({ min: -4343.01, max: -4343 }, true).ticks.length > 1);
  });

  it('keeps zero as the floor of a curve that starts there', () => {
    assert.equal(axisOf({ min: 0, max: 12 }, false).min, 0);
    assert.equal(axisOf({ min: -12, max: 0 }, false).max, 0);
  });

  it('gives a constant an axis around it', () => {
    for (const value of [0, 5, -3e-9, 1e300, -1.5e-323]) {
      const { min, max, ticks } = axisOf({ min: value, max: value }, false);
      assert.ok((value === 0 ? min === 0 : min <= value) && max > value && ticks.length > 1, String(value));
    }
  });

  it('counts in whole numbers', () => {
    const labels = (max: number, log: boolean): readonly string[] =>
      wholeTicks(axisOf({ min: 0, max }, log, 6, true), log).ticks.map(({ label }) => label);
    assert.deepEqual(labels(3, false), ['0', '1', '2', '3']);
    // 1, 1.5, 2, 3, 4, 5, 6 without the half.
    assert.deepEqual(labels(Math.log10(7), true), ['1', '2', '3', '4', '5', '6']);
  });

  it('steps by 1, 2 or 5 times a power of ten', () => {
    assert.deepEqual([0.9, 1, 1.1, 2.1, 5.1, 0.03].map(niceStep), [1, 1, 2, 5, 10, 0.05]);
  });

  it('never has ticks outside, out of order, with one label twice, or dozens of them', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.boolean(), fc.integer({ min: 2, max: 8 }), fc.boolean(), (a, b, log, wanted, tight) => {
        const range = log ? { min: Math.min(a, b) / 1e6, max: Math.max(a, b) / 1e6 } : { min: Math.min(a, b), max: Math.max(a, b) };
        const { min, max, ticks } = axisOf(range, log, wanted, tight);
        assert.ok(min < max && min <= range.min && max >= range.max);
        const slack = (max - min) * 1e-6;
        ticks.forEach((tick, index) => {
          assert.ok(tick.value >= min - slack && tick.value <= max + slack);
          if (index > 0) assert.ok(tick.value > ticks[index - 1].value);
        });
        assert.equal(new Set(ticks.map(({ label }) => label)).size, ticks.length, JSON.stringify(ticks));
        assert.ok(ticks.length <= 18, String(ticks.length));
      }),
      { numRuns: 500 },
    );
  });
});
