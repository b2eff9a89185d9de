import { parentPort } from 'node:worker_threads';
import type { ToWorker } from '../protocol/compute';
import type { ServicePort } from './serve';

/** What the user sets around the process. */
export const VARIABLES: Readonly<Record<string, string | undefined>> = process.env;

/** The line from a thread to the pool. @throws where this process is not a thread */
export function threadPort(): ServicePort {
  const port = parentPort;
  if (port === null) throw new Error('worker.js is started by the pool, not by itself.');
  return {
    listen: (receive) => port.on('message', (message: ToWorker) => receive(message)),
    post: (message, transfer) => port.postMessage(message, transfer),
  };
}
