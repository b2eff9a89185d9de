/**
 * `npm run bench`: one JSON document on standard output, progress on standard error.
 *   --only NAME       loops, verdicts, starts of the editor ("editor-…"), cancelling ("cancel-…") whose name begins so; may be repeated
 *   --repetitions N   default 15 for loops; verdicts are run 3 times, cancelled 5 times
 *   --compare         the loops also in numpy, where a python3 with numpy is found: alternating, one thread
 * Relaxed SIMD is measured where the engine has it: Node 22 and newer; Node 20 has it behind a flag, which is set here.
 */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { isAvailable, KERNEL_VARIANTS, kernelVariant, type KernelVariant } from '../../src/numerics/wasm/kernels';
import { cancelNames, productIsBuilt, timeCancel, type CancelTime } from './cancelling';
import { extensionIsBuilt, startNames, timeStart, type StartTime } from './editor';
import { LOOPS, repeatLoop, stepsOf, type Loop, type Repetition } from './loops';
import { findPython, NumpyReference, type NumpyVersions } from './numpy-reference';
import { referenceNames, timeReference, type ReferenceTime } from './references';
import { summarize, type Summary } from './statistics';
import { cliIsBuilt, timeVerdict, verdictNames, type VerdictTime } from './verdicts';

interface LoopResult extends Summary {
  readonly name: string;
  readonly variant: KernelVariant | 'numpy';
  readonly unit: 'steps per second';
  readonly stepsPerRepetition: number;
}

interface Comparison {
  readonly name: string;
  readonly variant: KernelVariant;
  /** Ours over numpy's, of repetitions that followed each other. */
  readonly ratio: Summary;
  /** The same by the processor's time, which other work on the machine disturbs less. */
  readonly processorRatio: Summary;
  readonly reference: NumpyVersions;
}

if (process.versions.v8.startsWith('11.3.')) setFlagsFromString('--experimental-wasm-relaxed-simd');

const VARIANTS = KERNEL_VARIANTS.filter(isAvailable);
const WARM_UPS = 2;
const VERDICT_REPETITIONS = 3;
const REFERENCE_REPETITIONS = 5;
const CANCEL_REPETITIONS = 5;
/** Loops end at the same loss on all sides, up to rounding over thousands of steps. */
const SAME_LOSS = 1e-8;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    compare: { type: 'boolean', default: false },
    repetitions: { type: 'string', default: '15' },
  },
});

const says = (text: string): void => void process.stderr.write(`${text}\n`);
const wanted = (name: string): boolean => options.only === undefined || options.only.some((prefix) => name.startsWith(prefix));

async function main(): Promise<void> {
  const repetitions = Number(options.repetitions);
  if (!(Number.isInteger(repetitions) && repetitions > 0))
    throw new Error(`--repetitions: expected a positive integer, got ${options.repetitions}`);
  const python = options.compare ? findPython() : null;
  if (options.compare && python === null) says('No python3 with numpy was found; nothing is compared.');

  const starts: StartTime[] = [];
  if (startNames().some(wanted)) {
    says('editor');
    if (extensionIsBuilt()) starts.push(...timeStart(repetitions));
    else says('dist/extension.js is not built (npm run build); its start is not measured.');
  }

  const loops: LoopResult[] = [];
  const comparisons: Comparison[] = [];
  for (const loop of LOOPS.filter(({ name }) => wanted(name))) {
    says(loop.name);
    const measured = await measure(loop, repetitions, python);
    loops.push(...measured.results);
    comparisons.push(...measured.comparisons);
  }

  const references: ReferenceTime[] = [];
  for (const name of referenceNames().filter(wanted)) {
    says(name);
    references.push(timeReference(name, REFERENCE_REPETITIONS));
  }

  const cancelling: CancelTime[] = [];
  for (const name of cancelNames().filter(wanted)) {
    says(name);
    if (productIsBuilt()) cancelling.push(await timeCancel(name, CANCEL_REPETITIONS));
    else says('dist/worker.js and dist/cli.js are not built (npm run build); cancelling is not measured.');
  }

  const verdicts: VerdictTime[] = [];
  const names = verdictNames().filter(wanted);
  if (names.length > 0 && !cliIsBuilt()) says('dist/cli.js is not built (npm run build); no verdicts are measured.');
  else {
    for (const name of names) {
      says(name);
      verdicts.push(timeVerdict(name, VERDICT_REPETITIONS));
    }
  }

  const [cpu] = os.cpus();
  const machine = {
    cpu: cpu.model,
    cores: os.cpus().length,
    platform: `${os.platform()} ${os.arch()}`,
    node: process.version,
    v8: process.versions.v8,
  };
  const kernels = { default: kernelVariant(), available: VARIANTS };
  process.stdout.write(`${JSON.stringify({ machine, kernels, starts, loops, comparisons, references, cancelling, verdicts }, null, 1)}\n`);
}

async function measure(
  loop: Loop,
  repetitions: number,
  python: string | null,
): Promise<{ results: LoopResult[]; comparisons: Comparison[] }> {
  const reference = python === null ? null : new NumpyReference(python);
  try {
    const versions = (await reference?.load(loop)) ?? null;
    const repeated = new Map<KernelVariant | 'numpy', Repetition[]>(
      [...VARIANTS, ...(reference ? ['numpy' as const] : [])].map((who) => [who, []]),
    );
    await assertSameLoss(loop, reference);
    for (const variant of VARIANTS) for (let k = 0; k < WARM_UPS; k++) repeatLoop(loop, variant);
    for (let k = 0; k < repetitions; k++) {
      for (const [who, list] of repeated) {
        const repetition = who === 'numpy' ? await reference?.repeat(loop.steps.fast) : repeatLoop(loop, who);
        if (repetition !== undefined) list.push(repetition);
      }
    }
    const results = [...repeated].map(([variant, list]): LoopResult => ({
      name: loop.name,
      variant,
      unit: 'steps per second',
      ...summarize(list.map(({ stepsPerSecond }) => stepsPerSecond)),
      stepsPerRepetition: variant === 'numpy' ? loop.steps.fast : stepsOf(loop, variant),
    }));
    const numpy = repeated.get('numpy');
    const comparisons =
      versions === null || numpy === undefined
        ? []
        : VARIANTS.map((variant): Comparison => {
            const ours = repeated.get(variant) ?? [];
            const ratioOf = (speed: 'stepsPerSecond' | 'stepsPerProcessorSecond'): Summary =>
              summarize(ours.map((repetition, k) => repetition[speed] / numpy[k][speed]));
            return {
              name: loop.name,
              variant,
              ratio: ratioOf('stepsPerSecond'),
              processorRatio: ratioOf('stepsPerProcessorSecond'),
              reference: versions,
            };
          });
    return { results, comparisons };
  } finally {
    reference?.dispose();
  }
}

/** A comparison of different work is none. */
async function assertSameLoss(loop: Loop, reference: NumpyReference | null): Promise<void> {
  const steps = loop.steps.slow;
  const losses = VARIANTS.map((variant) => repeatLoop(loop, variant, steps).finalLoss);
  if (reference !== null) losses.push((await reference.repeat(steps)).finalLoss);
  for (const loss of losses) {
    if (!(Math.abs(loss / losses[0] - 1) < SAME_LOSS))
      throw new Error(`${loop.name}: the loop ends at different losses: ${losses.join(', ')}`);
  }
}

main().catch((error: unknown) => {
  says(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
