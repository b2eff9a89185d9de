/** The tests in a desktop VS Code, downloaded by @vscode/test-electron. */
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { join } from 'node:path';
import { desktopCache } from './choose-editor';
import { runGroup } from './group';
import { ROOT } from './repository';

const DOWNLOAD_DEADLINE = 5 * 60_000;

async function download(): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`VS Code was not downloaded in ${DOWNLOAD_DEADLINE / 1000} s.`)), DOWNLOAD_DEADLINE);
  });
  try {
    return await Promise.race([downloadAndUnzipVSCode({ version: 'stable', cachePath: desktopCache() }), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Exit status of the editor, which is that of the tests. */
export async function runDesktop(
  tests: string,
  workspace: string,
  folder: string,
  env: Readonly<Record<string, string>>,
  deadline: number,
): Promise<number> {
  const editor = await download();
  const args = [
    workspace,
    `--extensionDevelopmentPath=${ROOT}`,
    `--extensionTestsPath=${tests}`,
    `--user-data-dir=${join(folder, 'user')}`,
    `--extensions-dir=${join(folder, 'extensions')}`,
    '--no-sandbox',
    '--disable-gpu-sandbox',
    '--disable-updates',
    '--disable-telemetry',
    '--disable-workspace-trust',
    '--skip-welcome',
    '--skip-release-notes',
  ];
  const seen = process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
  const [command, all] = seen ? [editor, args] : ['xvfb-run', ['-a', editor, ...args]];
  return runGroup(command, all, { env: { ...process.env, ...env }, deadline });
}
