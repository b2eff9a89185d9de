/**
 * Holds the exported Python scripts against the lab: the same experiment, the same number of steps, the same measures to 1e-9.
 * Needs python3 with numpy and torch (Debian: python3-torch); run by `npm run test:pytorch`, not by `npm test`.
 *     node_modules/.bin/tsx test/export/pytorch.ts [--all] [example …]
 * Without names one example for each combination of model, loss and optimizer is taken, with --all every one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Experiment } from '../../src/experiment/schema';
import { pythonScript } from '../../src/export/python-script';
import { MEASURES } from '../../src/protocol/measures';
import { resolveRun } from '../../src/study/resolve-run';
import { runExperiment } from '../../src/study/run';
import { nodeEnvironment } from '../../src/worker/environment';

const FOLDER = resolve(__dirname, '../../examples');
const STEPS = 60;
/** What the task of the two programs asks for: they differ by the order of their sums alone. */
const TOLERANCE = 1e-9;

/** An explicit integrator crawls where a flow is stiff. */
const PATIENCE = 60_000;

interface Comparison {
  readonly name: string;
  /** Largest relative difference of a measure, and of which. */
  readonly worst: number;
  readonly of: string;
  readonly compared: number;
}

type Written = Pick<Experiment, 'model' | 'optimizer' | 'stop'> & { readonly loss: string | { readonly kind: string } };

async function compare(name: string, folder: string): Promise<Comparison | null> {
  const path = join(FOLDER, name);
  const written = JSON.parse(readFileSync(path, 'utf8')) as Written;
  // A flow is integrated by two methods: their ends are compared, where the flow has one.
  const flow = written.optimizer.kind === 'gradient-flow';
  if (flow && written.loss !== 'square') return null;
  const text = JSON.stringify({
    ...written,
    compare: [],
    sweep: undefined,
    expect: undefined,
    ...(flow ? {} : { stop: { steps: STEPS } }),
  });
  const source = { text, path, root: FOLDER };
  const environment = nodeEnvironment(source, new SharedArrayBuffer(4));
  const answer = await runExperiment(source, environment, () => undefined);
  const resolved = await resolveRun(source, environment);
  if (answer.type !== 'report' || 'diagnostics' in resolved) throw new Error(`${name} is wrong`);
  const script = join(folder, `${name}.py`);
  writeFileSync(script, pythonScript(resolved, `${name}.py`));
  const { stdout, stderr, status } = spawnSync(
    '/usr/bin/env',
    ['python3', script, '--steps', String(flow ? 20_000 : answer.report.measures.step)],
    {
      encoding: 'utf8',
      timeout: PATIENCE,
    },
  );
  if (status === null) {
    console.log(`    ${name} is left out: its flow takes Python more than ${PATIENCE / 1000} s`);
    return null;
  }
  if (status !== 0) throw new Error(`${name}: python3 ended with ${status}\n${stderr}`);
  const { measures } = JSON.parse(stdout.replaceAll(/\bNaN\b|-?\bInfinity\b/g, '"$&"')) as { measures: Record<string, number | string> };
  let [worst, of, compared] = [0, 'nothing', 0];
  for (const [key, text] of Object.entries(measures)) {
    const ours = answer.report.measures[key];
    const theirs = Number(text);
    if (ours === undefined) continue;
    const vanishes = ['loss', 'gradient'].includes(MEASURES[key as keyof typeof MEASURES].group);
    if (flow && vanishes) continue;
    compared += 1;
    // What vanishes is known to rounding of what it was at the start; differences from a reference and of margins cancel.
    const floor = vanishes ? 1e-6 * Math.abs(Number(answer.report.trajectory[key]?.[0] ?? 1)) : 1e-3;
    const scale = Math.max(Math.abs(ours), Math.abs(theirs), floor);
    const difference = Object.is(ours, theirs) || (Number.isNaN(ours) && Number.isNaN(theirs)) ? 0 : Math.abs(ours - theirs) / scale;
    if (!(difference <= worst)) [worst, of] = [difference, key];
  }
  return { name, worst, of, compared };
}

async function main(): Promise<void> {
  const names = process.argv.slice(2).filter((name) => name !== '--all');
  const seen = new Set<string>();
  const chosen = names.length > 0 ? names : readdirSync(FOLDER).filter((name) => name.endsWith('.bias.json'));
  const folder = mkdtempSync(join(tmpdir(), 'bias-lab-pytorch-'));
  let failed = 0;
  let passed = 0;
  try {
    for (const name of chosen) {
      const { model, optimizer, loss } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Written;
      const kind = JSON.stringify([
        { ...model, widths: 0, terms: 0 },
        optimizer.kind,
        'normalize' in optimizer && optimizer.normalize,
        typeof loss === 'string' ? loss : loss.kind,
      ]);
      if (names.length === 0 && seen.has(kind) && !process.argv.includes('--all')) continue;
      seen.add(kind);
      const result = await compare(name, folder).catch((error: unknown) => {
        console.log(`NOT ${name}: ${error instanceof Error ? error.message : String(error)}`);
        failed += 1;
        return null;
      });
      if (result === null) continue;
      const { optimizer: how } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Written;
      // Two integrators agree to their tolerances, not to rounding.
      const good = result.compared >= 2 && result.worst <= (how.kind === 'gradient-flow' ? 1e-4 : TOLERANCE);
      if (good) passed += 1;
      else failed += 1;
      console.log(
        `${good ? 'ok ' : 'NOT'} ${name}: ${result.compared} measures, largest difference ${result.worst.toExponential(1)} of ${result.of}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

void main();
