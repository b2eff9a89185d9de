// Where there is no Node, some files have a twin that does the same by what a browser gives. It exports the same names.
import { join, relative, resolve } from 'node:path';

const TWINS = {
  // In the extension host, where the editor's file system is at hand.
  host: {
    'src/extension/experiment-search.ts': 'src/browser/host/experiment-search.ts',
    'src/extension/places.ts': 'src/browser/host/places.ts',
    'src/worker/cores.ts': 'src/browser/host/cores.ts',
    'src/worker/digest.ts': 'src/browser/digest.ts',
    'src/worker/disk.ts': 'src/browser/host/disk.ts',
    'src/worker/files.ts': 'src/browser/host/files.ts',
    'src/worker/sweep-engines.ts': 'src/browser/host/sweep-engines.ts',
    'src/worker/sweep-lock.ts': 'src/browser/host/sweep-lock.ts',
    'src/worker/thread.ts': 'src/browser/host/thread.ts',
  },
  // In a compute worker, which asks the host.
  compute: {
    'src/worker/digest.ts': 'src/browser/digest.ts',
    'src/worker/files.ts': 'src/browser/compute/files.ts',
    'src/worker/highs-module.ts': 'src/browser/compute/highs-module.ts',
    'src/worker/thread-port.ts': 'src/browser/compute/thread-port.ts',
  },
};

/** Takes the twins of one side ("host" or "compute") instead of the files that need Node. */
export function browserTwins(side) {
  const twins = TWINS[side];
  return {
    name: `browser-twins-${side}`,
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
        const file = `${relative(process.cwd(), join(resolveDir, path)).replaceAll('\\', '/')}.ts`;
        return file in twins ? { path: resolve(twins[file]) } : undefined;
      });
      // HiGHS asks where it runs before it requires these. Anybody else who imports them ends the build.
      build.onResolve({ filter: /^node:/ }, ({ path, importer }) =>
        /[\\/]highs\.js$/.test(importer) ? { path, external: true } : undefined,
      );
    },
  };
}

/** Every file with a twin, and the twin. */
export const allTwins = Object.values(TWINS).flatMap((side) => Object.entries(side));
