/** Entry of the compute worker: the study behind a message port. */
import { parentPort } from 'node:worker_threads';
import { analyse } from '../study/analyse';
import { neighboursOf } from '../study/neighbours';
import { resolveData } from '../study/resolve-data';
import { resolveRun } from '../study/resolve-run';
import { runExperiment } from '../study/run';
import { nodeEnvironment } from './environment';
import { serve } from './serve';

if (parentPort === null) throw new Error('worker.js is started by the pool, not by itself.');
serve(parentPort, { run: runExperiment, analyse, data: resolveData, neighbours: neighboursOf, resolve: resolveRun }, nodeEnvironment);
