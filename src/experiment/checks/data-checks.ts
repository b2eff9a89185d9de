/** What the data part of a file says, checked against itself and the loss. */
import { countInWords } from '../../numerics/in-words';
import { LIMITS } from '../../protocol/limits';
import type { Fix, TextChange } from '../../protocol/compute';
import { fix, type FileDocument, type Finding } from '../document';
import type { DataSpec, Experiment } from '../schema';

/** Rows reported of one list: the hundredth says nothing that the tenth does not. */
const MOST_ROWS = 10;
const MOST_ABSOLUTE = 1e100;

export function checkRows({ data }: Experiment): Finding[] {
  if (data.kind !== 'inline') return [];
  const features = data.x[0].length;
  const found = [...raggedRows(data.x, features, '/data/x'), ...lengths(data.x, data.y, '/data')];
  if (data.test) {
    const { x, y } = data.test;
    if (x[0].length === features) {
      found.push(...raggedRows(x, features, '/data/test/x'));
    } else {
      const message = `The test inputs have ${x[0].length} features, the training inputs have ${features}.`;
      found.push({ code: 'meaning.test-features', message, pointer: '/data/test/x', part: 'key' });
    }
    found.push(...lengths(x, y, '/data/test'));
  }
  return found;
}

function raggedRows(x: readonly (readonly number[])[], features: number, pointer: string): Finding[] {
  const found: Finding[] = [];
  for (let i = 1; i < x.length && found.length < MOST_ROWS; i++) {
    if (x[i].length === features) continue;
    const message = `Row ${i} has ${x[i].length} ${x[i].length === 1 ? 'entry' : 'entries'}, row 0 has ${features}.`;
    found.push({ code: 'meaning.ragged-rows', message, pointer: `${pointer}/${i}` });
  }
  return found;
}

function lengths(x: readonly unknown[], y: readonly unknown[], pointer: string): Finding[] {
  if (x.length === y.length) return [];
  const message = `x has ${x.length} ${x.length === 1 ? 'row' : 'rows'}, y has ${y.length} ${y.length === 1 ? 'entry' : 'entries'}: expected one entry a row.`;
  return [{ code: 'meaning.length-mismatch', message, pointer: `${pointer}/y`, part: 'key' }];
}

export function checkMagnitude({ data, init }: Experiment): Finding[] {
  const found: Finding[] = [];
  const list = (values: readonly number[], pointer: string): void => {
    const k = values.findIndex((value) => Math.abs(value) > MOST_ABSOLUTE);
    if (k < 0 || found.length >= MOST_ROWS) return;
    const message = `${values[k]} is too large to compute with: expected at most 1e100 in absolute value, so that squares are finite.`;
    found.push({ code: 'meaning.magnitude', message, pointer: `${pointer}/${k}` });
  };
  if (data.kind === 'entries') data.entries.forEach((entry, k) => list(entry, `/data/entries/${k}`));
  if (data.kind === 'measurements') {
    data.measurements.forEach(({ a, y }, k) => {
      a.forEach((row, i) => list(row, `/data/measurements/${k}/a/${i}`));
      list([y], `/data/measurements/${k}`);
    });
  }
  if (data.kind === 'inline') {
    data.x.forEach((row, i) => list(row, `/data/x/${i}`));
    list(data.y, '/data/y');
    data.test?.x.forEach((row, i) => list(row, `/data/test/x/${i}`));
    if (data.test) list(data.test.y, '/data/test/y');
  }
  if (init.kind === 'explicit') init.parameters.forEach((block, k) => list(block, `/init/parameters/${k}`));
  return found;
}

/** Samples and features as far as the file alone tells them. */
export function sizeOf(data: DataSpec): { readonly samples: number | null; readonly features: number | null } {
  switch (data.kind) {
    case 'inline':
      return { samples: data.x.length, features: data.x[0].length };
    case 'csv':
      return { samples: null, features: data.features ? data.features.length + (data.bias ? 1 : 0) : null };
    case 'separable':
      return { samples: data.symmetric ? 2 * data.samples : data.samples, features: data.features };
    case 'sparse-regression':
    case 'sphere':
    case 'teacher':
      return { samples: data.samples, features: data.features };
    case 'polynomial':
      return { samples: data.samples, features: 1 };
    case 'moons':
    case 'circles':
    case 'xor':
      return { samples: data.samples, features: 2 };
    case 'entries':
      return { samples: data.entries.length, features: data.rows * data.columns };
    case 'measurements':
      return { samples: data.measurements.length, features: data.rows * data.columns };
    case 'completion':
      return { samples: data.observed, features: data.rows * data.columns };
    case 'sensing':
      return { samples: data.measurements, features: data.rows * data.columns };
    default:
      return data satisfies never;
  }
}

