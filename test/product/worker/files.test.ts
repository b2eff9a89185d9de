import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DataError } from '../../../src/data/dataset';
import { confinedFiles } from '../../../src/worker/files';

describe('files of an experiment', () => {
  let base: string;
  let root: string;

  beforeEach(() => {
    base = mkdtempSync(path.join(tmpdir(), 'bias-lab-files-'));
    root = path.join(base, 'root');
    mkdirSync(path.join(root, 'sub'), { recursive: true });
    writeFileSync(path.join(root, 'data.csv'), 'a,b\n1,2\n');
    writeFileSync(path.join(root, 'sub', 'own.csv'), 'own');
    writeFileSync(path.join(base, 'secret.csv'), 'secret');
    mkdirSync(path.join(base, 'root-like'));
    writeFileSync(path.join(base, 'root-like', 'data.csv'), 'secret');
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  /** Reads from root/sub/x.bias.json. */
  const read = (relativePath: string, options: { root?: string | null; limit?: number } = {}): Promise<string> =>
    confinedFiles(
      { path: path.join(root, 'sub', 'x.bias.json'), root: options.root === undefined ? root : options.root },
      options.limit,
    ).readText(relativePath);

  async function refusal(promise: Promise<string>): Promise<string> {
    const error = await promise.then(
      (text) => assert.fail(`was read: ${text}`),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof DataError, String(error));
    assert.equal(error.pointer, '/data/path');
    assert.doesNotMatch(error.message, /[\0\n]/);
    return error.code;
  }

  it('reads relative to the folder of the experiment', async () => {
    assert.equal(await read('own.csv'), 'own');
    assert.equal(await read('../data.csv'), 'a,b\n1,2\n');
    assert.equal(await read('./../sub//own.csv'), 'own');
  });

  it('drops the byte order mark', async () => {
    writeFileSync(path.join(root, 'bom.csv'), '\uFEFFa,b');
    assert.equal(await read('../bom.csv'), 'a,b');
  });

  it('reads nothing outside the root', async () => {
    for (const attempt of [
      '../../secret.csv',
      '../../root-like/data.csv',
      '../..',
      path.join(base, 'secret.csv'),
      path.join(root, 'data.csv'),
      '/etc/passwd',
      'C:\\data.csv',
      '\\\\host\\share\\data.csv',
    ]) {
      assert.equal(await refusal(read(attempt)), 'data.path.outside', attempt);
    }
  });

  it('does not tell whether a file outside exists', async () => {
    assert.equal(await refusal(read('../../secret.csv')), await refusal(read('../../missing.csv')));
  });

  it('takes the folder of the file for the root when there is none', async () => {
    assert.equal(await read('own.csv', { root: null }), 'own');
    assert.equal(await refusal(read('../data.csv', { root: null })), 'data.path.outside');
  });

  it('follows a symbolic link only where it stays inside', async () => {
    symlinkSync('../data.csv', path.join(root, 'sub', 'inside.csv'));
    symlinkSync('../../secret.csv', path.join(root, 'sub', 'outside.csv'));
    symlinkSync(base, path.join(root, 'sub', 'up'));
    symlinkSync('circle.csv', path.join(root, 'sub', 'circle.csv'));
    symlinkSync('nowhere.csv', path.join(root, 'sub', 'dangling.csv'));
    assert.equal(await read('inside.csv'), 'a,b\n1,2\n');
    assert.equal(await refusal(read('outside.csv')), 'data.path.outside');
    assert.equal(await refusal(read('up/secret.csv')), 'data.path.outside');
    assert.equal(await refusal(read('circle.csv')), 'data.path.unreadable');
    assert.equal(await refusal(read('dangling.csv')), 'data.path.missing');
  });

  it('works in a root that is itself reached by a link', async () => {
    const link = path.join(base, 'link');
    symlinkSync(root, link);
    assert.equal(await confinedFiles({ path: path.join(link, 'x.bias.json'), root: link }).readText('data.csv'), 'a,b\n1,2\n');
  });

  it('refuses what is not a regular text file', async () => {
    execFileSync('mkfifo', [path.join(root, 'pipe.csv')]);
    symlinkSync('/dev/zero', path.join(root, 'zero.csv'));
    writeFileSync(path.join(root, 'binary.csv'), Buffer.from('a\0b'));
    writeFileSync(path.join(root, 'latin1.csv'), Buffer.from([0x61, 0xe9, 0x2c]));
    assert.equal(await refusal(read('../pipe.csv')), 'data.path.unreadable');
    assert.equal(await refusal(read('../zero.csv')), 'data.path.outside');
    assert.equal(await refusal(read('../zero.csv', { root: '/' })), 'data.path.unreadable');
    assert.equal(await refusal(read('../sub')), 'data.path.unreadable');
    assert.equal(await refusal(read('../binary.csv')), 'data.path.unreadable');
    assert.equal(await refusal(read('../latin1.csv')), 'data.path.unreadable');
  });

  it('refuses names that are none', async () => {
    assert.equal(await refusal(read('a\0.csv')), 'data.path.unreadable');
    assert.equal(await refusal(read('x'.repeat(1000))), 'data.path.unreadable');
    assert.equal(await refusal(read('missing.csv')), 'data.path.missing');
    assert.equal(await refusal(read('own.csv/deeper.csv')), 'data.path.missing');
  });

  it('has an upper limit of size, which is still allowed', async () => {
    assert.equal(await read('../data.csv', { limit: 8 }), 'a,b\n1,2\n');
    assert.equal(await refusal(read('../data.csv', { limit: 7 })), 'data.path.too-large');
  });

  it('knows no files beside an experiment that is not saved', async () => {
    assert.equal(await refusal(confinedFiles({ path: null, root }).readText('data.csv')), 'data.path.unreadable');
  });
});
