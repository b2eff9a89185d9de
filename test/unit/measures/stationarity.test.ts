import assert from 'node:assert/strict';
import { coordinateGroups, groupStationarity } from '../../../src/measures/group-stationarity';
import { schattenStationarity } from '../../../src/measures/schatten-stationarity';

describe('first-order stationarity of a predictor', () => {
  it('z = (1, 2), β = (1, 0), p = 1: stationary with Zᵀλ = (1, 2), so not optimal', () => {
    const found = groupStationarity(Float64Array.of(1, 2), 1, Float64Array.of(5, 0), coordinateGroups(2), 1);
    assert.ok(found !== null && found.residual < 1e-15);
    assert.ok(Math.abs(found.multipliers[0] - 1) < 1e-15 && Math.abs(found.dualNorm - 2) < 1e-15);
    assert.equal(found.objective, 1);
  });

  it('a complex frequency is one group: any phase that the sample has is stationary', () => {
    const z = Float64Array.of(3, 4);
    const groups = [{ indices: [0, 1], weight: Math.SQRT2 }];
    assert.ok((groupStationarity(z, 1, Float64Array.of(0.6, 0.8), groups, 1)?.residual ?? 1) < 1e-15);
    // Off by an angle of 0.1: the residual is about that.
    const off = groupStationarity(z, 1, Float64Array.of(Math.cos(1), Math.sin(1)), groups, 1)?.residual ?? 0;
    assert.ok(Math.abs(off - Math.sin(1 - Math.atan2(4, 3))) < 1e-12, String(off));
  });

  it('nothing is said where a margin is not positive', () => {
    assert.equal(groupStationarity(Float64Array.of(1, -1), 2, Float64Array.of(1), coordinateGroups(1), 1), null);
  });

  it('W = I − 11ᵀ/3 for three unit vectors with a class each: optimal for the nuclear norm, ‖Σ λA‖ = 1', () => {
    const rows: number[] = [];
    for (let i = 0; i < 3; i++) {
      for (let k = 0; k < 3; k++) {
        if (k === i) continue;
        const a = new Array<number>(9).fill(0);
        a[i * 3 + i] = 1;
        a[k * 3 + i] = -1;
        rows.push(...a);
      }
    }
    const w = Float64Array.from({ length: 9 }, (_, c) => (c % 4 === 0 ? 2 / 3 : -1 / 3));
    const found = schattenStationarity(Float64Array.from(rows), 6, w, 3, 3, 1);
    assert.ok(found !== null && found.residual < 1e-14);
    assert.ok(Math.abs(found.dualNorm - 1) < 1e-13 && Math.abs(found.objective - 2) < 1e-14);
    assert.equal(found.zeros, 1);
    // One entry off: no longer.
    const off = schattenStationarity(
      Float64Array.from(rows),
      6,
      w.map((value, c) => value + (c === 1 ? 0.05 : 0)),
      3,
      3,
      1,
    );
    assert.ok(off !== null && off.residual > 1e-3);
  });
});
