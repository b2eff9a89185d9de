/** The data that an experiment names. */
import type { DataSpec } from '../experiment/schema';
import { circlesData } from './circles';
import { csvData } from './csv';
import { DataError, type Dataset, type FileAccess, type Teach } from './dataset';
import { inlineData } from './inline';
import { entriesData, measurementsData } from './matrix-data';
import { moonsData } from './moons';
import { polynomialData } from './polynomial';
import { completionData, sensingData } from './random-matrix';
import { separableData } from './separable';
import { sparseRegressionData } from './sparse-regression';
import { sphereData } from './sphere';
import { teacherData, type TeacherSpec } from './teacher';
import { xorData } from './xor';

/** Largest absolute value of an entry: sums of squares of any admissible size stay finite. */
const MOST_ABSOLUTE = 1e100;

/**
 * The same specification, seed and files give the same bits. Every entry is finite and at most 1e100 in absolute value.
 * @throws DataError with the place in the experiment file
 */
export async function loadData(
  spec: DataSpec,
  seed: number,
  files: FileAccess,
  teach: (spec: TeacherSpec) => Teach = noTeacher,
): Promise<Dataset> {
  const data = await load(spec, seed, files, teach);
  // Inputs of observed entries are zeros and ones.
  if (data.matrix?.observed == null) checkMagnitude(data.x, data.features, 'input');
  checkMagnitude(data.y, 1, 'target');
  if (data.test) {
    checkMagnitude(data.test.x, data.features, 'test input');
    checkMagnitude(data.test.y, 1, 'test target');
  }
  return data;
}

function noTeacher(): Teach {
  throw new Error('Data of a teacher needs one.');
}

async function load(spec: DataSpec, seed: number, files: FileAccess, teach: (spec: TeacherSpec) => Teach): Promise<Dataset> {
  switch (spec.kind) {
    case 'inline':
      return inlineData(spec);
    case 'csv':
      return csvData(spec, seed, files);
    case 'separable':
      return separableData(spec, seed);
    case 'sparse-regression':
      return sparseRegressionData(spec, seed);
    case 'polynomial':
      return polynomialData(spec, seed);
    case 'moons':
      return moonsData(spec, seed);
    case 'circles':
      return circlesData(spec, seed);
    case 'xor':
      return xorData(spec, seed);
    case 'sphere':
      return sphereData(spec, seed);
    case 'teacher':
      return teacherData(spec, seed, teach(spec));
    case 'entries':
      return entriesData(spec);
    case 'measurements':
      return measurementsData(spec);
    case 'completion':
      return completionData(spec, seed);
    case 'sensing':
      return sensingData(spec, seed);
    default:
      return spec satisfies never;
  }
}

function checkMagnitude(values: Float64Array, columns: number, what: string): void {
  const k = values.findIndex((value) => !(Math.abs(value) <= MOST_ABSOLUTE));
  if (k < 0) return;
  const where = columns === 1 ? `${Math.floor(k / columns)}` : `(${Math.floor(k / columns)}, ${k % columns})`;
  throw new DataError(
    'data.magnitude',
    '/data',
    `The ${what} ${where} is ${values[k]}: expected at most ${MOST_ABSOLUTE} in absolute value, so that squares are finite.`,
  );
}
