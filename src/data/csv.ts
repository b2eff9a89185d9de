/** Data from a csv file. */
import type { DataSpec } from '../experiment/schema';
import { nearestByEdits } from '../numerics/edit-distance';
import { checkSize } from './checked-size';
import { csvTable, type CsvTable } from './csv-table';
import { DataError, type Dataset, type FileAccess } from './dataset';
import { holdOut } from './hold-out';
import { standardize } from './standardize';

type CsvSpec = Extract<DataSpec, { kind: 'csv' }>;

/**
 * The columns `features` (default: all but the target) as inputs, `target` as targets; then held-out samples are set apart,
 * features standardized, and a constant appended, in this order.
 * @throws DataError "data.csv.…", "data.path.…", "data.too-large", "data.test-fraction"
 */
export async function csvData(spec: CsvSpec, seed: number, files: FileAccess): Promise<Dataset> {
  const table = csvTable(await files.readText(spec.path));
  const target = columnIndex(table, spec.target, '/data/target');
  const columns =
    spec.features?.map((column, k) => columnIndex(table, column, `/data/features/${k}`)) ??
    table.header.flatMap((_, column) => (column === target ? [] : [column]));
  checkColumns(table, columns, target);
  const features = columns.length;
  const total = table.records.length;
  checkSize(total, features + (spec.bias ? 1 : 0));

  const labels = spec.labels ? new Map(Object.entries(spec.labels)) : null;
  const x = new Float64Array(total * features);
  const y = new Float64Array(total);
  for (let i = 0; i < total; i++) {
    for (let j = 0; j < features; j++) x[i * features + j] = numberAt(table, i, columns[j], `/data/path`);
    y[i] = labels === null ? numberAt(table, i, target, '/data/target') : labelAt(table, i, target, labels);
  }
  const featureNames = columns.map((column) => table.header[column] || `column ${column}`);
  const { training, test } = holdOut({ x, y, samples: total }, features, spec.testFraction, seed);
  if (spec.standardize) standardize(training, test, features, featureNames);
  const data = { ...training, features, featureNames, truth: null, test };
  return spec.bias ? withConstant(data) : data;
}

function columnIndex(table: CsvTable, column: string | number, pointer: string): number {
  if (typeof column === 'number') {
    if (column < table.header.length) return column;
    throw new DataError(
      'data.csv.missing-column',
      pointer,
      `There is no column ${column}: the csv file has columns 0 to ${table.header.length - 1}.`,
    );
  }
  const index = table.header.indexOf(column);
  if (index >= 0) return index;
  const near = nearestByEdits(column, table.header.slice(0, 1000));
  const offer = near === null ? `it has ${someNames(table.header)}.` : `did you mean ${JSON.stringify(near)}?`;
  throw new DataError('data.csv.missing-column', pointer, `The csv file has no column ${JSON.stringify(column)}: ${offer}`);
}

function someNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => JSON.stringify(name));
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}

function checkColumns(table: CsvTable, columns: readonly number[], target: number): void {
  if (columns.length === 0) {
    throw new DataError(
      'data.csv.no-features',
      '/data/path',
      'The csv file has no column beside the target: expected at least one feature.',
    );
  }
  const seen = new Set<number>();
  columns.forEach((column, k) => {
    const name = JSON.stringify(table.header[column]);
    if (column === target)
      throw new DataError('data.csv.target-feature', `/data/features/${k}`, `The target column ${name} is also among the features.`);
    if (seen.has(column))
      throw new DataError('data.csv.repeated-feature', `/data/features/${k}`, `The column ${name} stands twice among the features.`);
    seen.add(column);
  });
}

function numberAt(table: CsvTable, record: number, column: number, pointer: string): number {
  const text = table.records[record][column].trim();
  const value = Number(text);
  // Number() reads "" as 0 and "0x10" as 16: neither is a number of a csv file.
  if (text !== '' && Number.isFinite(value) && !/^[-+]?0[xob]/i.test(text)) return value;
  throw cellError(
    table,
    record,
    column,
    pointer,
    text === '' ? 'data.csv.empty-cell' : 'data.csv.not-a-number',
    text === '' ? 'an empty cell' : shown(text),
    'a finite number',
  );
}

function labelAt(table: CsvTable, record: number, column: number, labels: ReadonlyMap<string, number>): number {
  const text = table.records[record][column];
  const value = labels.get(text);
  if (value !== undefined) return value;
  const expected = `one of the labels ${someNames([...labels.keys()])}`;
  throw cellError(
    table,
    record,
    column,
    '/data/labels',
    'data.csv.unknown-label',
    text.trim() === '' ? 'an empty cell' : shown(text),
    expected,
  );
}

function cellError(
  table: CsvTable,
  record: number,
  column: number,
  pointer: string,
  code: string,
  found: string,
  expected: string,
): DataError {
  const name = JSON.stringify(table.header[column]);
  return new DataError(
    code,
    pointer,
    `Line ${table.lineOf(record)}, column ${name} of the csv file: expected ${expected}, found ${found}.`,
  );
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text);
}

/** Appends a constant feature 1 to training and test inputs. */
function withConstant(data: Dataset & { readonly featureNames: readonly string[] }): Dataset {
  const append = (x: Float64Array, samples: number): Float64Array => {
    const wider = new Float64Array(samples * (data.features + 1));
    for (let i = 0; i < samples; i++) {
      wider.set(x.subarray(i * data.features, (i + 1) * data.features), i * (data.features + 1));
      wider[i * (data.features + 1) + data.features] = 1;
    }
    return wider;
  };
  return {
    ...data,
    x: append(data.x, data.samples),
    features: data.features + 1,
    featureNames: [...data.featureNames, 'constant 1'],
    test: data.test && { ...data.test, x: append(data.test.x, data.test.samples) },
  };
}
