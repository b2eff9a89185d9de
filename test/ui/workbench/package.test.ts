/** The packaged extension: it installs, starts and does its job without anything of the repository beside it. */
import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { launchChromium } from '../../lanes/chromium';
import { ROOT } from '../../lanes/repository';
import { startServer } from '../../lanes/server';
import { openWorkbench } from '../../lanes/workbench';
import { VSIX_BUDGET } from '../../product/house/budgets';
import { putExperiments } from './experiments';
import { User } from './user';

describe('the packaged extension', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'bias-lab-package-'));
  const vsix = join(scratch, 'extension.vsix');

  before(async function () {
    this.timeout(120_000);
    await createVSIX({ cwd: ROOT, packagePath: vsix, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  });

  after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));

  it(`has less than ${VSIX_BUDGET.kilobytes} kB: ${VSIX_BUDGET.because}`, () => {
    const size = Math.ceil(statSync(vsix).size / 1000);
    assert.ok(size <= VSIX_BUDGET.kilobytes, `it has ${size} kB`);
  });

  it('installs, predicts, runs and shows the verdict', async function () {
    this.timeout(240_000);
    const folder = join(scratch, 'workspace');
    mkdirSync(folder);
    await putExperiments(folder);
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
  });
});
