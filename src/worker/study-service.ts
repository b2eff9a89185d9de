import { analyse, check } from '../study/analyse';
import { neighboursOf } from '../study/neighbours';
import { resolveData } from '../study/resolve-data';
import { resolveRun } from '../study/resolve-run';
import { runExperiment } from '../study/run';
import type { Service } from './serve';

/** The study as a worker serves it. */
export const STUDY: Service = { run: runExperiment, check, analyse, data: resolveData, neighbours: neighboursOf, resolve: resolveRun };
