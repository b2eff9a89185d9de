import type * as Node from '../../worker/thread-port';
import type { ToBrowserWorker } from '../questions';
import { told } from './ask';

declare const self: DedicatedWorkerGlobalScope;

/** Nothing is set around a page. */
export const VARIABLES: typeof Node.VARIABLES = {};

/** The line from a web worker to the pool. */
export const threadPort: typeof Node.threadPort = () => ({
  listen: (receive) =>
    self.addEventListener('message', ({ data }: MessageEvent<ToBrowserWorker>) => (data.type === 'told' ? told(data) : receive(data))),
  post: (message, transfer) => self.postMessage(message, transfer),
});
