import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundleProduct } from '../worker/bundle';
import type { Script } from '../worker/scripted-worker';

interface Process {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command line in a process of its own, over the worker that follows a script in the experiment's text. */
describe('command line as a process', function () {
  this.timeout(60_000);
  this.slow(2000);
  let product: string;
  let cwd: string;

  before(async () => {
    product = await bundleProduct('test/product/worker/scripted-worker.ts');
  });
  beforeEach(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'bias-lab-process-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  function start(
    command: string,
    script: Script,
    { signal, closeOutput = false, before = '' }: { signal?: NodeJS.Signals; closeOutput?: boolean; before?: string } = {},
  ): Promise<Process> {
    writeFileSync(path.join(cwd, 'x.bias.json'), JSON.stringify({ ...script, announce: true }));
    return new Promise((resolve, reject) => {
      const preload = before === '' ? [] : ['--require', path.join(cwd, 'before.cjs')];
      if (before !== '') writeFileSync(path.join(cwd, 'before.cjs'), before);
      const child = spawn(process.execPath, [...preload, path.join(product, 'cli.js'), ...command.split(' ')], {
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let out = '';
      let err = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      if (closeOutput) child.stdout.destroy();
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        const announced = err.includes('begun\n');
        err += text;
        if (signal === undefined || announced || !err.includes('begun\n')) return;
        child.kill(signal);
      });
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, out, err: err.replace('begun\n', '') }));
    });
  }

  it('exits with the status of the command', async () => {
    const { status, out, err } = await start('run x.bias.json', { does: 'answer', tag: 'This is wrong.' });
    assert.deepEqual([status, out, err], [2, '', 'x.bias.json:1:1: error scripted This is wrong.\n']);
    assert.equal((await start('check x.bias.json', { does: 'answer' })).status, 0);
  });

  it('passes data on whole', async () => {
    const { status, out } = await start('data x.bias.json', { does: 'answer', tag: 'f'.repeat(1_000_000) });
    assert.equal(status, 0);
    assert.equal((JSON.parse(out) as { featureNames: string[] }).featureNames[0].length, 1_000_000);
  });

  for (const [does, signal] of [
    ['work', 'SIGINT'],
    ['spin', 'SIGINT'],
    ['spin', 'SIGTERM'],
  ] as const) {
    it(`ends as cancelled on ${signal} while a worker does "${does}"`, async () => {
      const { status, out, err } = await start('predict x.bias.json', { does }, { signal });
      assert.deepEqual([status, out, err], [130, '', 'x.bias.json: cancelled\n']);
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM']) {
    it(`is cancelled by ${signal} while it still loads`, async () => {
      // The signal comes with the first module that the parser of the command line asks Node for.
      const before = `
        const Module = require('node:module');
        const load = Module._load;
        let sent = false;
        Module._load = function (request, ...rest) {
          if (!sent && request === 'node:child_process') {
            sent = true;
            process.kill(process.pid, '${signal}');
          }
          return load.call(this, request, ...rest);
        };`;
      for (const command of ['run', 'check', 'predict', 'data']) {
        const { status, out, err } = await start(`${command} x.bias.json`, { does: 'spin' }, { before });
        assert.deepEqual([status, out, err], [130, '', 'x.bias.json: cancelled\n'], command);
      }
    });
  }

  it('has nothing to say when the reader of its output has gone', async () => {
    const { status, err } = await start(
      'data x.bias.json',
      { does: 'answer', tag: 'f'.repeat(1_000_000), milliseconds: 50 },
      { closeOutput: true },
    );
    assert.deepEqual([status, err], [0, '']);
  });

  it('says that its output could not be written', async function () {
    if (!existsSync('/dev/full')) return;
    writeFileSync(path.join(cwd, 'x.bias.json'), JSON.stringify({ does: 'answer', tag: 'f' }));
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [path.join(product, 'cli.js'), 'data', 'x.bias.json'], { cwd, stdio: ['ignore', full, 'pipe'] });
    let err = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    const status = await new Promise((resolve) => child.on('close', resolve));
    closeSync(full);
    assert.deepEqual([status, err], [3, 'error: cannot write to standard output: the disk is full\n']);
  });

  it('says in a line that a worker has died', async () => {
    const { status, err } = await start('run x.bias.json', { does: 'exit' });
    assert.equal(status, 3);
    assert.match(err, /^x\.bias\.json: The compute worker ended by itself \(exit code 7\)\.\n$/);
  });

  it('says in a line that there is a bug', async () => {
    const { status, err } = await start('run x.bias.json', { does: 'throw' });
    assert.equal(status, 3);
    assert.match(err, /^x\.bias\.json: internal error: the script says so \(a bug in the lab; BIAS_LAB_DEBUG=1 shows where\)\n$/);
  });
});
