import assert from 'node:assert/strict';
import { DataError } from '../../../src/data/dataset';
import { loadData } from '../../../src/data/load-data';
import { checkAgainstData, checkMeaning } from '../../../src/experiment/meaning';
import { parseExperiment } from '../../../src/experiment/parse';
import type { Diagnostic } from '../../../src/protocol/compute';
import { LIMITS } from '../../../src/protocol/limits';
import { COMPLETE, hostileFiles, type HostileFile } from './corpus';

/** Of processor time: how long one waits on an idle machine. */
const SECONDS = 2;

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Every diagnostic can be shown: a code, words, a range inside the text, repairs inside the text. */
function assertShowable(diagnostics: readonly Diagnostic[], text: string, name: string): void {
  assert.ok(diagnostics.length <= LIMITS.diagnostics, name);
  for (const { code, message, offset, length, line, column, pointer, fixes } of diagnostics) {
    assert.match(code, /^[a-z]+(\.[a-z-]+)+$/, name);
    assert.match(message, /\w{3}.*[.?]$/s, name);
    assert.ok(message.length < 1000, `${name}: ${message.length} characters`);
    assert.ok(offset >= 0 && length >= 0 && offset + length <= text.length, `${name}: ${offset} + ${length} of ${text.length}`);
    assert.ok(line >= 1 && column >= 1, name);
    assert.ok(pointer === '' || pointer.startsWith('/'), name);
    for (const fix of fixes) {
      assert.ok(fix.title.length < 200, name);
      for (const change of fix.changes) assert.ok(change.offset >= 0 && change.offset + change.length <= text.length, name);
    }
  }
}

function findings(text: string): { readonly diagnostics: readonly Diagnostic[]; readonly parsed: ReturnType<typeof parseExperiment> } {
  const parsed = parseExperiment(text);
  const { experiment, document } = parsed;
  return { parsed, diagnostics: experiment === null ? parsed.diagnostics : checkMeaning(experiment, document) };
}

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

describe('hostile files', () => {
  const files = hostileFiles();

  it('are many, with names of their own', () => {
    assert.ok(files.length >= 300, String(files.length));
    assert.equal(new Set(files.map(({ name }) => name)).size, files.length);
  });

  it('are made from experiments that are correct', () => {
    for (const base of COMPLETE) assert.deepEqual(findings(JSON.stringify(base)).diagnostics.filter(isError), []);
  });

  it(`get an answer within ${SECONDS} s that can be shown; those that are wrong get an error`, function () {
    this.timeout(60_000);
    for (const file of files) {
      const { text, name } = file;
      const start = processorSeconds();
      const { diagnostics } = findings(text);
      const seconds = processorSeconds() - start;
      assert.ok(seconds < SECONDS, `${name} took ${seconds} s`);
      assertShowable(diagnostics, text, name);
      assert.equal(diagnostics.some(isError), file.refused === 'file', `${name}: ${diagnostics.map(({ message }) => message).join(' ')}`);
    }
    assert.equal(({} as Record<string, unknown>).polluted, undefined, 'no prototype was changed');
  });

  it('that name bad csv files are refused by the loader or by what it finds', async function () {
    this.timeout(60_000);
    for (const file of files.filter(({ refused }) => refused === 'data')) {
      const start = processorSeconds();
      const diagnostics = await loaded(file);
      const seconds = processorSeconds() - start;
      assert.ok(seconds < SECONDS, `${file.name} took ${seconds} s`);
      assertShowable(diagnostics, file.text, file.name);
      assert.ok(diagnostics.some(isError), file.name);
    }
  });
});

/** What is said of a file whose csv file holds these bytes; a path that leads elsewhere holds nothing here. */
async function loaded({ text, files = [] }: HostileFile): Promise<readonly Diagnostic[]> {
  const { experiment, document } = parseExperiment(text);
  assert.ok(experiment);
  const extra = files.find(({ path }) => path === 'data.csv');
  const readText = async (): Promise<string> => {
    if (extra === undefined || !('content' in extra)) throw new DataError('data.path.missing', '/data/path', 'The file does not exist.');
    return typeof extra.content === 'string' ? extra.content : Buffer.from(extra.content).toString('utf8');
  };
  try {
    const data = await loadData(experiment.data, experiment.seed, { readText });
    return checkAgainstData(experiment, document, {
      samples: data.samples,
      features: data.features,
      outputs: 1,
      targets: data.y,
      lambdaMax: null,
    });
  } catch (error) {
    assert.ok(error instanceof DataError, String(error));
    return [document.diagnose({ code: error.code, message: error.message, pointer: error.pointer })];
  }
}
