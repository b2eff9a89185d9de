/** The runner's own decisions: which editor, and what counts as passed. */
import { strict as assert } from 'node:assert';
import { chooseEditor, type Surroundings } from '../../lanes/choose-editor';
import { settle, sum } from '../../lanes/counts';
import { isExpected } from '../../lanes/expected-noise';
import { runGroup, startGroup } from '../../lanes/group';

const CLOSED: Surroundings = {
  wanted: undefined,
  display: false,
  cached: false,
  reachable: () => Promise.reject(new Error('nothing may be asked without need')),
};

async function chosen(change: Partial<Surroundings>): Promise<string> {
  return (await chooseEditor({ ...CLOSED, ...change })).editor;
}

describe('choice of the editor', () => {
  it('takes the server without a display, and asks no one', async () => {
    assert.equal(await chosen({}), 'server');
    assert.equal(await chosen({ cached: true }), 'server');
  });

  it('takes the desktop from the cache, or when its download answers', async () => {
    assert.equal(await chosen({ display: true, cached: true }), 'desktop');
    assert.equal(await chosen({ display: true, reachable: () => Promise.resolve(true) }), 'desktop');
    assert.equal(await chosen({ display: true, reachable: () => Promise.resolve(false) }), 'server');
  });

  it('does what BIAS_LAB_EDITOR says, and refuses what it does not know', async () => {
    assert.equal(await chosen({ wanted: 'desktop' }), 'desktop');
    assert.equal(await chosen({ wanted: 'server', display: true, cached: true }), 'server');
    await assert.rejects(chosen({ wanted: 'vim' }), /vim/);
  });
});

describe('counts', () => {
  it('are taken as written when the process agrees', () => {
    assert.deepEqual(settle('{"passed":3,"failed":0}', 0), { passed: 3, failed: 0 });
    assert.deepEqual(settle('{"passed":3,"failed":2}', 2), { passed: 3, failed: 2 });
  });

  it('call it a failure when a process ran nothing, died, or failed outside its tests', () => {
    assert.deepEqual(settle(null, 0), { passed: 0, failed: 1 });
    assert.deepEqual(settle('', 139), { passed: 0, failed: 1 });
    assert.deepEqual(settle('{"passed":0,"failed":0}', 0), { passed: 0, failed: 1 });
    assert.deepEqual(settle('{"passed":3,"failed":0}', 1), { passed: 3, failed: 1 });
  });

  it('add up', () => {
    assert.deepEqual(
      sum([
        { passed: 1, failed: 0 },
        { passed: 2, failed: 3 },
      ]),
      { passed: 3, failed: 3 },
    );
  });
});

describe('complaints of the editor', () => {
  it('are noise only where the table says so', () => {
    assert.ok(isExpected('error: Failed to load resource: 404 (http://127.0.0.1:1/_static/src/browser/media/favicon.ico)'));
    assert.ok(!isExpected("error: Refused to apply inline style because it violates the Content Security Policy directive 'style-src'"));
    assert.ok(!isExpected('page error: TypeError: cannot read properties of undefined'));
  });

  it('are the own ones of the editor only where nothing else had a part in them', () => {
    const script = 'http://127.0.0.1:1/static/out/vs/code/browser/workbench/workbench.js';
    const said = (...stack: readonly string[]): string =>
      `error: %c  ERR color: #f33 Error: Throttler is disposed${stack.map((place) => `\n    at ${place}`).join('')} (${script})`;
    const inside = [`Tp.queue (${script}:36:52781)`, `async ${script}:2491:4314`];
    assert.ok(isExpected(said(...inside)));
    assert.ok(!isExpected(said()));
    assert.ok(!isExpected(said(...inside, 'activate (/extension/dist/extension.js:1:1)', ...inside)));
  });
});

describe('process groups', function () {
  this.timeout(20_000);

  it('take their children with them', async () => {
    const script = `const { spawn } = require('node:child_process');
      console.log(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }).pid);
      setInterval(() => {}, 1000);`;
    const group = startGroup(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const told = await new Promise<string>((resolve) => group.process.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    const grandchild = Number(told);
    assert.ok(grandchild > 0);
    await group.end();
    // Signal 0 only asks whether the process exists; give the kernel a moment to reap it.
    const gone = async (): Promise<boolean> => {
      for (let tries = 0; tries < 50; tries++) {
        try {
          process.kill(grandchild, 0);
        } catch {
          return true;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return false;
    };
    assert.ok(await gone(), `process ${grandchild} outlived its group`);
  });

  it('are ended at their deadline, which is a failure', async () => {
    const args = ['-e', 'setInterval(() => {}, 1000)'];
    assert.equal(await runGroup(process.execPath, args, { deadline: 300, stdio: 'ignore' }), 1);
  });

  it('pass on the exit status', async () => {
    assert.equal(await runGroup(process.execPath, ['-e', 'process.exit(7)'], { deadline: 10_000 }), 7);
  });
});
