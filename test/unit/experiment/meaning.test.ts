import assert from 'node:assert/strict';
import type { DataFacts } from '../../../src/experiment/checks/against-data-checks';
import { checkAgainstData } from '../../../src/experiment/meaning';
import { parseExperiment } from '../../../src/experiment/parse';
import { TEMPLATES } from '../../../src/experiment/templates';
import type { Diagnostic } from '../../../src/protocol/compute';
import { applyFix, diagnose, fileWith, only, repairs } from './marked';

const inline = (x: unknown, y: unknown, more: Readonly<Record<string, unknown>> = {}): unknown => ({ kind: 'inline', x, y, ...more });

describe('what a file means', () => {
  it('has nothing to say of the templates', () => {
    for (const { id, text } of TEMPLATES) assert.deepEqual(diagnose(text), [], id);
    assert.equal(new Set(TEMPLATES.map(({ id }) => id)).size, 3);
  });

  it('asks a quadratic norm to be square, symmetric, positive definite and of the size of the model', () => {
    const withMatrix = (matrix: unknown): string =>
      fileWith({
        data: inline(
          [
            [1, 2],
            [0, 1],
          ],
          [1, -1],
        ),
        optimizer: { kind: 'steepest-descent', norm: { kind: 'quadratic', matrix } },
      });
    const identity = [
      [2, 0],
      [0, 1],
    ];
    assert.deepEqual(diagnose(withMatrix(identity)), []);
    for (const [matrix, says] of [
      [[[1, 0], [0]], /square/],
      [
        [
          [1, 2],
          [0, 1],
        ],
        /symmetric/,
      ],
      [
        [
          [1, 2],
          [2, 1],
        ],
        /positive definite/,
      ],
      [[[1]], /1 rows, the model has 2 parameters/],
    ] as const) {
      const found = only(withMatrix(matrix));
      assert.equal(found.code, 'meaning.norm-matrix');
      assert.match(found.message, says);
    }
  });

  it('asks the entropy for a positive start, and offers one', () => {
    const text = fileWith({ optimizer: { kind: 'mirror-descent', potential: 'entropy' } });
    assert.equal(only(text).code, 'meaning.mirror-start');
    assert.match(repairs(text), /"constant"/);
    assert.deepEqual(diagnose(fileWith({ optimizer: { kind: 'mirror-descent', potential: 'entropy' }, init: { kind: 'constant' } })), []);
    const negative = { optimizer: { kind: 'mirror-descent', potential: 'entropy' }, init: { kind: 'uniform' } };
    assert.equal(only(fileWith(negative)).code, 'meaning.mirror-start');
  });

  it('refuses a power of a loss that has none, and removes it', () => {
    const text = fileWith({ loss: { kind: 'logistic', power: 2 } });
    assert.equal(only(text).code, 'meaning.loss-power');
    assert.ok(!repairs(text).includes('power'));
    assert.deepEqual(diagnose(fileWith({ loss: { kind: 'polynomial', power: 2 } })), []);
  });

  it('refuses a kind of momentum without momentum: removes it, or sets the momentum', () => {
    const text = fileWith({ optimizer: { kind: 'gradient-descent', momentumKind: 'nesterov' } });
    const { code, fixes } = only(text);
    assert.equal(code, 'meaning.momentum-kind');
    assert.equal(fixes?.length, 2);
    assert.ok(!repairs(text).includes('momentumKind'));
    assert.deepEqual(diagnose(fileWith({ optimizer: { kind: 'gradient-descent', momentum: 0.9, momentumKind: 'nesterov' } })), []);
  });

  it('compares the lengths of rows, and says both', () => {
    const found = only(
      fileWith({
        data: inline(
          [
            [1, 2, 3],
            [1, 2],
            [4, 5, 6],
          ],
          [1, 1, -1],
        ),
      }),
    );
    assert.equal(found.code, 'meaning.ragged-rows');
    assert.equal(found.pointer, '/data/x/1');
    assert.match(found.message, /Row 1 has 2 entries, row 0 has 3/);
  });

  it('compares x with y, and says both', () => {
    const found = only(fileWith({ data: inline([[1], [2]], [1, 1, -1]) }));
    assert.equal(found.code, 'meaning.length-mismatch');
    assert.match(found.message, /x has 2 rows, y has 3 entries/);
    assert.equal(found.covers, '"y"');
  });

  it('compares test data with training data', () => {
    const found = only(fileWith({ data: inline([[1, 2]], [1], { test: { x: [[1], [2]], y: [1, -1] } }) }));
    assert.equal(found.code, 'meaning.test-features');
    assert.match(found.message, /test inputs have 1 features, the training inputs have 2/);
    assert.equal(only(fileWith({ data: inline([[1, 2]], [1], { test: { x: [[1, 1], [2]], y: [1, 1] } }) })).code, 'meaning.ragged-rows');
    assert.equal(only(fileWith({ data: inline([[1, 2]], [1], { test: { x: [[1, 1]], y: [1, 1] } }) })).pointer, '/data/test/y');
  });

  it('turns labels 0 and 1 into −1 and 1, in training and test', () => {
    const text = fileWith({ data: inline([[1], [2], [3]], [0, 1, 0], { test: { x: [[1]], y: [1] } }) });
    assert.equal(only(text).code, 'meaning.labels');
    const { data } = JSON.parse(repairs(text)) as { data: { y: number[]; test: { y: number[] } } };
    assert.deepEqual([data.y, data.test.y], [[-1, 1, -1], [1]]);
  });

  it('offers no labels where there are more than two', () => {
    const found = only(fileWith({ data: inline([[1], [2], [3]], [1, 2, 3]) }));
    assert.match(found.message, /logistic loss needs labels −1 and 1: entry 1 of y is 2/);
    assert.deepEqual(found.fixes, []);
    assert.deepEqual(diagnose(fileWith({ loss: 'square', data: inline([[1], [2], [3]], [1, 2, 3]) })), []);
  });

  it('offers the square loss for real targets', () => {
    const text = fileWith({ data: { kind: 'sparse-regression' }, loss: { kind: 'exponential', reduction: 'sum' } });
    assert.equal(only(text).code, 'meaning.labels');
    assert.match(repairs(text), /"kind": "square",\s+"reduction": "sum"/);
  });

  it('offers the signs of a teacher, or the square loss', () => {
    const model = { kind: 'network', widths: [3] };
    const text = fileWith({ data: { kind: 'teacher', model }, loss: 'logistic' });
    const { code, fixes } = only(text);
    assert.equal(code, 'meaning.labels');
    assert.equal(fixes?.length, 2);
    repairs(text);
    assert.deepEqual(diagnose(fileWith({ data: { kind: 'teacher', model, targets: 'sign' }, loss: 'logistic' })), []);
  });

  it('refuses a teacher that would fill the memory', () => {
    const data = { kind: 'teacher', samples: 100_000, model: { kind: 'network', widths: [5000] } };
    assert.equal(only(fileWith({ loss: 'square', data })).code, 'meaning.too-large');
  });

  it('compares explicit parameters with model and data', () => {
    const data = inline([[1, 2, 3, 4]], [1]);
    const of = (model: unknown, parameters: unknown): Diagnostic => only(fileWith({ data, model, init: { kind: 'explicit', parameters } }));
    const tied = { kind: 'diagonal' };
    assert.match(
      of(tied, [
        [1, 2, 3],
        [1, 2, 3, 4],
      ]).message,
      /Block u has 3 entries, the data has 4 features/,
    );
    assert.equal(
      of(tied, [
        [1, 2, 3],
        [1, 2, 3, 4],
      ]).pointer,
      '/init/parameters/0',
    );
    assert.match(of(tied, [[1, 2, 3, 4]]).message, /1 parameter block given, the model has 2: u, v/);
    assert.match(of({ kind: 'diagonal', tied: false, depth: 3 }, [[1], [2]]).message, /the model has 3: w1, w2, w3/);
    assert.match(
      of({ kind: 'linear', bias: true }, [
        [1, 2, 3, 4],
        [1, 2],
      ]).message,
      /Block b has 2 entries, a bias is 1 number/,
    );
    assert.deepEqual(
      diagnose(fileWith({ data, model: { kind: 'linear', bias: true }, init: { kind: 'explicit', parameters: [[1, 2, 3, 4], [1]] } })),
      [],
    );
  });

  it('warns of a diagonal network that starts where it stays', () => {
    for (const init of [
      { kind: 'zero' },
      { kind: 'constant', scale: 0 },
      { kind: 'gaussian', scale: 0 },
      { kind: 'explicit', parameters: [[0], [0]] },
    ]) {
      const text = fileWith({ data: inline([[1]], [1]), model: { kind: 'diagonal' }, init });
      const found = only(text);
      assert.equal(found.code, 'meaning.init-never-moves');
      assert.equal(found.severity, 'warning');
      repairs(text);
    }
    assert.deepEqual(diagnose(fileWith({ init: { kind: 'zero' } })), [], 'a linear model moves from zero');
  });

  it('tells that equal layers keep one sign', () => {
    const found = only(fileWith({ model: { kind: 'diagonal', tied: false }, init: { kind: 'constant' } }));
    assert.deepEqual([found.code, found.severity], ['meaning.init-one-sign', 'information']);
  });

  it('refuses several classes for a model of one output', () => {
    const data = {
      kind: 'inline',
      x: [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      y: [0, 1, 2],
    };
    for (const model of [
      { kind: 'diagonal' },
      { kind: 'linear-convolution' },
      { kind: 'sum', terms: [{ kind: 'linear' }, { kind: 'diagonal' }] },
    ]) {
      const [found] = diagnose(fileWith({ data, model, loss: 'cross-entropy' }));
      assert.equal(found.code, 'meaning.outputs');
      assert.match(found.message, /one output a class/);
    }
    assert.deepEqual(diagnose(fileWith({ data, model: { kind: 'linear-network' }, loss: 'cross-entropy' })), []);
  });

  it('compares the batch with the data, mirror images counted', () => {
    const text = fileWith({ data: { kind: 'separable', samples: 10 }, optimizer: { kind: 'sgd', batchSize: 20 } });
    assert.match(only(text).message, /batch of 20 is larger than the data: it has 10 samples/);
    assert.match(repairs(text), /"batchSize": 10/);
    assert.deepEqual(diagnose(text.replace('"samples": 10', '"samples": 10, "symmetric": true')), []);
  });

  it('asks an order of batches to name each of them once, and lists them', () => {
    const text = (order: readonly number[]): string =>
      fileWith({ data: inline([[1], [2], [3]], [1, 1, -1]), optimizer: { kind: 'sgd', batchSize: 2, sampling: { order } } });
    for (const order of [[0], [0, 0], [0, 2], [0, 1, 1]]) {
      const found = only(text(order));
      assert.equal(found.code, 'meaning.batch-order');
      assert.match(found.message, /3 samples in batches of 2 are 2 batches: expected each of 0 … 1 once/);
    }
    assert.match(repairs(text([1, 1])), /"order":\s*\[\s*0,\s*1\s*\]/);
    assert.deepEqual(diagnose(text([1, 0])), []);
  });

  it('refuses noise on labels that are classes, and weight decay in normalised steps', () => {
    const noise = fileWith({ optimizer: { kind: 'sgd', labelNoise: 1 } });
    assert.equal(only(noise).code, 'meaning.label-noise');
    assert.doesNotMatch(repairs(noise), /labelNoise/);
    assert.deepEqual(diagnose(fileWith({ loss: 'square', optimizer: { kind: 'sgd', labelNoise: 1 } })), []);
    const decay = fileWith({ optimizer: { kind: 'gradient-descent', normalize: 'loss', weightDecay: 0.1 } });
    assert.equal(only(decay).code, 'meaning.weight-decay');
    assert.doesNotMatch(repairs(decay), /normalize/);
  });

  it('refuses what would fill the memory', () => {
    const found = only(fileWith({ data: { kind: 'separable', samples: 100_000, features: 101 } }));
    assert.equal(found.code, 'meaning.too-large');
    assert.match(
      found.message,
      /100\u202f000 samples × 101 features are 10\u202f100\u202f000 numbers: expected at most 10\u202f000\u202f000/,
    );
    assert.deepEqual(diagnose(fileWith({ data: { kind: 'separable', samples: 100_000, features: 100 } })), []);
    assert.equal(only(fileWith({ data: { kind: 'separable', samples: 60_000, features: 2, symmetric: true } })).code, 'meaning.too-large');
  });

  it('refuses numbers whose squares overflow', () => {
    const found = only(fileWith({ data: inline([[1, -1e101]], [1]) }));
    assert.deepEqual([found.code, found.pointer, found.covers], ['meaning.magnitude', '/data/x/0/1', '-1e+101']);
  });

  it('compares sparsity with features, also where it is the default', () => {
    const text = fileWith({ loss: 'square', data: { kind: 'sparse-regression', features: 2 } });
    assert.match(only(text).message, /3 non-zero coefficients \(the default\) do not fit into 2 features/);
    assert.match(repairs(text), /"sparsity": 2/);
    repairs(fileWith({ loss: 'square', data: { kind: 'sparse-regression', features: 2, sparsity: 5 } }));
  });

  it('refuses csv paths that can mean nothing here', () => {
    const csv = (path: string): string => fileWith({ data: { kind: 'csv', path, target: 'y' } });
    for (const path of [
      '/etc/passwd',
      'C:\\data.csv',
      '\\\\server\\data.csv',
      'https://example.org/data.csv',
      'a\u0000b.csv',
      'file:///a.csv',
    ]) {
      assert.deepEqual([only(csv(path)).code, only(csv(path)).severity], ['meaning.csv-path', 'error'], path);
    }
    assert.match(repairs(csv('sub\\data.csv')), /"sub\/data.csv"/);
    for (const path of ['data.csv', '../data.csv', 'sub/data.csv', 'c.csv']) assert.deepEqual(diagnose(csv(path)), [], path);
  });

  it('sees a target among the features and two constants', () => {
    assert.equal(only(fileWith({ data: { kind: 'csv', path: 'a.csv', target: 'y', features: ['x', 'y'] } })).pointer, '/data/features/1');
    const text = fileWith({ data: { kind: 'csv', path: 'a.csv', target: 'y', bias: true }, model: { kind: 'linear', bias: true } });
    assert.equal(only(text).code, 'meaning.two-biases');
    repairs(text);
  });

  it('checks the numbers that labels are mapped to', () => {
    const found = only(fileWith({ data: { kind: 'csv', path: 'a.csv', target: 'y', labels: { 'a/b': 0, no: -1 } } }));
    assert.deepEqual([found.code, found.covers], ['meaning.labels', '0']);
    assert.match(found.message, /"a\/b" is mapped to 0/);
  });

  it('names the nearest measure', () => {
    const text = fileWith({ record: { measures: ['loss', 'l1norm'] } });
    assert.deepEqual([only(text).code, only(text).pointer], ['meaning.unknown-measure', '/record/measures/1']);
    assert.match(repairs(text), /"l1Norm"/);
    assert.equal(only(fileWith({ record: { measures: ['loss', 'loss'] } })).code, 'meaning.repeated-measure');
    assert.equal(only(fileWith({ record: { measures: ['testLoss'] } })).code, 'meaning.no-test-samples');
  });
});

describe('a file against its data', () => {
  const against = (text: string, facts: Partial<DataFacts>): readonly Diagnostic[] => {
    const { experiment, document } = parseExperiment(text);
    assert.ok(experiment);
    return checkAgainstData(experiment, document, {
      samples: 4,
      features: 2,
      outputs: 1,
      targets: Float64Array.of(1, -1, 1, -1),
      lambdaMax: null,
      ...facts,
    });
  };
  const descent = (more: Readonly<Record<string, unknown>>, loss = 'square'): string =>
    fileWith({ loss, optimizer: { kind: 'gradient-descent', ...more } });

  it('compares the step size with 2/λ_max and offers 1/λ_max', () => {
    const text = descent({ stepSize: 3.1 });
    const [found, ...others] = against(text, { lambdaMax: 2 / 0.84 });
    assert.deepEqual(others, []);
    assert.equal(found.message, 'Step size 3.1 is beyond 2/λ_max = 0.84: gradient descent diverges.');
    assert.equal(found.severity, 'warning');
    assert.match(applyFix(text, found.fixes[0]), /"stepSize": 0.42\b/);
    assert.deepEqual(against(descent({ stepSize: 0.83 }), { lambdaMax: 2 / 0.84 }), []);
  });

  it('rounds the offered step size down to two digits', () => {
    // 1/λ_max = 0.0012999…: 0.0013 would be beyond it.
    const text = descent({ stepSize: 1 });
    const [found] = against(text, { lambdaMax: 1 / 0.00129999 });
    assert.match(applyFix(text, found.fixes[0]), /"stepSize": 0.0012\b/);
  });

  it('knows that momentum widens the bound to 2(1 + β)/λ_max', () => {
    assert.deepEqual(against(descent({ stepSize: 3.7, momentum: 0.9 }), { lambdaMax: 1 }), []);
    assert.match(against(descent({ stepSize: 3.9, momentum: 0.9 }), { lambdaMax: 1 })[0].message, /beyond 2\(1 \+ β\)\/λ_max = 3.8/);
  });

  it('informs only, where the bound is not sharp, and is silent where there is none', () => {
    assert.equal(against(descent({ stepSize: 3 }, 'logistic'), { lambdaMax: 1 })[0].severity, 'information');
    assert.deepEqual(against(descent({ stepSize: 3, normalize: 'loss' }, 'logistic'), { lambdaMax: 1 }), []);
    assert.deepEqual(against(descent({ stepSize: 3 }, 'exponential'), { lambdaMax: 1 }), []);
    assert.deepEqual(against(descent({ stepSize: 3 }), { lambdaMax: null }), []);
    assert.deepEqual(against(descent({}), { lambdaMax: 1 }), []);
  });

  describe('of models with curvature that moves', () => {
    const layered = (more: Readonly<Record<string, unknown>>, model: unknown = { kind: 'linear-network', widths: [3] }): string =>
      fileWith({ model, loss: 'square', optimizer: { kind: 'gradient-descent', ...more } });

    it('warns of a step for which no fit is stable, first of all', () => {
      const facts = { lambdaMax: 4, leastSharpness: 3, sharpnessAtStart: 100 };
      const text = layered({ stepSize: 0.7 });
      const [found, ...others] = against(text, facts);
      assert.deepEqual(others, []);
      assert.equal(found.severity, 'warning');
      assert.match(found.message, /^Step size 0.7 is beyond 2\/S = 0.667: the least sharpness of any fit is S = 3, so none is stable/);
      assert.match(applyFix(text, found.fixes[0]), /"stepSize": 0.01\b/);
      assert.deepEqual(against(layered({ stepSize: 0.66 }), { ...facts, sharpnessAtStart: null }), []);
      // Heavy ball bears 2(1 + β)/S.
      assert.deepEqual(against(layered({ stepSize: 0.9, momentum: 0.5 }), facts), []);
      assert.match(against(layered({ stepSize: 1.1, momentum: 0.5 }), facts)[0].message, /2\(1 \+ β\)\/S = 1:/);
    });

    it('tells the catapult zone between 2 and 4 over the sharpness at the start from what is beyond', () => {
      const facts = { lambdaMax: 2, sharpnessAtStart: 2 };
      const says = (stepSize: number, model?: unknown): readonly Diagnostic[] => against(layered({ stepSize }, model), facts);
      assert.deepEqual(says(0.99), []);
      assert.equal(says(1.01)[0].severity, 'information');
      assert.match(says(1.01)[0].message, /beyond 2\/λ_max = 1 at the start, in the catapult zone/);
      assert.match(says(1.99)[0].message, /catapult zone/);
      assert.equal(says(2.01)[0].severity, 'warning');
      assert.match(says(2.01)[0].message, /beyond 4\/λ_max = 2 at the start: descent diverges in the model of Lewkowycz et al. 2020/);
      const other = says(2.01, { kind: 'network', widths: [3], activation: 'relu' })[0];
      assert.equal(other.severity, 'information');
      assert.match(other.message, /other models may bear more/);
    });

    it('says nothing of the start with momentum, stochastic steps or without a step', () => {
      const facts = { lambdaMax: 2, sharpnessAtStart: 2 };
      assert.deepEqual(against(layered({ stepSize: 3, momentum: 0.1 }), facts), []);
      assert.deepEqual(against(layered({ kind: 'sgd', stepSize: 3 }), facts), []);
      assert.deepEqual(against(layered({}), facts), []);
    });
  });

  it('checks what a csv file turns out to hold', () => {
    const csv = (changes: Readonly<Record<string, unknown>>): string =>
      fileWith({ data: { kind: 'csv', path: 'a.csv', target: 'y' }, ...changes });
    assert.match(
      against(csv({}), { targets: Float64Array.of(0, 1) })[0].message,
      /target column holds 0. Map them by "labels": \{ "0": -1, "1": 1 \}/,
    );
    assert.equal(against(csv({ optimizer: { kind: 'sgd', batchSize: 5 } }), {})[0].code, 'meaning.batch-size');
    const order = { kind: 'sgd', batchSize: 1, sampling: { order: [0, 0, 1] } };
    assert.equal(against(csv({ optimizer: order }), {})[0].code, 'meaning.batch-order');
    assert.match(
      against(csv({ init: { kind: 'explicit', parameters: [[1, 2, 3]] } }), {})[0].message,
      /Block w has 3 entries, the data has 2 features/,
    );
    assert.deepEqual(against(csv({}), {}), []);
  });
});
