import { Command, CommanderError } from 'commander';
import { VERSION } from '../worker/version';
import type { Commands } from './commands';
import { diagnosticLine } from './diagnostic-line';
import { EXIT, type ExitStatus } from './exit-status';
import { NotText } from './experiment-file';
import type { ExportCommandOptions } from './export-command';
import { paintFor } from './paint';
import type { SweepCommandOptions } from './sweep-command';
import { isDebugging, type Terminal } from './terminal';
import { printable, printableLines } from './terminal-text';
import { UsageError } from './usage-error';

/** The command line, apart from the process it runs in. Never rejects. */
export async function main(argv: readonly string[], terminal: Terminal, commands: Commands): Promise<ExitStatus> {
  try {
    let status: ExitStatus = EXIT.ok;
    const program = createProgram(terminal, commands, (ended) => (status = ended));
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    // Commander has written its line already; a call that only asks for help or the version is no mistake.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.wrong;
    const says = error instanceof Error ? error.message : String(error);
    if (error instanceof NotText) {
      terminal.stderr.write(diagnosticLine(error.file, error.diagnostic, paintFor(terminal.stderr, terminal.env)));
      return EXIT.wrong;
    }
    if (error instanceof UsageError) {
      writeError(terminal, says);
      return EXIT.wrong;
    }
    writeError(terminal, `internal error: ${says}${isDebugging(terminal) ? '' : ' (a bug in the lab; BIAS_LAB_DEBUG=1 shows where)'}`);
    if (isDebugging(terminal) && error instanceof Error && error.stack !== undefined)
      terminal.stderr.write(`${printableLines(error.stack)}\n`);
    return EXIT.unanswered;
  }
}

function writeError({ stderr, env }: Terminal, text: string): void {
  stderr.write(`${paintFor(stderr, env).bad('error:')} ${printable(text)}\n`);
}

const JSON_OPTION = ['--json <PATH>', 'write JSON to PATH, or to standard output with "-"'] as const;

