/** The outputs of a teacher: a model of the file's data part, with parameters of its own. */
import { DataError, type Dataset, type Teach } from '../data/dataset';
import { InitError, initialParameters } from '../experiment/initial-parameters';
import type { DataSpec } from '../experiment/schema';
import { createModel } from '../models/create-model';

type TeacherSpec = Extract<DataSpec, { kind: 'teacher' }>;

/**
 * The teacher's parameters come from a stream of their own, so that a student of the same kind and seed does not start at them.
 * @throws DataError "data.teacher.init" where explicit parameters do not fit the teacher
 */
export function createTeach(seed: number): (spec: TeacherSpec) => Teach {
  return (spec) => (inputs: Dataset) => {
    const model = createModel(spec.model.kind === 'network' ? { ...spec.model, trainable: 'all' } : spec.model, inputs);
    const outputs = new Float64Array(inputs.samples);
    try {
      model.outputs(initialParameters(spec.init, model.blocks, seed, 'teacher'), outputs);
    } catch (error) {
      if (error instanceof InitError) throw new DataError('data.teacher.init', `/data${error.pointer}`, error.message);
      throw error;
    }
    return outputs;
  };
}
