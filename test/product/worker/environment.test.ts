import assert from 'node:assert/strict';
import { version } from '../../../package.json';
import { nodeEnvironment } from '../../../src/worker/environment';

describe('the world as Node gives it to a study', () => {
  const cancel = new SharedArrayBuffer(4);
  const environment = nodeEnvironment({ text: '', path: null, root: null }, cancel);

  it('hashes text as UTF-8', async () => {
    // FIPS 180-2, appendix B.1; and of "ℓ₂" by sha256sum.
    assert.equal(await environment.sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    assert.equal(await environment.sha256('ℓ₂'), '56a77bc14c1a9733ad717735bc23f7420c9d323a16ff39b23a020e97dd909a60');
  });

  it('hears of a cancellation through shared memory', () => {
    assert.equal(environment.cancelled(), false);
    Atomics.store(new Int32Array(cancel), 0, 1);
    assert.equal(environment.cancelled(), true);
  });

  it('has a clock that does not go back, in milliseconds', async () => {
    const before = environment.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const passed = environment.now() - before;
    // A timer may fire a millisecond early, and as late as the machine is busy.
    assert.ok(passed >= 18 && passed < 5000, `${passed}`);
  });

  it('loads the linear program solver once', async () => {
    assert.equal(await environment.linearPrograms(), await environment.linearPrograms());
  });

  it('knows the version of the product', () => {
    assert.equal(environment.version, version);
  });
});
