/** Measurements of a matrix, and the model that only they have. */
import { fix, type FileDocument, type Finding } from '../document';
import type { DataSpec, Experiment } from '../schema';

/** Findings of one list: the hundredth says nothing that the tenth does not. */
const MOST_ROWS = 10;

/** Rows and columns of the matrix that is measured; null for other data. */
export function matrixOf(data: DataSpec): { readonly rows: number; readonly columns: number } | null {
  switch (data.kind) {
    case 'entries':
    case 'measurements':
    case 'completion':
    case 'sensing':
      return { rows: data.rows, columns: data.columns };
    default:
      return null;
  }
}

export function checkMatrixData({ data, loss }: Experiment): Finding[] {
  const found = checkMeasurements(data);
  if (matrixOf(data) !== null && loss.kind !== 'square') {
    const message = `The ${loss.kind} loss needs labels; measurements of a matrix are real numbers.`;
    found.push({ code: 'meaning.labels', message, pointer: '/loss', part: 'key' });
  }
  return found;
}

function checkMeasurements(data: DataSpec): Finding[] {
  const found: Finding[] = [];
  const add = (pointer: string, message: string): void => {
    if (found.length < MOST_ROWS) found.push({ code: 'meaning.matrix-data', message, pointer });
  };
  switch (data.kind) {
    case 'entries': {
      const first = new Map<number, number>();
      data.entries.forEach((entry, k) => {
        const pointer = `/data/entries/${k}`;
        if (entry.length !== 3) return add(pointer, `An entry is [row, column, value]: ${entry.length} numbers found.`);
        const [i, j] = entry;
        if (!(Number.isInteger(i) && i >= 0 && i < data.rows)) return add(pointer, `Row ${i}: expected an integer 0 … ${data.rows - 1}.`);
        if (!(Number.isInteger(j) && j >= 0 && j < data.columns)) {
          return add(pointer, `Column ${j}: expected an integer 0 … ${data.columns - 1}.`);
        }
        const before = first.get(i * data.columns + j);
        if (before !== undefined) return add(pointer, `The entry (${i}, ${j}) stands here and in row ${before} of the list.`);
        first.set(i * data.columns + j, k);
      });
      return found;
    }
    case 'measurements':
      data.measurements.forEach(({ a }, k) => {
        const wrong = a.findIndex((row) => row.length !== data.columns);
        if (a.length !== data.rows || wrong >= 0) {
          const size = a.length === data.rows ? `row ${wrong} has ${a[wrong].length} entries` : `it has ${a.length} rows`;
          add(`/data/measurements/${k}/a`, `The matrix is ${data.rows} × ${data.columns}, but ${size}.`);
        }
      });
      return found;
    case 'completion':
      if (data.observed > data.rows * data.columns) {
        add('/data', `${data.observed} observed entries: the matrix has ${data.rows * data.columns}.`);
      }
      if (data.symmetric && data.rows !== data.columns) add('/data', notSquare(data.rows, data.columns));
      return found;
    case 'sensing':
      if ((data.symmetric || data.ensemble === 'commuting') && data.rows !== data.columns) add('/data', notSquare(data.rows, data.columns));
      if (data.ensemble === 'commuting' && data.rank > data.rows) add('/data', `Rank ${data.rank}: the matrix has ${data.rows} rows.`);
      return found;
    default:
      return found;
  }
}

function notSquare(rows: number, columns: number): string {
  return `The matrix is ${rows} × ${columns}: a symmetric one is square.`;
}

export function checkMatrixModel({ data, model }: Experiment, document: FileDocument): Finding[] {
  const code = 'meaning.matrix-model';
  if (data.kind === 'teacher' && data.model.kind === 'matrix-factorization') {
    return [{ code, message: 'A matrix factorization cannot teach: it is no function of vectors.', pointer: '/data/model/kind' }];
  }
  if (model.kind !== 'matrix-factorization') return [];
  const matrix = matrixOf(data);
  if (matrix === null) {
    const message = `A matrix factorization needs data of kind entries, measurements, completion or sensing; this is ${data.kind}.`;
    return [{ code, message, pointer: '/model/kind' }];
  }
  if (!model.symmetric) return [];
  const found: Finding[] = [];
  if (matrix.rows !== matrix.columns) {
    found.push({
      code,
      message: `UUᵀ is square, the matrix of the data is ${matrix.rows} × ${matrix.columns}.`,
      pointer: '/model/symmetric',
    });
  }
  if (model.depth !== 2) {
    const change = document.replacement('/model/depth', '2');
    const fixes = change === null ? [] : [fix('Set depth to 2', [change])];
    found.push({ code, message: `UUᵀ has two factors: depth ${model.depth} is not possible.`, pointer: '/model/depth', fixes });
  }
  return found;
}
