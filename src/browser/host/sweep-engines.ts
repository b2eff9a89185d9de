/** The engines where there are no processes: the workers of the window. */
import { EngineError, localEngine } from '../../worker/sweep-engine';
import type * as Node from '../../worker/sweep-engines';
import { cores } from './cores';

export const ENGINES: typeof Node.ENGINES = ['local', 'parallel', 'slurm'];

/** @throws EngineError for the engines that start processes */
export const createEngine: typeof Node.createEngine = ({ kind, jobs }, { compute }) =>
  kind === 'local'
    ? Promise.resolve(localEngine(compute(), jobs ?? cores()))
    : Promise.reject(new EngineError(`the engine "${kind}" starts processes, which an editor in a browser cannot`));

export const nodeCommand: typeof Node.nodeCommand = () => [];
