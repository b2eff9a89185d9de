import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ComputeError } from '../../../src/worker/compute-error';
import { encodeReport } from '../../../src/protocol/report-json';
import { version } from '../../../package.json';
import { ROOT } from '../../lanes/repository';
import { analysis, call, diagnostic, prediction, report, type Answers, type Ended } from './terminal-double';

/** One line, in words, with what it is about: never a stack. */
function assertOneLine(text: string, about: RegExp): void {
  assert.match(text, about);
  assert.equal(text.trimEnd().split('\n').length, 1, text);
  assert.doesNotMatch(text, /^\s+at /m);
}

describe('command line', () => {
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'bias-lab-cli-'));
    for (const name of ['a', 'b', 'c']) writeFileSync(path.join(cwd, `${name}.bias.json`), `{"title":"${name}"}`);
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const agrees: Answers = { run: () => ({ type: 'report', report: report() }) };
  const invoke = (argv: string, options: Parameters<typeof call>[1] = {}): Promise<Ended> => call(argv.split(' '), { cwd, ...options });

  describe('call', () => {
    it('shows help with examples for itself and each command', async () => {
      for (const argv of ['--help', 'help run', 'run --help', 'predict --help', 'check -h', 'data --help']) {
        const { status, out, err } = await invoke(argv);
        assert.equal(status, 0, argv);
        assert.match(out, /Examples:\n {2}\$ bias-lab /, argv);
        assert.equal(err, '');
      }
    });

    it('shows help that fits a terminal of 80 columns, with examples that exist', async () => {
      for (const argv of ['--help', ...['run', 'sweep', 'predict', 'check', 'data', 'export'].map((command) => `help ${command}`)]) {
        const { out } = await invoke(argv);
        const lines = out.split('\n');
        // Calls to be copied stay on one line.
        const wide = lines.filter((line) => line.length > 80 && !line.startsWith('  $ '));
        assert.deepEqual(wide, [], argv);
        for (const [file] of out.matchAll(/examples\/[\w.-]+/g)) assert.ok(existsSync(path.join(ROOT, file)), file);
      }
    });

    it('says its version', async () => {
      assert.deepEqual(await invoke('--version'), { status: 0, out: `${version}\n`, err: '' });
    });

    it('exits 2 with one line when the call is wrong', async () => {
      for (const [argv, about] of [
        ['train a.bias.json', /unknown command 'train'/],
        ['run a.bias.json --jsn x', /unknown option '--jsn'.*--json/],
        ['run', /missing required argument 'FILE'/],
        ['run a.bias.json --json', /argument missing/],
        ['predict a.bias.json b.bias.json', /too many arguments/],
        ['data', /missing required argument/],
      ] as const) {
        const { status, out, err } = await invoke(argv);
        assert.equal(status, 2, argv);
        assert.equal(out, '');
        assertOneLine(err, about);
      }
    });

    it('exits 2 and shows help when nothing is asked for', async () => {
      const { status, out, err } = await call([], { cwd });
      assert.equal(status, 2);
      assert.equal(out, '');
      assert.match(err, /Usage: bias-lab/);
    });

    it('exits 2 with one line when a file cannot be read, for every command', async () => {
      mkdirSync(path.join(cwd, 'folder'));
      execFileSync('mkfifo', [path.join(cwd, 'pipe')]);
      symlinkSync('circle', path.join(cwd, 'circle'));
      writeFileSync(path.join(cwd, 'latin1'), Buffer.from('{\n "title": "caf\u00e9"}', 'latin1'));
      for (const command of ['run', 'predict', 'data', 'check', 'sweep']) {
        for (const [file, about] of [
          ['missing.bias.json', /"missing\.bias\.json".*no such file/],
          ['folder', /"folder".*folder/],
          ['pipe', /"pipe".*not a regular file/],
          ['/dev/zero', /"\/dev\/zero".*not a regular file/],
          ['circle', /"circle".*circle/],
          ['latin1', /^latin1:2:15: error file\.encoding .*UTF-8/],
          ['-', /"-".*standard input/],
        ] as const) {
          const { status, out, err } = await invoke(`${command} ${file}`);
          assert.equal(status, 2, `${command} ${file}`);
          // A finding is what a check writes.
          const found = command === 'check' && file === 'latin1';
          assertOneLine(found ? out : err, about);
          assert.equal(found ? err : out, found ? '1 file: 1 error\n' : '');
        }
      }
    });

    it('confines a file to the working folder it lies in, else to its own', async () => {
      const roots: (string | null)[] = [];
      const answers: Answers = { check: ({ root }) => (roots.push(root), []) };
      mkdirSync(path.join(cwd, 'inner'));
      await invoke('check a.bias.json', { answers });
      await invoke('check ../a.bias.json', { answers, cwd: path.join(cwd, 'inner') });
      assert.deepEqual(roots, [cwd, null]);
    });

    it('calls a bug a bug in one line, and shows its stack to those who ask', async () => {
      const answers: Answers = {
        run: () => Promise.reject(new ComputeError({ reason: 'bug', message: 'x is not a function', stack: 'Error\n    at worker.js:1' })),
      };
      const plain = await invoke('run a.bias.json', { answers });
      assert.equal(plain.status, 3);
      assertOneLine(plain.err, /^a\.bias\.json: internal error: x is not a function \(.*BIAS_LAB_DEBUG=1/);
      assert.match((await invoke('run a.bias.json', { answers, env: { BIAS_LAB_DEBUG: '1' } })).err, /\n {4}at worker\.js:1\n/);
    });

    it('names the measures that have no value at the end apart from those that have', async () => {
      const run = (measures: Readonly<Record<string, number>>): Answers => ({
        run: () => ({ type: 'report', report: report({ measures }) }),
      });
      const some = await invoke('run a.bias.json', { answers: run({ loss: 0.5, kktResidual: Number.NaN, margin: Number.NaN }) });
      assert.match(
        some.err.replaceAll('\u00a0', ' '),
        /measures +Loss 0\.5\n +without a value at the end: KKT residual · Normalized margin\n/,
      );
      const none = await invoke('run a.bias.json', { answers: run({ loss: Number.NaN }) });
      assert.match(none.err.replaceAll('\u00a0', ' '), /measures +without a value at the end: Loss\n/);
      assert.doesNotMatch(some.err + none.err, /NaN/);
    });

    it('shows no control character that a file or a name holds', async () => {
      const answers: Answers = {
        run: () => ({
          type: 'report',
          report: report({ title: 'evil\u001b[2J\u0007', verdict: { ...report().verdict, says: 'so\u001b]0;x' } }),
        }),
        check: () => [diagnostic({ message: 'Unknown key "\u001b[31m".\nsecond' })],
      };
      writeFileSync(path.join(cwd, '\u001b[31m.json'), '{}');
      for (const argv of [
        ['run', 'a.bias.json'],
        ['check', 'a.bias.json'],
        ['check', '\u001b[31m.json'],
        ['run', '\u001b[2Jmissing'],
        ['\u001b[2J'],
      ]) {
        const { out, err } = await call(argv, { cwd, answers });
        // eslint-disable-next-line no-control-regex
        assert.doesNotMatch(out + err, /[\u0000-\u0009\u000b-\u001f]/, JSON.stringify(argv));
      }
    });
  });

  describe('run', () => {
    it('summarizes on standard error and says the verdict on standard output', async () => {
      const { status, out, err } = await invoke('run a.bias.json', { answers: agrees });
      assert.equal(status, 0);
      assert.equal(out, 'agrees: The trained direction is the predicted one.\n');
      for (const part of [
        /^Two points {2}a\.bias\.json$/m,
        /^data +2 samples × 3 features$/m,
        /^prediction +min ‖w‖₂ · /m,
        /✓ The data are separable: margin 0\.31/,
        /\? The loss has an exponential tail$/m,
        /✗ The step is small: 3 > 2/,
        /Soudry, .*\(2018\)/,
        /^reference +Max-margin direction: objective 0\.5, duality-gap 1\.25e-13$/m,
        /^run +converged after 0\.8 s\. The gradient vanished\.$/m,
        /Normalized.margin.0\.3125/,
        /^verdict +✓ agrees · direction-distance 3\.2e-7, tolerance 1e-4$/m,
      ]) {
        assert.match(err, part);
      }
    });

    it('says what the file expects, and whether it is so', async () => {
      const expecting = (verdict: string, asExpected: boolean): Answers => ({
        run: () => ({ type: 'report', report: report({ asExpected, experiment: { expect: { verdict, tolerance: 1 } } }) }),
      });
      const met = await invoke('run a.bias.json', { answers: expecting('agrees', true) });
      assert.match(met.err, /^expected +✓ The file expects: agrees\.$/m);
      const missed = await invoke('run a.bias.json', { answers: expecting('disagrees', false) });
      assert.match(missed.err, /^expected +✗ The file expects: disagrees\.$/m);
      assert.deepEqual([met.status, missed.status], [0, 1]);
    });

    it('keeps its lines within the width of the terminal', async () => {
      for (const columns of [50, 72, 200]) {
        const { err } = await invoke('run a.bias.json', { answers: agrees, columns });
        for (const line of err.split('\n')) assert.ok([...line].length < Math.min(columns, 101), line);
      }
    });

    it('writes the report to standard output with --json -, and nothing else', async () => {
      const { status, out } = await invoke('run a.bias.json --json -', { answers: agrees });
      assert.equal(status, 0);
      assert.deepEqual(JSON.parse(out), { ...report(), solution: { ...report().solution, logLoss: '-Infinity' } });
    });

    it('writes the report to a file, as a whole, and keeps a link that leads there', async () => {
      mkdirSync(path.join(cwd, 'out'));
      writeFileSync(path.join(cwd, 'out', 'old.json'), 'old');
      symlinkSync('out/old.json', path.join(cwd, 'link.json'));
      const { status, out } = await invoke('run a.bias.json --json link.json', { answers: agrees });
      assert.deepEqual([status, out], [0, '']);
      assert.ok(lstatSync(path.join(cwd, 'link.json')).isSymbolicLink());
      assert.equal((JSON.parse(readFileSync(path.join(cwd, 'out', 'old.json'), 'utf8')) as { format: number }).format, 1);
      assert.deepEqual(readdirSync(path.join(cwd, 'out')), ['old.json']);
    });

    it('writes to a device without replacing it', async () => {
      assert.equal((await invoke('run a.bias.json --json /dev/null', { answers: agrees })).status, 0);
      assert.ok(lstatSync('/dev/null').isCharacterDevice());
    });

    it('refuses a place that cannot be written before anything is run', async () => {
      mkdirSync(path.join(cwd, 'folder'));
      for (const [place, about] of [
        ['folder', /"folder": it is a folder/],
        ['no/such/x.json', /folder does not exist/],
        ['a.bias.json/x', /not a folder/],
      ] as const) {
        const { status, err } = await invoke(`run a.bias.json --json ${place}`);
        assert.equal(status, 2);
        assertOneLine(err, about);
      }
    });

    it('shows what is wrong with a file, and writes no report', async () => {
      const answers: Answers = { run: () => ({ type: 'invalid', diagnostics: [diagnostic()] }) };
      const { status, out, err } = await invoke('run a.bias.json --json out.json', { answers });
      assert.deepEqual([status, out], [2, '']);
      assert.equal(err, 'a.bias.json:2:3: error shape.unknown-key Unknown key "modle"; did you mean "model"?\n');
      assert.equal(existsSync(path.join(cwd, 'out.json')), false);
    });

    it('runs several files, says each verdict in their order and exits with the worst', async () => {
      const answers: Answers = {
        // The first is the last to end.
        run: async ({ text }) => {
          await new Promise((resolve) => setTimeout(resolve, text.includes('"a"') ? 30 : 1));
          if (text.includes('"b"')) return { type: 'invalid', diagnostics: [diagnostic()] };
          return {
            type: 'report',
            report: report({ title: text, verdict: { ...report().verdict, outcome: text.includes('"c"') ? 'disagrees' : 'agrees' } }),
          };
        },
      };
      const { status, out, err } = await invoke('run a.bias.json b.bias.json c.bias.json', { answers });
      assert.equal(status, 2);
      assert.deepEqual(
        out.split('\n').map((line) => line.split(': ').slice(0, 2).join(': ')),
        ['a.bias.json: agrees', 'c.bias.json: disagrees', ''],
      );
      assert.match(err, /b\.bias\.json:2:3: error/);

      const json = await invoke('run a.bias.json b.bias.json c.bias.json --json -', { answers });
      assert.deepEqual(
        (JSON.parse(json.out) as ({ title: string } | null)[]).map((one) => one?.title ?? null),
        ['{"title":"a"}', null, '{"title":"c"}'],
      );
    });

    it('runs nothing when one of several files cannot be read', async () => {
      let asked = 0;
      const { status } = await invoke('run a.bias.json missing.bias.json', {
        answers: { run: () => (asked++, { type: 'report', report: report() }) },
      });
      assert.deepEqual([status, asked], [2, 0]);
    });

    it('says that it was cancelled, exits 130 and leaves an earlier report alone', async () => {
      writeFileSync(path.join(cwd, 'old.json'), 'old');
      for (const run of [
        (): never => {
          throw new ComputeError({ reason: 'cancelled', message: 'Cancelled.' });
        },
        () => ({ type: 'report', report: report({ outcome: 'cancelled' }) }) as const,
      ]) {
        const { status, out, err } = await invoke('run a.bias.json --json old.json', { answers: { run } });
        assert.deepEqual([status, out, err], [130, '', 'a.bias.json: cancelled\n']);
      }
      assert.equal(readFileSync(path.join(cwd, 'old.json'), 'utf8'), 'old');
    });

    it('says why a worker has died', async () => {
      const answers: Answers = {
        run: () => Promise.reject(new ComputeError({ reason: 'out-of-memory', message: 'The experiment needs more memory.' })),
      };
      const { status, err } = await invoke('run a.bias.json', { answers });
      assert.deepEqual([status, err], [3, 'a.bias.json: The experiment needs more memory.\n']);
    });
  });

  describe('progress and colours', () => {
    const answers: Answers = {
      run: (_source, emit) => {
        emit({ type: 'predicted', predictions: [prediction()], subject: null });
        emit({ type: 'progress', fraction: 0.425, says: `training · ln ℒ = −812${'.'.repeat(200)}\u001b[2J` });
        emit({ type: 'progress', fraction: null, says: 'solving' });
        return { type: 'report', report: report() };
      },
    };

    it('rewrites one line on a terminal, within its width, and wipes it before the summary', async () => {
      const { out, err } = await invoke('run a.bias.json', { answers, isTTY: true, columns: 40, env: { NO_COLOR: '1' } });
      const [progress, summary] = err.split('Two points');
      const lines = progress.split('\r\u001b[2K');
      assert.deepEqual(lines.slice(0, 2), ['', 'a.bias.json  predicts min ‖w‖₂']);
      assert.match(lines[2], /42 % training · ln ℒ = −812/);
      assert.equal(lines[3], 'a.bias.json  solving');
      assert.equal(lines.at(-1), '');
      for (const line of lines) assert.ok([...line].length < 40, line);
      assert.doesNotMatch(progress, /\n/);
      assert.doesNotMatch(summary, /\u001b/); // eslint-disable-line no-control-regex
      assert.equal(out, '', 'the sentence is on the same screen already');
    });

    it('is silent where nobody reads along', async () => {
      const { err } = await invoke('run a.bias.json', { answers });
      assert.doesNotMatch(err, /[\r\u001b]|solving/); // eslint-disable-line no-control-regex
    });

    it('colours on a terminal, unless it is asked not to', async () => {
      const coloured = /\u001b\[32m✓\u001b\[39m/; // eslint-disable-line no-control-regex
      assert.match((await invoke('run a.bias.json', { answers: agrees, isTTY: true })).err, coloured);
      for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }])
        assert.doesNotMatch((await invoke('run a.bias.json', { answers: agrees, isTTY: true, env })).err, coloured);
      assert.match((await invoke('run a.bias.json', { answers: agrees, isTTY: true, env: { NO_COLOR: '' } })).err, coloured);
    });
  });

  describe('check', () => {
    it('prints one line a diagnostic and exits 2 for an error', async () => {
      const answers: Answers = {
        check: ({ text }) => (text.includes('"a"') ? [diagnostic(), diagnostic({ severity: 'warning', line: 7 })] : []),
      };
      assert.deepEqual(await invoke('check a.bias.json b.bias.json', { answers }), {
        status: 2,
        out: 'a.bias.json:2:3: error shape.unknown-key Unknown key "modle"; did you mean "model"?\na.bias.json:7:3: warning shape.unknown-key Unknown key "modle"; did you mean "model"?\n',
        err: '2 files: 1 error, 1 warning\n',
      });
    });

    it('exits 0 for warnings alone', async () => {
      assert.equal(
        (
          await invoke('check a.bias.json', {
            answers: { check: () => [diagnostic({ severity: 'warning' })] },
          })
        ).status,
        0,
      );
    });

    it('goes on after a file that cannot be read', async () => {
      const { status, err } = await invoke('check missing.bias.json a.bias.json', { answers: { check: () => [] } });
      assert.equal(status, 2);
      assert.match(err, /no such file\n$/);
    });
  });

  describe('predict', () => {
    const answers: Answers = { analyse: () => analysis({ predictions: [prediction()], dataNote: '2 samples × 3 features' }) };

    it('prints predictions with their conditions', async () => {
      const { status, out, err } = await invoke('predict a.bias.json', { answers });
      assert.deepEqual([status, err], [0, '']);
      assert.match(out, /prediction +min ‖w‖₂/);
      assert.match(out, /✗ The step is small: 3 > 2/);
    });

    it('says so when nothing is known', async () => {
      assert.match((await invoke('predict a.bias.json', { answers: { analyse: () => analysis() } })).out, /prediction +none/);
    });

    it('writes them as JSON', async () => {
      const { out } = await invoke('predict a.bias.json --json -', { answers });
      assert.deepEqual(JSON.parse(out), {
        format: 1,
        predictions: [prediction()],
        notes: { data: '2 samples × 3 features', model: null, optimizer: null },
      });
    });

    it('exits 2 when the file is wrong', async () => {
      const { status, out, err } = await invoke('predict a.bias.json --json -', {
        answers: { analyse: () => analysis({ diagnostics: [diagnostic()] }) },
      });
      assert.deepEqual([status, out], [2, '']);
      assert.match(err, /^a\.bias\.json:2:3: error/);
    });
  });

  describe('data', () => {
    it('prints JSON with all that there is', async () => {
      const data = {
        x: [
          [1, 2],
          [3, 4],
        ],
        y: [1, -1],
        featureNames: ['a', 'b'],
        truth: null,
        test: { x: [[5, 6]], y: [0.5] },
      };
      const { status, out } = await invoke('data a.bias.json', { answers: { data: () => data } });
      assert.equal(status, 0);
      assert.deepEqual(JSON.parse(out), data);
    });

    it('exits 2 when the data cannot be had', async () => {
      const { status, out, err } = await invoke('data a.bias.json', {
        answers: { data: () => ({ diagnostics: [diagnostic({ code: 'data.path.missing' })] }) },
      });
      assert.deepEqual([status, out], [2, '']);
      assert.match(err, /data\.path\.missing/);
    });
  });

  describe('export', () => {
    const done: Answers = { run: () => ({ type: 'report', report: report({ trajectory: { step: [0, 1], loss: [1, 0.5] } }) }) };

    it('writes the curves of a run', async () => {
      const { status, out } = await invoke('export a.bias.json --to csv', { answers: done });
      assert.deepEqual([status, out], [0, 'step,loss\n0,1\n1,0.5\n']);
    });

    it('writes a report as a page that holds it', async () => {
      const { status, out } = await invoke('export a.bias.json --to html', { answers: done });
      assert.equal(status, 0);
      assert.match(out, /^<!DOCTYPE html>/);
      assert.match(out, /<script nonce="[^"]+">draw\(\)<\/script>/);
      assert.match(out, /"trajectory":\{"step":\[0,1\],"loss":\[1,0\.5\]\}/);
    });

    it('has the exit status of the run', async () => {
      const answers: Answers = { run: () => ({ type: 'report', report: report({ asExpected: false }) }) };
      assert.equal((await invoke('export a.bias.json --to csv', { answers })).status, 1);
    });

    it('takes a saved report as it is', async () => {
      writeFileSync(path.join(cwd, 'r.json'), encodeReport(report({ trajectory: { loss: [1, Number.NaN] } })));
      const { status, out } = await invoke('export r.json --to csv');
      assert.deepEqual([status, out], [0, 'loss\n1\nNaN\n']);
      const script = await invoke('export r.json --to pytorch');
      assert.equal(script.status, 2);
      assert.match(script.err, /r\.json is a report: a script is made of an experiment/);
    });

    it('says what is wrong with the file or the call', async () => {
      const wrong = { diagnostics: [diagnostic()] };
      for (const [argv, about] of [
        ['export a.bias.json --to pytorch', /^a\.bias\.json:2:3: error shape\.unknown-key/],
        ['export a.bias.json --to jax', /--to "jax": expected one of pytorch, csv, html/],
        ['export a.bias.json --to csv --out missing/x.csv', /its folder does not exist/],
        ['export a.bias.json', /required option '--to <FORMAT>' not specified/],
      ] as const) {
        const { status, err } = await invoke(argv, { answers: { resolve: () => wrong } });
        assert.equal(status, 2, argv);
        assert.match(err, about);
      }
      writeFileSync(path.join(cwd, 'two.json'), `[${encodeReport(report())}, ${encodeReport(report())}]`);
      assert.match((await invoke('export two.json --to html')).err, /two\.json holds 2 reports: one at a time/);
    });
  });
});
