/** Exported scripts as text; what they compute is held against the lab by `npm run test:pytorch`. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ExportError } from '../../../src/export/export-error';
import { pythonScript } from '../../../src/export/python-script';
import { pythonList, pythonNumber, pythonProse, pythonText } from '../../../src/export/python-values';
import { trajectoryCsv } from '../../../src/export/trajectory-csv';
import { pythonFile } from '../../../src/extension/python-file';
import type { ResolvedRun } from '../../../src/protocol/compute';
import type { ExperimentInput } from '../../../src/experiment/schema';
import { resolveRun } from '../../../src/study/resolve-run';
import { nodeEnvironment } from '../../../src/worker/environment';

async function resolved(experiment: ExperimentInput): Promise<ResolvedRun> {
  const source = { text: JSON.stringify(experiment), path: null, root: null };
  const answer = await resolveRun(source, nodeEnvironment(source, new SharedArrayBuffer(4)));
  assert.ok(!('diagnostics' in answer), JSON.stringify(answer));
  return answer;
}

const SGD: ExperimentInput = {
  title: 'A "quoted" title',
  notes: ['ends """ here \\'],
  seed: 3,
  data: {
    kind: 'inline',
    x: [
      [1, 2],
      [0, 1],
    ],
    y: [1, 2],
  },
  model: { kind: 'linear' },
  loss: 'square',
  optimizer: { kind: 'sgd', stepSize: 0.1 },
};

describe('values in Python', () => {
  it('keep all digits of a number', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => Object.is(Number(pythonNumber(value)), value)));
    assert.equal(pythonNumber(Infinity), 'float("inf")');
    assert.equal(pythonNumber(-0), '-0.0');
  });

  it('are lists in lines of bounded length with every number', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
        const text = pythonList(values);
        assert.deepEqual(
          JSON.parse(text),
          values.map((value) => (Object.is(value, -0) ? -0 : value)),
        );
        assert.ok(text.split('\n').every((line) => line.length < 140));
      }),
    );
  });

  it('let no text end its string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.match(pythonText(text), /^"([^"\\\n]|\\.)*"$/u);
        assert.doesNotMatch(pythonProse(text), /"""/);
        // A backslash before the end would take the quotes in.
        assert.equal((/\\*$/.exec(pythonProse(text))?.[0].length ?? 0) % 2, 0);
      }),
      { numRuns: 30 },
    );
    assert.equal(pythonProse('a """ b'), "a ''' b");
  });
});

describe('a script', () => {
  it('holds data, start, batches and reference', async () => {
    const script = pythonScript(await resolved(SGD), 'x.py');
    assert.match(script, /X = torch\.tensor\(\n {4}\[1, 2, 0, 1\], dtype=torch\.float64\n\)\.reshape\(2, 2\)/);
    assert.match(script, /REFERENCE = torch\.tensor\(\n {4}\[-?\d/);
    // The state of the stream "batches" of seed 3, four words.
    assert.match(script, /STATE = \[-?\d+,-?\d+,-?\d+,-?\d+\]/);
    assert.match(script, /description="A \\"quoted\\" title"/);
  });

  it('says what the lab alone measures', async () => {
    const script = pythonScript(await resolved({ ...SGD, record: { measures: ['loss', 'angle'] } }), 'x.py');
    assert.match(script, /Measured by the lab alone: angle\./);
  });

  it('trains only what is trained', async () => {
    const script = pythonScript(
      await resolved({ ...SGD, model: { kind: 'network', widths: [2], trainable: 'first' }, init: { kind: 'constant', scale: 1 } }),
      'x.py',
    );
    assert.match(script, /TRAINED = \[True, False\]/);
  });

  it('is refused where it would be no file to read', async () => {
    const run = await resolved(SGD);
    const many = { ...run, blocks: [{ ...run.blocks[0], values: new Array<number>(2_000_001).fill(0) }] };
    assert.throws(() => pythonScript(many, 'x.py'), ExportError);
  });
});

describe('curves as CSV', () => {
  it('have a column a measure and all digits', () => {
    assert.equal(
      trajectoryCsv({ trajectory: { step: [0, 1], 'a,"b"': [0.1, Number.NaN], loss: [Infinity, -Infinity] } }),
      'step,"a,""b""",loss\n0,0.1,Infinity\n1,NaN,-Infinity\n',
    );
  });
});

describe('a Python file for the editor', () => {
  it('is the script, or says why there can be none', async () => {
    const run = await resolved(SGD);
    assert.deepEqual(pythonFile(run, 'a.py'), { type: 'script', text: pythonScript(run, 'a.py') });
    const blocks = [{ ...run.blocks[0], values: new Array<number>(2_000_001).fill(0) }];
    const refused = pythonFile({ ...run, blocks }, 'a.py');
    assert.ok(refused.type === 'refused');
    assert.match(refused.because, /^the script would hold 20000\d\d numbers, at most 2000000 are written$/);
  });
});
