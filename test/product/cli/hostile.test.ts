import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ComputePool } from '../../../src/worker/pool';
import { hostileFiles, type HostileFile } from '../hostile/corpus';
import { bundleProduct } from '../worker/bundle';
import { call, type Ended } from './terminal-double';

/**
 * Promised for any file, however hostile: an answer within 2 s. Computing time in milliseconds, of all threads of the process,
 * so that the test does not depend on what else the machine is doing; one that waits for something is ended after HANGING.
 */
const PROMPT = 2000;
const HANGING = 10_000;
/** Spread over the corpus; each costs a process. */
const SPAWNED = 20;

const COMMANDS = ['check', 'run'] as const;
type Command = (typeof COMMANDS)[number];
type Called = Ended & { readonly computed: number };

describe('hostile files on the command line', function () {
  this.timeout(120_000);
  this.slow(60_000);
  const files = hostileFiles();
  let base: string;
  let product: string;
  let compute: ComputePool;

  before(async () => {
    product = await bundleProduct();
    compute = new ComputePool({ workerPath: path.join(product, 'worker.js'), size: 1 });
    base = mkdtempSync(path.join(tmpdir(), 'bias-lab-hostile-'));
  });
  after(async () => {
    await compute.dispose();
    rmSync(base, { recursive: true, force: true });
  });

  /** A folder with the file as x.bias.json and what comes with it, for as long as it is used. */
  async function inFolder<T>({ text, files: extra = [] }: HostileFile, use: (folder: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(path.join(base, 'case-'));
    try {
      for (const file of extra) {
        const place = path.join(folder, file.path);
        mkdirSync(path.dirname(place), { recursive: true });
        if ('content' in file) writeFileSync(place, file.content);
        else if ('link' in file) symlinkSync(file.link, place);
        else mkdirSync(place);
      }
      writeFileSync(path.join(folder, 'x.bias.json'), text);
      return await use(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** What is wrong with how the command line treated a file; null when nothing is. */
  function complaint({ refused }: HostileFile, command: Command, { status, out, err, computed }: Called): string | null {
    const said = `${out}${err}`;
    const excerpt = said.slice(0, 300);
    const expected = refused !== 'run' ? 2 : command === 'run' ? 3 : 0;
    if (computed > PROMPT) return `took ${Math.round(computed)} ms`;
    if (/^\s+at .*:\d+:\d+\)?$/m.test(said) || /internal error/.test(said)) return `shows a bug: ${excerpt}`;
    if (status !== expected) return `exits ${status} instead of ${expected}: ${excerpt}`;
    if (status === 2 && !/^x\.bias\.json:[1-9]\d*:[1-9]\d*: error [a-z.-]+ \S/m.test(said)) return `names no place: ${excerpt}`;
    if (status === 3 && !said.includes('x.bias.json')) return `does not say which file: ${excerpt}`;
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(said)) return `shows a control character: ${JSON.stringify(excerpt)}`;
    if (said.length > 100_000) return `says ${said.length} characters`;
    return null;
  }

  it('are at least 300', () => {
    assert.ok(files.length >= 300, `${files.length}`);
  });

  it('are refused by "check" and "run" at once, in words, with the place', async () => {
    const complaints: string[] = [];
    for (const file of files) {
      await inFolder(file, async (cwd) => {
        const start = process.cpuUsage();
        // Both at once: each has a worker of its own. The time of the two together is held against the limit of one.
        const ended = await Promise.all(
          COMMANDS.map((command) => call([command, 'x.bias.json'], { cwd, compute, signal: AbortSignal.timeout(HANGING) })),
        );
        const { user, system } = process.cpuUsage(start);
        COMMANDS.forEach((command, k) => {
          const wrong = complaint(file, command, { ...ended[k], computed: (user + system) / 1000 });
          if (wrong !== null) complaints.push(`${command} ${file.name}: ${wrong}`);
        });
      });
    }
    assert.deepEqual(complaints, []);
  });

  it('are refused by a process of its own as well', async () => {
    const complaints: string[] = [];
    const chosen = Array.from({ length: SPAWNED }, (_, k) => files[Math.floor((k * files.length) / SPAWNED)]);
    // Two processes at a time.
    const chains = COMMANDS.map(async (command, chain) => {
      for (const file of chosen.filter((_, k) => k % COMMANDS.length === chain)) {
        const wrong = complaint(file, command, await inFolder(file, (folder) => spawned(command, folder)));
        if (wrong !== null) complaints.push(`${command} ${file.name}: ${wrong}`);
      }
    });
    await Promise.all(chains);
    assert.deepEqual(complaints, []);
  });

  function spawned(command: Command, cwd: string): Promise<Called> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [path.join(product, 'cli.js'), command, 'x.bias.json'], {
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: HANGING,
      });
      let out = '';
      let err = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      child.on('error', reject);
      child.on('close', (status) => resolve({ status: status ?? -1, out, err, computed: 0 }));
    });
  }
});
