import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HistoryStore } from '../../../src/extension/history-store';
import { encodeRecord, isRunId, newRunId } from '../../../src/extension/run-record';
import { aRecord } from './builders';

describe('history', () => {
  let folder: string;
  let limit: number;
  let warnings: string[];
  const open = async (): Promise<HistoryStore> => {
    const store = new HistoryStore({ folder, limit: () => limit, warn: (message) => warnings.push(message) });
    await store.loaded;
    return store;
  };
  const titles = (store: HistoryStore): readonly string[] => store.summaries().map(({ title }) => title);
  const files = (): readonly string[] => readdirSync(folder).sort();

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'bias-lab-history-')), 'runs');
    limit = 50;
    warnings = [];
  });
  afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

  it('keeps a run over a restart, its report with it', async () => {
    const record = aRecord(1);
    await (await open()).save(record);
    const again = await open();
    assert.deepEqual(titles(again), ['Run 1']);
    assert.deepEqual(await again.load(record.id), record);
  });

  it('lists the newest first', async () => {
    const store = await open();
    for (const number of [2, 3, 1]) await store.save(aRecord(number));
    assert.deepEqual(titles(store), ['Run 3', 'Run 2', 'Run 1']);
  });

  it('drops the oldest beyond the limit, their files too', async () => {
    limit = 2;
    const store = await open();
    for (const number of [1, 2, 3]) await store.save(aRecord(number));
    assert.deepEqual(titles(store), ['Run 3', 'Run 2']);
    assert.deepEqual(files(), [`${aRecord(2).id}.json`, `${aRecord(3).id}.json`]);
  });

  it('lets tests push out tests, and nothing that a user ran', async () => {
    limit = 3;
    const store = await open();
    await store.save(aRecord(1));
    for (const number of [2, 3, 4]) await store.save(aRecord(number, { origin: 'test' }));
    assert.deepEqual(titles(store), ['Run 4', 'Run 3', 'Run 1']);
    await store.save(aRecord(5));
    assert.deepEqual(titles(await open()), ['Run 5', 'Run 4', 'Run 1']);
  });

  it('follows a limit that becomes smaller', async () => {
    const store = await open();
    for (const number of [1, 2, 3]) await store.save(aRecord(number));
    limit = 1;
    await store.prune();
    assert.equal(files().length, 1);
  });

  it('keeps pinned runs whatever the limit is, and does not count them', async () => {
    limit = 1;
    const store = await open();
    await store.save(aRecord(1));
    assert.equal(await store.change(aRecord(1).id, { pinned: true }), true);
    for (const number of [2, 3]) await store.save(aRecord(number));
    assert.deepEqual(titles(store), ['Run 3', 'Run 1']);
    await store.clear();
    assert.deepEqual(titles(store), ['Run 1']);
    await store.delete([aRecord(1).id]);
    assert.deepEqual(files(), []);
  });

  it('lets go of a run that is unpinned beyond the limit', async () => {
    limit = 1;
    const store = await open();
    await store.save(aRecord(1, { pinned: true }));
    await store.save(aRecord(2));
    await store.change(aRecord(1).id, { pinned: false });
    assert.deepEqual(titles(await open()), ['Run 2']);
  });

  it('keeps a name and a note over a restart, and the report as it was', async () => {
    const store = await open();
    await store.save(aRecord(1));
    await store.change(aRecord(1).id, { title: 'The good one', note: 'with the larger step' });
    assert.deepEqual(await (await open()).load(aRecord(1).id), aRecord(1, { title: 'The good one', note: 'with the larger step' }));
  });

  it('changes no run that is not there', async () => {
    assert.equal(await (await open()).change(aRecord(1).id, { pinned: true }), false);
    assert.deepEqual(files(), []);
  });

  it('reads runs of versions that had no pins and notes, and did not ask who ran', async () => {
    await (await open()).save(aRecord(1));
    const { pinned: _, note: __, origin: ___, ...old } = { format: 1, ...aRecord(1) };
    writeFileSync(join(folder, `${aRecord(1).id}.json`), JSON.stringify(old));
    assert.deepEqual(await (await open()).load(aRecord(1).id), aRecord(1));
  });

  it('keeps nothing with a limit of 0', async () => {
    limit = 0;
    const store = await open();
    await store.save(aRecord(1));
    assert.deepEqual([titles(store), files()], [[], []]);
  });

  it('skips files that are torn, foreign or of another run, and says so', async () => {
    await (await open()).save(aRecord(1));
    writeFileSync(join(folder, `${aRecord(2).id}.json`), encodeRecord(aRecord(2)).slice(0, 50));
    writeFileSync(join(folder, `${aRecord(3).id}.json`), '{"format":1}');
    writeFileSync(join(folder, `${aRecord(4).id}.json`), encodeRecord(aRecord(5)));
    writeFileSync(join(folder, 'notes.json'), '[]');
    assert.deepEqual(titles(await open()), ['Run 1']);
    assert.equal(warnings.length, 3);
  });

  it('leaves no half-written files behind', async () => {
    const store = await open();
    await Promise.all([1, 2, 3, 4].map((number) => store.save(aRecord(number))));
    assert.equal(files().filter((name) => !name.endsWith('.json')).length, 0);
    assert.equal(files().length, 4);
  });

  it('deletes one, then all', async () => {
    const store = await open();
    for (const number of [1, 2, 3]) await store.save(aRecord(number));
    await store.delete([aRecord(2).id]);
    assert.deepEqual(titles(store), ['Run 3', 'Run 1']);
    await store.clear();
    assert.deepEqual([titles(store), files()], [[], []]);
  });

  it('attaches runs to a file that moved, on disk as well', async () => {
    const store = await open();
    await store.save(aRecord(1));
    await store.save(aRecord(2, { uri: 'file:///w/b.bias.json' }));
    await store.moved((uri) => (uri.endsWith('/a.bias.json') ? { uri: 'file:///w/c.bias.json', file: 'c.bias.json' } : null));
    const again = await open();
    assert.equal(again.latestOf('file:///w/c.bias.json')?.title, 'Run 1');
    assert.equal(again.latestOf('file:///w/b.bias.json')?.title, 'Run 2');
    assert.equal(again.latestOf('file:///w/a.bias.json'), undefined);
  });

  it('makes ids that sort by time and refuses any other as a file name', () => {
    const early = newRunId(new Date('2026-01-02T03:04:05.006Z'), 'ffffffff');
    const late = newRunId(new Date('2026-01-02T03:04:05.007Z'), '00000000');
    assert.ok(early < late);
    assert.ok(isRunId(early));
    for (const other of ['../../etc/passwd', `${early}/..`, '', null, 7]) assert.ok(!isRunId(other));
  });
});
