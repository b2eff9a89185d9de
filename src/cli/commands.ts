import type { checkCommand } from './check-command';
import type { dataCommand } from './data-command';
import type { exportCommand } from './export-command';
import type { predictCommand } from './predict-command';
import type { runCommand } from './run-command';
import type { sweepCommand } from './sweep-command';
import type { sweepTaskCommand } from './sweep-task-command';

/** What the words of the command line call. */
export interface Commands {
  readonly run: typeof runCommand;
  readonly sweep: typeof sweepCommand;
  readonly sweepTask: typeof sweepTaskCommand;
  readonly predict: typeof predictCommand;
  readonly check: typeof checkCommand;
  readonly data: typeof dataCommand;
  readonly export: typeof exportCommand;
}

/** Each brings its code with it when it is called: a call for help loads none, a check nothing of sweeps. */
export const COMMANDS: Commands = {
  run: async (...call) => (await import('./run-command')).runCommand(...call),
  sweep: async (...call) => (await import('./sweep-command')).sweepCommand(...call),
  sweepTask: async (...call) => (await import('./sweep-task-command')).sweepTaskCommand(...call),
  predict: async (...call) => (await import('./predict-command')).predictCommand(...call),
  check: async (...call) => (await import('./check-command')).checkCommand(...call),
  data: async (...call) => (await import('./data-command')).dataCommand(...call),
  export: async (...call) => (await import('./export-command')).exportCommand(...call),
};
