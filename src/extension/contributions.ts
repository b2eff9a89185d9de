/**
 * Everything that the extension contributes under a name: commands, settings, context keys, views, view types, key bindings.
 * `package.json` repeats it for the editor; a unit test compares the two in both directions.
 */

export const CATEGORY = 'Implicit Bias Lab';
/** A `when` clause that holds on an experiment file. */
export const WHEN_EXPERIMENT = 'resourceFilename =~ /\\.bias\\.json$/';

/** A `when` clause that holds on what a run or a sweep leaves as JSON. */
export const WHEN_REPORT = 'resourceFilename =~ /(report|sweep)\\.json$/';

export interface CommandInfo {
  readonly id: string;
  readonly title: string;
  readonly icon?: string;
}

export const COMMANDS = {
  run: { id: 'biasLab.run', title: 'Run Experiment', icon: '$(play)' },
  runSweep: { id: 'biasLab.runSweep', title: 'Run Sweep', icon: '$(run-all)' },
  cancel: { id: 'biasLab.cancel', title: 'Cancel Run', icon: '$(debug-stop)' },
  newExperiment: { id: 'biasLab.newExperiment', title: 'New Experiment…', icon: '$(new-file)' },
  showPrediction: { id: 'biasLab.showPrediction', title: 'Show Prediction Details', icon: '$(book)' },
  tryNeighbour: { id: 'biasLab.tryNeighbour', title: 'Try a Neighbour…', icon: '$(arrow-swap)' },
  openResults: { id: 'biasLab.openResults', title: 'Open Results', icon: '$(graph-line)' },
  check: { id: 'biasLab.check', title: 'Check Experiment', icon: '$(checklist)' },
  compareRuns: { id: 'biasLab.compareRuns', title: 'Compare Runs…', icon: '$(git-compare)' },
  reopenRun: { id: 'biasLab.reopenRun', title: 'Reopen Run…', icon: '$(open-preview)' },
  openRunFile: { id: 'biasLab.openRunFile', title: 'Open Experiment File of Run', icon: '$(go-to-file)' },
  deleteRun: { id: 'biasLab.deleteRun', title: 'Delete Run…', icon: '$(trash)' },
  clearHistory: { id: 'biasLab.clearHistory', title: 'Clear History…', icon: '$(clear-all)' },
  exportReport: { id: 'biasLab.exportReport', title: 'Export Report…', icon: '$(export)' },
  exportScript: { id: 'biasLab.exportScript', title: 'Export as PyTorch Script…', icon: '$(file-code)' },
  pinRun: { id: 'biasLab.pinRun', title: 'Pin Run…', icon: '$(pin)' },
  unpinRun: { id: 'biasLab.unpinRun', title: 'Unpin Run…', icon: '$(pinned)' },
  renameRun: { id: 'biasLab.renameRun', title: 'Rename Run…', icon: '$(edit)' },
  annotateRun: { id: 'biasLab.annotateRun', title: 'Write a Note on Run…', icon: '$(note)' },
  findResult: { id: 'biasLab.findResult', title: 'Find Result…', icon: '$(search)' },
  openExample: { id: 'biasLab.openExample', title: 'Open Example…', icon: '$(go-to-file)' },
  runExamples: { id: 'biasLab.runExamples', title: 'Run All Examples', icon: '$(run-all)' },
  cancelExamples: { id: 'biasLab.cancelExamples', title: 'Cancel Running Examples', icon: '$(debug-stop)' },
  openReport: { id: 'biasLab.openReport', title: 'Open Report…', icon: '$(open-preview)' },
  copyCitation: { id: 'biasLab.copyCitation', title: 'Copy Citation as BibTeX…', icon: '$(references)' },
  openNotes: { id: 'biasLab.openNotes', title: 'Open Notes on Result…', icon: '$(notebook)' },
  showLog: { id: 'biasLab.showLog', title: 'Show Log', icon: '$(output)' },
} as const satisfies Readonly<Record<string, CommandInfo>>;

export type CommandName = keyof typeof COMMANDS;

export interface NumberSetting {
  readonly key: string;
  readonly type: 'integer';
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface BooleanSetting {
  readonly key: string;
  readonly type: 'boolean';
  readonly default: boolean;
}

export interface ChoiceSetting {
  readonly key: string;
  readonly type: 'string';
  readonly default: string;
  readonly enum: readonly string[];
}

export const SETTINGS = {
  historyLimit: { key: 'biasLab.history.limit', type: 'integer', default: 50, minimum: 0, maximum: 500 },
  workers: { key: 'biasLab.compute.workers', type: 'integer', default: 0, minimum: 0, maximum: 64 },
  memoryLimit: { key: 'biasLab.compute.memoryLimit', type: 'integer', default: 2048, minimum: 64, maximum: 65536 },
  sweepEngine: { key: 'biasLab.sweep.engine', type: 'string', default: 'local', enum: ['local', 'parallel', 'slurm'] },
  sweepTasks: { key: 'biasLab.sweep.tasks', type: 'integer', default: 0, minimum: 0, maximum: 100_000 },
  sweepRunsPerTask: { key: 'biasLab.sweep.runsPerTask', type: 'integer', default: 0, minimum: 0, maximum: 10_000 },
  codeLens: { key: 'biasLab.codeLens.enabled', type: 'boolean', default: true },
} as const satisfies Readonly<Record<string, NumberSetting | BooleanSetting | ChoiceSetting>>;

export const CONTEXT_KEYS = {
  /** Paths whose experiment is running, for `resourcePath in …`: the window of a remote host knows the files under another URI. */
  runningFiles: 'biasLab.runningFiles',
  /** Whether any run is going on. */
  running: 'biasLab.running',
  /** Whether the examples of the gallery are running. */
  examplesRunning: 'biasLab.examplesRunning',
  /** Whether the history holds a run. */
  hasRuns: 'biasLab.hasRuns',
} as const;

export const VIEW_CONTAINER = 'biasLab';
export const VIEWS = { runs: 'biasLab.runs', gallery: 'biasLab.gallery' } as const;
/** `viewItem` of the entries of the runs view. */
export const RUN_ITEM = { finished: 'biasLab.run', pinned: 'biasLab.run.pinned', running: 'biasLab.run.running' } as const;
/** `viewItem` of the entries of the gallery. */
export const GALLERY_ITEM = { group: 'biasLab.group', result: 'biasLab.result', example: 'biasLab.example' } as const;
export const TESTS = { controller: 'biasLab.expectations' } as const;
export const VIEW_TYPES = { results: 'biasLab.results' } as const;

export interface KeyBinding {
  readonly command: CommandName;
  readonly key: string;
  readonly mac: string;
  readonly when: string;
}

export const KEY_BINDINGS: readonly KeyBinding[] = [
  { command: 'run', key: 'ctrl+alt+enter', mac: 'cmd+alt+enter', when: `editorTextFocus && ${WHEN_EXPERIMENT}` },
];
