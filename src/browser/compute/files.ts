import type * as Node from '../../worker/files';
import { ask } from './ask';

/** Files for an experiment: the extension host reads them, and keeps to the same bounds as on a disk. */
export const confinedFiles: typeof Node.confinedFiles = ({ path, root }) => ({
  readText: async (relativePath) => String(await ask({ what: 'text', source: { path, root }, path: relativePath })),
});
