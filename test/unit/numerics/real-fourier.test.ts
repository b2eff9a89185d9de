import assert from 'node:assert/strict';
import { amplitudes, realFourier } from '../../../src/numerics/real-fourier';
import { randomStream } from '../../../src/numerics/random';

describe('unitary Fourier transform in real coordinates', () => {
  for (const size of [1, 2, 3, 4, 7, 12, 31]) {
    it(`length ${size}: orthonormal, and the amplitudes of the definition`, () => {
      const fourier = realFourier(size);
      const random = randomStream(size, 'signal');
      const beta = Float64Array.from({ length: size }, () => random.gaussian());
      const coordinates = new Float64Array(size);
      for (let r = 0; r < size; r++) {
        for (let k = 0; k < size; k++) coordinates[r] += fourier.basis[r * size + k] * beta[k];
        for (let s = 0; s <= r; s++) {
          let product = 0;
          for (let k = 0; k < size; k++) product += fourier.basis[r * size + k] * fourier.basis[s * size + k];
          assert.ok(Math.abs(product - (r === s ? 1 : 0)) < 1e-14 * size);
        }
      }
      const found = amplitudes(fourier, coordinates);
      for (let d = 0; d < size; d++) {
        let re = 0;
        let im = 0;
        for (let k = 0; k < size; k++) {
          re += (beta[k] * Math.cos((2 * Math.PI * d * k) / size)) / Math.sqrt(size);
          im -= (beta[k] * Math.sin((2 * Math.PI * d * k) / size)) / Math.sqrt(size);
        }
        assert.ok(Math.abs(found[d] - Math.hypot(re, im)) < 1e-12, `d = ${d}`);
      }
    });
  }
});