export function checkSizes({ data, model }: Experiment): Finding[] {
  const { samples, features } = sizeOf(data);
  const found: Finding[] = [];
  if (features !== null && features > LIMITS.features) {
    const message = `${countInWords(features)} features: expected at most ${countInWords(LIMITS.features)}.`;
    found.push({ code: 'meaning.too-large', message, pointer: '/data', part: 'key' });
  }
  // Of observed entries a matrix factorization forms no inputs.
  if (model.kind === 'matrix-factorization' && (data.kind === 'entries' || data.kind === 'completion')) return found;
  if (samples !== null && samples > LIMITS.samples) {
    const message = `${countInWords(samples)} samples, with their mirror images: expected at most ${countInWords(LIMITS.samples)}.`;
    found.push({ code: 'meaning.too-large', message, pointer: '/data', part: 'key' });
  }
  const rows = Math.max(samples ?? 0, 'testSamples' in data ? data.testSamples : 0);
  if (features !== null && rows * features > LIMITS.numbers) {
    const message = `${countInWords(rows)} samples × ${countInWords(features)} features are ${countInWords(rows * features)} numbers: expected at most ${countInWords(LIMITS.numbers)}.`;
    found.push({ code: 'meaning.too-large', message, pointer: '/data', part: 'key' });
  }
  return found;
}

export function checkSparsity({ data }: Experiment, document: FileDocument): Finding[] {
  if (data.kind !== 'sparse-regression' || data.sparsity <= data.features) return [];
  const given = document.find('/data/sparsity') !== null;
  const change = given
    ? document.replacement('/data/sparsity', String(data.features))
    : document.addition('/data', 'sparsity', String(data.features));
  return [
    {
      code: 'meaning.sparsity',
      message: `${data.sparsity} non-zero coefficients${given ? '' : ' (the default)'} do not fit into ${data.features} features.`,
      pointer: given ? '/data/sparsity' : '/data/features',
      fixes: change === null ? [] : [fix(`Set sparsity to ${data.features}`, [change])],
    },
  ];
}

export function checkLabels({ data, loss }: Experiment, document: FileDocument): Finding[] {
  if (loss.kind === 'square') return [];
  if (loss.kind === 'cross-entropy') return checkClasses(data);
  if (data.kind === 'sparse-regression' || data.kind === 'polynomial' || (data.kind === 'teacher' && data.targets === 'real')) {
    const pointer = document.find('/loss/kind') === null ? '/loss' : '/loss/kind';
    const change = document.replacement(pointer, '"square"');
    const message = `The ${loss.kind} loss needs labels −1 and 1; ${data.kind} data has real targets.`;
    const square = change === null ? [] : [fix('Use the square loss', [change])];
    return [{ code: 'meaning.labels', message, pointer, fixes: [...signs(data, document), ...square] }];
  }
  if (data.kind === 'csv') return csvLabels(data.labels, loss.kind);
  if (data.kind !== 'inline') return [];
  const lists = [{ y: data.y, pointer: '/data/y' }, ...(data.test ? [{ y: data.test.y, pointer: '/data/test/y' }] : [])];
  const fixes = labelFixes(lists, document);
  return lists.flatMap(({ y, pointer }) => {
    const wrong = y.findIndex((label) => label !== 1 && label !== -1);
    if (wrong < 0) return [];
    const message = `The ${loss.kind} loss needs labels −1 and 1: entry ${wrong} of y is ${y[wrong]}.`;
    return [{ code: 'meaning.labels', message, pointer: `${pointer}/${wrong}`, fixes }];
  });
}

/** A teacher's outputs can be turned into labels. */
function signs(data: DataSpec, document: FileDocument): Fix[] {
  if (data.kind !== 'teacher') return [];
  const change =
    document.find('/data/targets') === null
      ? document.addition('/data', 'targets', '"sign"')
      : document.replacement('/data/targets', '"sign"');
  return change === null ? [] : [fix('Use the signs of the outputs as labels', [change])];
}

/** Labels of a cross-entropy loss: 0 … K−1, each of them present. */
function checkClasses(data: Experiment['data']): Finding[] {
  const message = 'The cross-entropy loss needs classes 0 … K−1';
  if (data.kind !== 'inline' && data.kind !== 'csv') {
    return [{ code: 'meaning.labels', message: `${message}; ${data.kind} data has other targets.`, pointer: '/data/kind' }];
  }
  if (data.kind === 'csv') return [];
  const lists = [{ y: data.y, pointer: '/data/y' }, ...(data.test ? [{ y: data.test.y, pointer: '/data/test/y' }] : [])];
  const findings = lists.flatMap(({ y, pointer }) => {
    const wrong = y.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= LIMITS.classes);
    return wrong < 0
      ? []
      : [{ code: 'meaning.labels', message: `${message}: entry ${wrong} of y is ${y[wrong]}.`, pointer: `${pointer}/${wrong}` }];
  });
  if (findings.length > 0) return findings;
  const absent = absentClass(data.y);
  return absent === null ? [] : [{ code: 'meaning.labels', message: `${message}: no sample has class ${absent}.`, pointer: '/data/y' }];
}

