/** The packaged extension: it installs, starts and does its job without anything of the repository beside it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { launchChromium } from '../../lanes/chromium';
import { ROOT } from '../../lanes/repository';
import { startServer } from '../../lanes/server';
import { openWorkbench } from '../../lanes/workbench';
import { putExperiments } from './experiments';
import { User } from './user';

describe('the packaged extension', () => {
  it('installs, predicts, runs and shows the verdict', async function () {
    this.timeout(240_000);
    const scratch = mkdtempSync(join(tmpdir(), 'bias-lab-package-'));
    const vsix = join(scratch, 'extension.vsix');
    const folder = join(scratch, 'workspace');
    mkdirSync(folder);
    try {
      await putExperiments(folder);
      await createVSIX({ cwd: ROOT, packagePath: vsix, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
      const server = await startServer({ vsix });
      const browser = await launchChromium();
      try {
        const workbench = await openWorkbench(browser, server, { folder, extension: null });
        const me = new User(workbench, folder);
        try {
          await me.openFile('diagonal.bias.json');
          await me.clickLens('Run');
          // The ℓ1 reference needs HiGHS, which ships as a file of its own.
          await me.panelSays(/^Agrees$/, 60_000);
          me.assertNoComplaints();
        } catch (error) {
          console.error(`      picture and console: ${await workbench.evidence('packaged')}.png and .log`);
          throw error;
        }
      } finally {
        await browser.close();
        await server.stop();
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
