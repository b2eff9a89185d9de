/** An experiment as one Python file (numpy and torch alone, double precision) with the same data, start, optimizer and reference. */
import type { Experiment } from '../experiment/schema';
import type { ResolvedRun } from '../protocol/compute';
import { ExportError } from './export-error';
import { pythonLoss } from './python-loss';
import { pythonMeasures } from './python-measures';
import { pythonModel } from './python-model';
import { pythonOptimizer } from './python-optimizer';
import { filled, pythonList, pythonNumber, pythonProse, pythonTensor, pythonText } from './python-values';

/** Numbers that a readable file may hold. */
const MOST_NUMBERS = 2_000_000;
/** Where the file has no limit of its own: a script is for reading and for trying, not for a million steps of eager torch. */
const DEFAULT_STEPS = 10_000;
/** Below it the loss underflows in a naive sum; the lab goes on in the log domain. */
const LEAST_LOG_LOSS = -500;

/**
 * @param run of an experiment without errors
 * @param name of the script, for its own help
 * @throws ExportError where the experiment has no counterpart, or too many numbers for a file
 */
export function pythonScript(run: ResolvedRun, name: string): string {
  const experiment = run.experiment as Experiment;
  const { data, references } = run;
  const numbers = data.x.length * data.features + run.blocks.reduce((sum, { values }) => sum + values.length, 0);
  if (numbers > MOST_NUMBERS) throw new ExportError(`the script would hold ${numbers} numbers, at most ${MOST_NUMBERS} are written`);
  const model = pythonModel(experiment.model, run);
  const reference = references.find(({ role, predictor }) => role === 'predicted' && predictor !== null);
  const onMargins = !['square', 'cross-entropy'].includes(experiment.loss.kind);
  const measures = pythonMeasures(run.measures, {
    needs: new Set([
      ...(onMargins && run.outputs === 1 ? (['margins'] as const) : []),
      ...(model.linear ? (['predictor'] as const) : []),
      ...(reference !== undefined && model.linear ? (['predicted'] as const) : []),
      ...(data.test === null ? [] : (['test'] as const)),
      ...(experiment.model.kind === 'matrix-factorization' ? (['matrix'] as const) : []),
      ...(run.degree === null ? [] : (['degree'] as const)),
    ]),
    singularValues: data.matrix === null ? 0 : Math.min(data.matrix.rows, data.matrix.columns),
  });
  return [
    header(run, experiment, name, measures.left),
    dataSection(run),
    section('model', model.code, ...(model.linear ? [predictorOf(experiment, run.outputs)] : [])),
    startSection(run),
    section('loss', pythonLoss(experiment.loss)),
    section('optimizer', constants(run, experiment), pythonOptimizer(experiment.optimizer, run)),
    ...(reference === undefined ? [] : [section('reference', referenceOf(reference))]),
    section('measures', measures.code),
    section('main', main(experiment)),
  ].join('\n\n\n');
}

function section(title: string, ...parts: readonly string[]): string {
  return `# ${'-'.repeat(70)} ${title}\n${parts.join('\n\n\n')}`;
}

function header(run: ResolvedRun, { title, notes }: Experiment, name: string, left: readonly string[]): string {
  const [prediction] = run.predictions;
  const paragraphs = [
    title === '' ? 'An experiment of Implicit Bias Lab.' : title,
    ...(notes === undefined ? [] : typeof notes === 'string' ? [notes] : notes),
    ...(prediction === undefined
      ? ['No published result of the catalogue speaks of it.']
      : [
          `${prediction.applies ? 'Prediction' : 'Nearest result, which does not apply'}: ${prediction.statement} ${prediction.formula}`,
          `${prediction.citation.authors}, ${prediction.citation.title}, ${prediction.citation.venue}, ${prediction.citation.year}.`,
        ]),
    `Written by Implicit Bias Lab ${run.version}; fingerprint of the experiment: ${run.fingerprint}. The same data, start, steps and batches: after the same number of steps the same numbers, up to rounding.`,
    ...(left.length === 0 ? [] : [`Measured by the lab alone: ${left.join(', ')}.`]),
  ];
  const use = `    python3 ${name}              as many steps as the experiment has\n    python3 ${name} --steps 100`;
  return `#!/usr/bin/env python3
"""
${pythonProse(`${paragraphs.map((paragraph) => filled(paragraph)).join('\n\n')}\n\n${use}`)}
"""
import argparse
import json

import numpy as np
import torch

torch.set_default_dtype(torch.float64)`;
}