/** The smallest class below the largest label that no sample has; null when none is missing and there are at least two. */
export function absentClass(y: ArrayLike<number>): number | null {
  const present = new Set(Array.from(y));
  const largest = Math.max(1, ...present);
  for (let k = 0; k <= largest; k++) if (!present.has(k)) return k;
  return null;
}

/** K outputs of the model: 1, or the number of classes; null where the file alone does not tell. */
export function outputsOf({ data, loss }: Experiment): number | null {
  if (loss.kind !== 'cross-entropy') return 1;
  return data.kind === 'inline' ? Math.max(...data.y) + 1 : null;
}

function csvLabels(labels: Readonly<Record<string, number>> | undefined, loss: string): Finding[] {
  return Object.entries(labels ?? {}).flatMap(([text, label]) => {
    if (label === 1 || label === -1) return [];
    const message = `The ${loss} loss needs labels −1 and 1: ${JSON.stringify(text)} is mapped to ${label}.`;
    return [{ code: 'meaning.labels', message, pointer: `/data/labels/${text.replaceAll('~', '~0').replaceAll('/', '~1')}` }];
  });
}

/** Two label values mean the two classes: the smaller −1, the larger +1. */
function labelFixes(lists: readonly { readonly y: readonly number[]; readonly pointer: string }[], document: FileDocument): Fix[] {
  const values = [...new Set(lists.flatMap(({ y }) => y))].sort((a, b) => a - b);
  if (values.length !== 2) return [];
  const [low, high] = values;
  const changes = lists.flatMap(({ y, pointer }): TextChange[] =>
    document.entries(pointer).flatMap((span, i) => {
      const label = y[i] === low ? -1 : 1;
      return y[i] === label ? [] : [{ offset: span.offset, length: span.length, text: String(label) }];
    }),
  );
  const parts = [...(low === -1 ? [] : [`${low} → −1`]), ...(high === 1 ? [] : [`${high} → 1`])];
  return [fix(`Replace the labels: ${parts.join(', ')}`, changes)];
}

export function checkCsv({ data, model }: Experiment, document: FileDocument): Finding[] {
  if (data.kind !== 'csv') return [];
  const found: Finding[] = [];
  const pointer = '/data/path';
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(data.path)) {
    found.push({
      code: 'meaning.csv-path',
      message: 'A csv file is read from the workspace folder: expected a path, found an address.',
      pointer,
    });
  } else if (/^([/\\]|[a-z]:)/i.test(data.path)) {
    found.push({
      code: 'meaning.csv-path',
      message: `${JSON.stringify(data.path)} is absolute: expected a path relative to this file, within the workspace folder.`,
      pointer,
    });
  } else if (hasControlCharacter(data.path)) {
    found.push({ code: 'meaning.csv-path', message: 'The path holds a control character.', pointer });
  } else if (data.path.includes('\\')) {
    const change = document.replacement(pointer, JSON.stringify(data.path.replaceAll('\\', '/')));
    const message = 'A path with backslashes is read on Windows only: expected "/".';
    found.push({
      code: 'meaning.csv-path',
      severity: 'warning',
      message,
      pointer,
      fixes: change === null ? [] : [fix('Use "/"', [change])],
    });
  }
  if (data.labels && Object.keys(data.labels).length === 0) {
    found.push({
      code: 'meaning.labels',
      message: 'No label is mapped to a number: expected at least one, or no "labels".',
      pointer: '/data/labels',
    });
  }
  data.features?.forEach((column, k) => {
    if (column === data.target) {
      found.push({
        code: 'meaning.target-feature',
        message: `The target ${JSON.stringify(column)} is also among the features.`,
        pointer: `/data/features/${k}`,
      });
    }
  });
  if (data.bias && model.kind === 'linear' && model.bias) {
    const change = document.removal('/model/bias');
    found.push({
      code: 'meaning.two-biases',
      severity: 'warning',
      message:
        'The data has a constant feature and the model a bias: two parameters for the same thing, each with its own part of the norm.',
      pointer: '/model/bias',
      fixes: change === null ? [] : [fix('Remove the bias of the model', [change])],
    });
  }
  return found;
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 32 || text.charCodeAt(i) === 127) return true;
  return false;
}