function createProgram(terminal: Terminal, commands: Commands, end: (status: ExitStatus) => void): Command {
  const { stdout, stderr } = terminal;
  const program = new Command('bias-lab');
  program
    .description('Predict, run and verify the implicit bias of learning algorithms.')
    .version(VERSION, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // A suggestion comes on a line of its own; one line is enough.
      outputError: (text) => writeError(terminal, text.replace(/^error: /, '').trimEnd()),
      getOutHelpWidth: () => stdout.columns(),
      getErrHelpWidth: () => stderr.columns(),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      'after',
      `
Examples:
  $ bias-lab run examples/c1-max-margin.bias.json
  $ bias-lab predict examples/c1-max-margin.bias.json
  $ bias-lab check experiments/*.bias.json

Exit status:
  0  done and as expected
  1  done, but not as the file expects (without "expect": it disagrees)
  2  the file or the call is wrong; it was not run
  3  the run ended without an answer: diverged, stuck, or a limit reached
  130  cancelled

NO_COLOR=1 turns colours off,
BIAS_LAB_DEBUG=1 shows the stack of an internal error.`,
    );

  program
    .command('run')
    .summary('predict, train, solve and judge')
    .description(
      'Predict, train, solve the predicted problem with a certificate, and judge.\n\n' +
        'A summary goes to standard error. With --json the report is written (for several files: an array of reports ' +
        'in their order, null where there is none), without it the verdict in one sentence is printed.',
    )
    .argument('<FILE...>', 'experiments (*.bias.json)')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ bias-lab run a.bias.json                       summary and verdict
  $ bias-lab run a.bias.json --json a.report.json  write the report
  $ bias-lab run a.bias.json --json - | jq .verdict
  $ bias-lab run experiments/*.bias.json           several, at the same time

Of several files the worst exit status counts: 130, 2, 3, 1, 0.`,
    )
    .action(async (files: string[], options: { json?: string }) => end(await commands.run(files, options, terminal)));

  program
    .command('sweep')
    .summary('run every point of a sweep')
    .description(
      'Run the experiment at every point of its "sweep", as many at a time as there are cores.\n\n' +
        'Each result is kept in a file of its own: after a stop of any kind the same call runs what is missing and ' +
        'nothing twice. A table goes to standard error; with --json the summary is written.\n\n' +
        'With --engine slurm the points are an array job of Slurm, with --engine parallel tasks of GNU parallel, several ' +
        'points a task. The folder of the results must be there under the same path on every machine.',
    )
    .argument('<FILE>', 'experiment with a sweep (*.bias.json)')
    .option('--engine <NAME>', 'who runs them: local, slurm or parallel', 'local')
    .option('--jobs <N>', 'runs or tasks at a time (default: as many as there are cores; of Slurm: as many as it gives)')
    .option('--per-task <N>', 'points a task of slurm and parallel (default: so that there are at most 64 tasks)')
    .option('--out <DIR>', 'folder for the results (default: .bias-lab/NAME beside the file)')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ bias-lab sweep a.bias.json
  $ bias-lab sweep a.bias.json --jobs 2 --out results/a
  $ SBATCH_PARTITION=short bias-lab sweep a.bias.json --engine slurm --jobs 50
  $ PARALLEL="--sshloginfile hosts" bias-lab sweep a.bias.json --engine parallel
  $ bias-lab sweep a.bias.json --json - | jq '.cells[].measures.testLoss.median'`,
    )
    .action(async (file: string, options: SweepCommandOptions) => end(await commands.sweep(file, options, terminal)));

  program
    .command('sweep-task', { hidden: true })
    .description('Run one task of a sweep that has been submitted to a cluster; called by the cluster.')
    .argument('<DIR>', 'folder of the sweep')
    .argument('<N>', 'number of the task, from 0')
    .action(async (folder: string, task: string) => end(await commands.sweepTask(folder, task, terminal)));

  program
    .command('predict')
    .summary('say what theory predicts, train nothing')
    .description(
      'Say which published results speak of the experiment, what they predict and whether their conditions hold on the data. Nothing is trained.',
    )
    .argument('<FILE>', 'experiment (*.bias.json)')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ bias-lab predict a.bias.json
  $ bias-lab predict a.bias.json --json - | jq '.predictions[0].conditions'`,
    )
    .action(async (file: string, options: { json?: string }) => end(await commands.predict(file, options, terminal)));

  program
    .command('check')
    .summary('report what is wrong in experiments')
    .description(
      'Report what is wrong or questionable, one line each:\n\n  file:line:column: severity code message\n\nExit status 2 when there is an error, 0 with warnings alone.',
    )
    .argument('<FILE...>', 'experiments (*.bias.json)')
    .addHelpText(
      'after',
      `
Examples:
  $ bias-lab check a.bias.json
  $ bias-lab check experiments/*.bias.json`,
    )
    .action(async (files: string[]) => end(await commands.check(files, terminal)));

  program
    .command('data')
    .summary('print the data that an experiment resolves to')
    .description('Print the samples that the experiment trains on, generated or read, as JSON: x, y, featureNames, truth, test.')
    .argument('<FILE>', 'experiment (*.bias.json)')
    .addHelpText(
      'after',
      `
Examples:
  $ bias-lab data a.bias.json
  $ bias-lab data a.bias.json | jq '.x | length'`,
    )
    .action(async (file: string) => end(await commands.data(file, terminal)));

  program
    .command('export')
    .summary('write a script or a run in another form')
    .description(
      'Write an experiment as a Python script, or a run as comma-separated values or as a page.\n\n' +
        'pytorch  the same data, start, optimizer and reference in one readable file\n' +
        '         (numpy and torch, double precision)\n' +
        'csv      the curves of the run, one column a measure\n' +
        'html     the whole report as one page that needs nothing beside it\n\n' +
        'For csv and html the experiment is run; a saved report (bias-lab run --json, or sweep.json) is taken as it is.',
    )
    .argument('<FILE>', 'experiment (*.bias.json) or report')
    .requiredOption('--to <FORMAT>', 'pytorch, csv or html')
    .option('--out <PATH>', 'file to write; "-" is standard output', '-')
    .addHelpText(
      'after',
      `
Examples:
  $ bias-lab export a.bias.json --to pytorch --out a.py
  $ bias-lab export a.bias.json --to csv --out a.csv
  $ bias-lab export a.report.json --to html --out a.html`,
    )
    .action(async (file: string, options: ExportCommandOptions) => end(await commands.export(file, options, terminal)));

  return program;
}
