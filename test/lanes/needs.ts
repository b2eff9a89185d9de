/** What the tests need from the machine. On Debian as root it is installed; elsewhere its absence is said clearly. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const CHROMIUM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The program of that name on PATH, null where there is none. */
export function onPath(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** A Chromium to test in: `CHROMIUM_PATH`, else one on PATH or in a usual place, else null. */
export function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which does not exist.`);
    return named;
  }
  for (const name of CHROMIUM_NAMES) {
    const found = onPath(name);
    if (found) return found;
  }
  return CHROMIUM_PLACES.find((place) => existsSync(place)) ?? null;
}

function canInstall(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || onPath('apt-get') === null) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '');
}

function aptInstall(packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  console.log(`Installing by apt-get: ${packages.join(' ')}`);
  const steps = [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...packages],
  ];
  for (const step of steps) {
    const { status, stdout, stderr } = spawnSync('apt-get', step, { env, encoding: 'utf8', timeout: 600_000 });
    if (status !== 0) throw new Error(`apt-get ${step.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

/** A Chromium to test in, installed where that can be done without asking. */
export function needChromium(): string {
  let chromium = findChromium();
  if (chromium === null && canInstall()) {
    aptInstall(['chromium', 'fonts-dejavu-core']);
    chromium = findChromium();
  }
  if (chromium === null) {
    throw new Error('No Chromium was found. Install one (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.');
  }
  return chromium;
}

/** The tools with which node-gyp builds the editor's native modules. */
export function needCompiler(): void {
  const tools = { python3: 'python3', make: 'make', 'g++': 'g++' };
  const missing = Object.entries(tools).filter(([tool]) => onPath(tool) === null);
  if (missing.length === 0) return;
  if (!canInstall()) {
    throw new Error(
      `The editor's native modules are built with ${missing.map(([tool]) => tool).join(', ')}, which this machine does not have.`,
    );
  }
  aptInstall(missing.map(([, name]) => name));
}

/** Slurm and GNU parallel, in which the sweeps beyond one process are tested. Slurm runs on Linux, and its daemons here as root. */
export function needCluster(): void {
  const tools = {
    slurmctld: 'slurm-wlm',
    slurmd: 'slurm-wlm',
    munged: 'munge',
    sbatch: 'slurm-client',
    parallel: 'parallel',
    pgrep: 'procps',
  };
  const missing = Object.entries(tools).filter(([tool]) => onPath(tool) === null);
  if (missing.length === 0) return;
  if (!canInstall()) {
    throw new Error(
      `Sweeps on a cluster are tested in a real Slurm and in GNU parallel; this machine lacks ${missing.map(([tool]) => tool).join(', ')}. ` +
        `Debian, as root: apt-get install slurm-wlm slurm-wlm-basic-plugins slurm-client munge parallel procps`,
    );
  }
  aptInstall(['slurm-wlm', 'slurm-wlm-basic-plugins', 'slurm-client', 'munge', 'parallel', 'procps']);
}
