/** One window at a time works in a folder: by the locks that a browser keeps for all windows of an editor, and gives back when one is gone. */
import type * as Node from '../../worker/sweep-lock';

/** Somebody else is at work in the folder. */
export class FolderLocked extends Error {
  constructor(
    readonly folder: string,
    readonly pid: number,
    readonly host: string,
  ) {
    super(`Another window is at work in ${folder}.`);
    this.name = 'FolderLocked';
  }
}

/** @throws FolderLocked */
export const lockFolder: typeof Node.lockFolder = (folder) =>
  new Promise((resolve, reject) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock === null) {
        reject(new FolderLocked(folder, 0, ''));
        return undefined;
      }
      // The lock is held until this promise is fulfilled.
      return new Promise((release) => resolve({ lost: () => false, release: async () => release() }));
    };
    navigator.locks.request(`implicit-bias-lab ${folder}`, { ifAvailable: true }, held).catch(reject);
  });