function dataSection({ data }: ResolvedRun): string {
  const { x, y, test, matrix, features } = data;
  const observed = matrix?.observed ?? null;
  const inputs = observed === null ? pythonTensor(x.flat(), x.length, features) : `torch.tensor(\n    ${pythonList(observed, '     ')}\n)`;
  const comment =
    matrix === null
      ? `# ${y.length} samples of ${features} features${data.featureNames === null ? '' : `: ${pythonProse(data.featureNames.join(', ')).replaceAll('\n', ' ')}`}`
      : observed === null
        ? `# ${y.length} measurements of a ${matrix.rows} x ${matrix.columns} matrix, flattened row by row`
        : `# ${y.length} observed entries of a ${matrix.rows} x ${matrix.columns} matrix: their places, counted row by row`;
  return section(
    'data',
    [
      `${comment}\nX = ${inputs}`,
      `Y = ${pythonTensor(y)}`,
      ...(test === null ? [] : [`X_TEST = ${pythonTensor(test.x.flat(), test.x.length, features)}`, `Y_TEST = ${pythonTensor(test.y)}`]),
    ].join('\n'),
  );
}

function startSection({ blocks }: ResolvedRun): string {
  return section(
    'start',
    [
      `# ${blocks.map(({ name, rows, columns }) => `${name} (${rows} x ${columns})`).join(', ')}`,
      `START = [\n${blocks.map(({ values, rows, columns }) => `    ${pythonTensor(values, rows, columns).replaceAll('\n', '\n    ')},`).join('\n')}\n]`,
      `BIASES = [${blocks.map(({ bias }) => (bias ? 'True' : 'False')).join(', ')}]`,
      `TRAINED = [${blocks.map(({ trained }) => (trained ? 'True' : 'False')).join(', ')}]`,
    ].join('\n'),
  );
}

function predictorOf({ model }: Experiment, outputs: number): string {
  const body =
    model.kind === 'matrix-factorization'
      ? 'return matrix(theta).reshape(-1)'
      : model.kind === 'linear' && model.bias
        ? 'return torch.cat([block.reshape(-1) for block in theta])'
        : `return model(theta, torch.eye(X.shape[1]))${outputs === 1 ? '' : '.T'}.reshape(-1)`;
  return `def predictor(theta):\n    """The vector w of the linear function that the model is."""\n    ${body}`;
}

function constants({ degree }: ResolvedRun, { optimizer, loss, stop }: Experiment): string {
  return [
    ...(degree === null ? [] : [`# Degree of homogeneity of the model in its parameters.\nDEGREE = ${degree}`]),
    ...(optimizer.kind === 'gradient-flow'
      ? [
          `TOLERANCE = ${pythonNumber(Math.max(optimizer.tolerance, 1e-11))}`,
          `LOGARITHMIC = ${loss.kind === 'square' || loss.kind === 'squared-hinge' ? 'False' : 'True'}`,
          `LEAST_LOG_LOSS = ${pythonNumber(Math.max(stop.logLoss ?? -Infinity, LEAST_LOG_LOSS))}`,
        ]
      : []),
  ].join('\n');
}

function referenceOf({ title, objective, certificate, predictor }: ResolvedRun['references'][number]): string {
  return [
    `# ${pythonProse(title).replaceAll('\n', ' ')}, solved by the lab: objective ${objective}; ${certificate.kind} ${certificate.value}.`,
    ...filled(pythonProse(certificate.says).replaceAll('\n', ' '))
      .split('\n')
      .map((line) => `# ${line}`),
    `REFERENCE = ${pythonTensor(predictor ?? [])}`,
  ].join('\n');
}

function main({ title, stop }: Experiment): string {
  return `if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=${pythonText(title)})
    arguments.add_argument("--steps", type=int, default=${stop.steps ?? DEFAULT_STEPS}, help="steps at most (default: %(default)s)")
    steps = arguments.parse_args().steps
    theta, taken = train([block.clone() for block in START], steps)
    print(json.dumps({"steps": taken, "measures": measures(theta)}, indent=1))
`;
}
