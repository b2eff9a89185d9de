/** Every link of a Markdown file to a file or a heading of the repository leads somewhere. */
import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ROOT } from '../../lanes/repository';

const SKIPPED = new Set(['node_modules', 'dist', 'out', '.git', '.vscode-test']);

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.isFile() && entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Without code, in which brackets are no links and # is no heading. */
function prose(text: string): string {
  return text
    .replace(/^ {0,3}(```|~~~)[^]*?^ {0,3}\1/gm, '')
    .replace(/^(?: {4}|\t).*$/gm, '')
    .replace(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()<>]/g, ''));
}

/** Anchors as GitHub makes them: letters, digits, - and _ stay, blanks become -, a repeated one is counted. */
function anchors(text: string): Set<string> {
  const found = new Set<string>();
  const seen = new Map<string, number>();
  for (const [, title] of prose(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/(^|\W)_([^_]+)_(?=\W|$)/g, '$1$2');
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    found.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return found;
}

function links(text: string): string[] {
  const visible = prose(text);
  return [
    ...[...visible.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(([, target]) => target),
    ...[...visible.matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)].map(([, target]) => target),
    ...[...visible.matchAll(/<(?:img|a)\b[^>]*\b(?:src|href)="([^"]+)"/g)].map(([, target]) => target),
  ];
}

/** What is wrong with a link, null when it leads somewhere. */
function complaint(file: string, target: string): string | null {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return null;
  const [path, anchor] = target.split('#', 2).map(decodeURIComponent);
  const destination = path === '' ? file : resolve(dirname(file), path);
  if (relative(ROOT, destination).startsWith('..')) return 'leaves the repository';
  if (!existsSync(destination)) return 'does not exist';
  if (anchor === undefined || statSync(destination).isDirectory() || !destination.endsWith('.md')) return null;
  return anchors(readFileSync(destination, 'utf8')).has(anchor) ? null : 'has no such heading';
}

describe('links in Markdown files', () => {
  const files = markdownFiles(ROOT);

  it('are found at all', () => {
    const sample = '# A `b` c\n## A b c\n[x](y.md#z) ![p](<q.png> "t")\n\n[r]: s.md\n\n```\n[no](no.md)\n# no\n```\n`[no](no.md)`\n';
    assert.deepEqual(links(sample), ['y.md#z', 'q.png', 's.md']);
    assert.deepEqual([...anchors(sample)], ['a-b-c', 'a-b-c-1']);
    assert.match(complaint(join(ROOT, 'README.md'), 'docs/no-such-page.md') ?? '', /does not exist/);
    assert.ok(files.length > 0);
  });

  for (const file of files) {
    it(relative(ROOT, file), () => {
      const broken = links(readFileSync(file, 'utf8')).flatMap((target) => {
        const wrong = complaint(file, target);
        return wrong === null ? [] : [`${target} ${wrong}`];
      });
      assert.deepEqual(broken, []);
    });
  }
});
