/** The mean of swings about a threshold, and what is allowed of it: closed forms. */
import assert from 'node:assert/strict';
import { hoveringOf } from '../../../src/theory/hovering';

/** Sawtooth of k/(period − 1), k = 0 … period − 1, from low to high. */
const sawtooth = (low: number, high: number, period: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => low + ((high - low) * (k % period)) / (period - 1));

describe('hovering', () => {
  it('a ratio that stands still is allowed nothing', () => {
    const still = hoveringOf(Array.from({ length: 32 }, () => 0.9));
    assert.ok(Math.abs(still.mean - 0.9) < 1e-12 && still.swing < 1e-12 && still.error < 1e-12 && still.allowed < 1e-11);
  });

  it('evenly spread swings whose upper end touches 1 are just within what is allowed, and those a swing further down are not', () => {
    // Evenly spread in [1 − a, 1]: mean 1 − a/2, deviation a/√12, and √3 of it is a/2. Whole periods in every block: no error of the mean.
    const touching = hoveringOf(sawtooth(0.9, 1, 1000, 8000));
    assert.ok(Math.abs(touching.mean - 0.95) < 1e-12);
    assert.ok(touching.error < 1e-12);
    assert.ok(Math.abs(touching.allowed - 0.05) < 1e-4, String(touching.allowed));
    const below = hoveringOf(sawtooth(0.8, 0.9, 1000, 8000));
    assert.ok(Math.abs(below.mean - 1) > below.allowed);
    assert.equal(below.narrow, true);
  });

  it('the error of the mean is that of blocks', () => {
    // Block means 1 … 8: deviation √6, over √8.
    const { error } = hoveringOf(Array.from({ length: 80 }, (_, k) => 1 + Math.floor(k / 10)));
    assert.ok(Math.abs(error - Math.sqrt(6 / 8)) < 1e-12);
  });

  it('wide swings say nothing', () => {
    assert.equal(hoveringOf(sawtooth(0.5, 1.5, 10, 800)).narrow, false);
  });
});
