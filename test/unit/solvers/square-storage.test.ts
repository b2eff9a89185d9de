import assert from 'node:assert/strict';
import { maxMarginP } from '../../../src/solvers/norm-margin';
import { polynomialTail } from '../../../src/solvers/polynomial-tail';
import { SolverError } from '../../../src/solvers/reference-problem';
import { squareStorage } from '../../../src/solvers/square-storage';

const tooLarge = (error: unknown): boolean => error instanceof SolverError && error.reason === 'too-large' && /GB/.test(error.message);

describe('room for Hessians', () => {
  it('is zeros of the size that is asked for', () => {
    const found = squareStorage('problem', 3);
    assert.equal(found.length, 9);
    assert.ok(found.every((value) => value === 0));
  });

  it('says what it would take instead of taking it', () => {
    // 20 000² numbers of 8 bytes: 3.2 GB.
    assert.throws(() => squareStorage('problem', 20_000), /20000 × 20000 numbers needs 3\.20 GB/);
    const z = new Float64Array(20_000).fill(1);
    assert.throws(() => maxMarginP(z, 1, 20_000, 3, z), tooLarge);
    assert.throws(() => polynomialTail(z, 1, 20_000, 1, z), tooLarge);
  });
});
