import type * as Node from '../../worker/cores';

/** How many things this machine does at a time. */
export const cores: typeof Node.cores = () => navigator.hardwareConcurrency;
