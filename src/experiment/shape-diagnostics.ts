/** Issues of the schema as diagnostics: what was expected, what was found, where, and how to repair it. */
import { LIMITS } from '../protocol/limits';
import type { z } from 'zod';
import type { Diagnostic, Fix } from '../protocol/compute';
import { fix, nameOf, pointerOf, type FileDocument, type Finding } from './document';
import { quote, shorten } from './json-mistakes';
import { nearestName } from './nearest-name';
import { experimentSchema } from './schema';
import { objectShapeAt, type ObjectShape } from './schema-walk';

type Issue = z.core.$ZodIssue;

/** JSON texts that a missing required key is filled with. */
const READY_MADE: Readonly<Record<string, string>> = {
  '/data': '{ "kind": "separable" }',
  '/model': '{ "kind": "linear" }',
  '/loss': '"logistic"',
  '/optimizer': '{ "kind": "gradient-flow" }',
  '/expect/verdict': '"agrees"',
  '/loss/kind': '"square"',
};

const EXPECTED: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object in braces',
  record: 'an object in braces',
};

/** A value for a message. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `the text ${quote(value)}`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  return shorten(String(value));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const segment of path) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, segment)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[segment];
  }
  return here;
}

function listed(names: readonly string[]): string {
  const quoted = names.map((name) => JSON.stringify(name));
  return quoted.length <= 1 ? (quoted[0] ?? '') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

class ShapeReader {
  private readonly found: Diagnostic[] = [];
  /** Pointers of missing keys, by their diagnostic. */
  private readonly missed = new Map<Diagnostic, string>();
  /** Pointers that an unknown key most likely means: that they are missing need not be said too. */
  private readonly misspelled = new Set<string>();

  constructor(
    private readonly document: FileDocument,
    private readonly root: unknown,
  ) {}

  read(issues: readonly Issue[], base: readonly PropertyKey[] = []): void {
    for (const issue of issues) {
      if (this.found.length >= LIMITS.diagnostics) return;
      this.issue(issue, [...base, ...issue.path]);
    }
  }

  answer(): Diagnostic[] {
    return this.found.filter((diagnostic) => !this.misspelled.has(this.missed.get(diagnostic) ?? '?'));
  }

  private add(finding: Finding): Diagnostic {
    const diagnostic = this.document.diagnose(finding);
    this.found.push(diagnostic);
    return diagnostic;
  }

  private issue(issue: Issue, path: readonly PropertyKey[]): void {
    const value = valueAt(this.root, path);
    const pointer = pointerOf(path);
    if (value === undefined && path.length > 0 && issue.code !== 'unrecognized_keys') {
      this.missing(path);
      return;
    }
    switch (issue.code) {
      case 'unrecognized_keys':
        for (const key of issue.keys.slice(0, LIMITS.diagnostics - this.found.length)) this.unknownKey(path, key);
        return;
      case 'invalid_type':
        this.type(path, EXPECTED[issue.expected] ?? issue.expected, value);
        return;
      case 'too_small':
      case 'too_big':
        this.range(issue, path, value);
        return;
      case 'invalid_value':
        this.choice(path, value, issue.values);
        return;
      case 'invalid_union':
        this.union(issue, path, value);
        return;
      default:
        this.add({ code: 'shape.type', message: `${capital(nameOf(path))}: ${issue.message}; found ${describeValue(value)}.`, pointer });
    }
  }

  private missing(path: readonly PropertyKey[]): void {
    const owner = path.slice(0, -1);
    const name = String(path.at(-1));
    const pointer = pointerOf(owner);
    const alternatives = name === 'kind' ? this.kindsAt(owner) : [];
    const kinds = alternatives.length > 0 ? `: expected ${listed(alternatives)}` : '';
    const ready = READY_MADE[pointerOf(path)];
    const texts = ready !== undefined ? [ready] : alternatives.map((kind) => JSON.stringify(kind));
    const fixes = texts.flatMap((text) =>
      this.fixOf(`Add ${JSON.stringify(name)}: ${text}`, this.document.addition(pointer, name, text), texts.length === 1),
    );
    const diagnostic = this.add({
      code: 'shape.missing',
      message: `${owner.length === 0 ? 'The experiment' : capital(nameOf(owner))} lacks ${JSON.stringify(name)}${kinds}.`,
      pointer,
      part: 'key',
      fixes,
    });
    this.missed.set(diagnostic, pointerOf(path));
  }

  private kindsAt(path: readonly PropertyKey[]): readonly string[] {
    const probe = objectShapeAt(experimentSchema, probeWith(this.root, path), path);
    return probe?.alternatives.map(({ kind }) => kind) ?? [];
  }

  private unknownKey(path: readonly PropertyKey[], key: string): void {
    const shape = objectShapeAt(experimentSchema, this.root, path);
    const pointer = pointerOf([...path, key]);
    const known = shape?.keys ?? [];
    const free = known.filter((name) => valueAt(this.root, [...path, name]) === undefined);
    const near = nearestName(key, free);
    const owners = shape?.alternatives.filter(({ keys }) => keys.includes(key)).map(({ kind }) => kind) ?? [];
    if (near !== null) this.misspelled.add(pointerOf([...path, near]));
    const fixes: Fix[] = [];
    const place = this.document.find(pointer);
    if (near !== null && place?.key) {
      fixes.push(fix(`Rename to ${JSON.stringify(near)}`, [{ ...place.key, text: JSON.stringify(near) }], owners.length === 0));
    }
    fixes.push(...this.fixOf(`Remove ${quote(key)}`, this.document.removal(pointer), near === null || owners.length > 0));
    this.add({ code: 'shape.unknown-key', message: unknownKeySays(key, shape, near, owners, path), pointer, part: 'key', fixes });
  }

  private type(path: readonly PropertyKey[], expected: string, value: unknown): void {
    const pointer = pointerOf(path);
    this.add({
      code: 'shape.type',
      message: `${capital(nameOf(path))}: expected ${expected}, found ${describeValue(value)}.`,
      pointer,
      fixes: [...conversions(expected, value), ...this.asKind(path, expected, value)].flatMap((text) =>
        this.fixOf(`Replace with ${text}`, this.document.replacement(pointer, text), true),
      ),
    });
  }

  /** A kind that stands where an object of that kind belongs. */
  private asKind(path: readonly PropertyKey[], expected: string, value: unknown): readonly string[] {
    if (typeof value !== 'string' || expected !== EXPECTED.object) return [];
    const kinds = this.kindsAt(path);
    const meant = kinds.includes(value) ? value : nearestName(value, kinds);
    return meant === null ? [] : [`{ "kind": ${JSON.stringify(meant)} }`];
  }

  private range(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, path: readonly PropertyKey[], value: unknown): void {
    const pointer = pointerOf(path);
    const small = issue.code === 'too_small';
    const bound = Number(small ? issue.minimum : issue.maximum);
    const inclusive = issue.inclusive !== false;
    const relation = small ? (inclusive ? 'at least' : 'more than') : inclusive ? 'at most' : 'less than';
    const counted = Array.isArray(value)
      ? [bound === 1 ? ' entry' : ' entries', `${value.length}`]
      : typeof value === 'string'
        ? [bound === 1 ? ' character' : ' characters', `${value.length}`]
        : null;
    // A closed bound can be set; an open one has no number that stands for it.
    const fixes =
      counted === null && inclusive && Number.isFinite(bound)
        ? this.fixOf(`Replace with ${bound}`, this.document.replacement(pointer, String(bound)), false)
        : [];
    this.add({
      code: 'shape.range',
      message: `${capital(nameOf(path))}: expected ${relation} ${bound}${counted?.[0] ?? ''}, found ${counted?.[1] ?? describeValue(value)}.`,
      pointer,
      fixes,
    });
  }

  private choice(path: readonly PropertyKey[], value: unknown, choices: readonly unknown[]): void {
    const pointer = pointerOf(path);
    if (pointer === '/format' && typeof value === 'number') {
      this.add({ code: 'shape.format', message: `This file has format ${value}: this version of the lab reads format 1.`, pointer });
      return;
    }
    const names = choices.filter((choice): choice is string => typeof choice === 'string');
    if (typeof value !== 'string') {
      const expected = names.length === choices.length ? listed(names) : `${choices.map((choice) => JSON.stringify(choice)).join(' or ')}`;
      this.add({ code: 'shape.type', message: `${capital(nameOf(path))}: expected ${expected}, found ${describeValue(value)}.`, pointer });
      return;
    }
    const near = nearestName(value, names);
    const offered = near === null ? names.map((name) => [name, false] as const) : [[near, true] as const];
    this.add({
      code: path.at(-1) === 'kind' || pointer === '/loss' ? 'shape.unknown-kind' : 'shape.unknown-value',
      message: `${capital(nameOf(path))}: expected ${listed(names)}, found ${quote(value)}.${near === null ? '' : ` Did you mean ${JSON.stringify(near)}?`}`,
      pointer,
      fixes: offered.flatMap(([name, preferred]) =>
        this.fixOf(`Replace with ${JSON.stringify(name)}`, this.document.replacement(pointer, JSON.stringify(name)), preferred),
      ),
    });
  }

  private union(issue: Extract<Issue, { code: 'invalid_union' }>, path: readonly PropertyKey[], value: unknown): void {
    if (issue.errors.length === 0) {
      this.choice(path, value, this.kindsAt(path.slice(0, -1)));
      return;
    }
    const ofRoot = (issues: readonly Issue[]): Issue | undefined => issues.find((error) => error.path.length === 0);
    // The branch that was meant: of an object or list, the one whose own type fits; of a text, the one that takes texts.
    const meant = issue.errors.find((errors) => {
      const own = ofRoot(errors)?.code;
      return value !== null && typeof value === 'object'
        ? own === undefined || own === 'unrecognized_keys'
        : typeof value === 'string' && own !== 'invalid_type';
    });
    if (meant !== undefined) {
      this.read(meant, path);
      return;
    }
    const wanted = issue.errors.flatMap((errors) => {
      const own = ofRoot(errors);
      if (own?.code === 'invalid_value') return own.values.map((choice) => JSON.stringify(choice));
      return own?.code === 'invalid_type' ? [EXPECTED[own.expected] ?? own.expected] : [];
    });
    this.type(path, [...new Set(wanted)].join(' or '), value);
  }

  private fixOf(title: string, change: { offset: number; length: number; text: string } | null, preferred: boolean): Fix[] {
    return change === null ? [] : [fix(title, [change], preferred)];
  }
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function unknownKeySays(
  key: string,
  shape: ObjectShape | null,
  near: string | null,
  owners: readonly string[],
  path: readonly PropertyKey[],
): string {
  const own = shape?.keys.filter((name) => name !== 'kind') ?? [];
  const who = shape?.kind ?? (path.length === 0 ? 'the experiment' : nameOf(path));
  if (owners.length > 0) {
    const has = own.length > 0 ? `it has ${own.join(', ')}` : 'it has no options';
    return `${capital(who)} has no ${quote(key)} (${owners.slice(0, -1).join(', ')}${owners.length > 1 ? ' and ' : ''}${owners.at(-1)} ${owners.length > 1 ? 'have' : 'has'} it): ${has}.`;
  }
  const offer =
    near !== null ? `did you mean ${JSON.stringify(near)}?` : own.length > 0 ? `expected one of ${own.join(', ')}.` : 'it has no options.';
  return `${capital(who)} has no key ${quote(key)}: ${offer}`;
}

/** Ways in which a value of the wrong type plainly means one of the right type. */
function conversions(expected: string, value: unknown): readonly string[] {
  if (typeof value === 'string' && expected.includes('number')) {
    const number = Number(value);
    const fits = value.trim() !== '' && Number.isFinite(number) && (expected === 'a number' || Number.isInteger(number));
    return fits ? [JSON.stringify(number)] : [];
  }
  if (typeof value === 'string' && expected === 'true or false' && /^(true|false)$/i.test(value)) return [value.toLowerCase()];
  if (typeof value === 'number' && expected === 'a whole number') return [String(Math.round(value))];
  return [];
}

/** The value with any known kind at a path, so that the schema can be asked what is possible there. */
function probeWith(root: unknown, path: readonly PropertyKey[]): unknown {
  const [first] = path;
  if (first === undefined || path.length > 1) return root;
  for (const kind of ['linear', 'inline', 'zero', 'gradient-flow']) {
    const probe = { [first]: { kind } };
    if (objectShapeAt(experimentSchema, probe, path) !== null) return probe;
  }
  return root;
}

/** Diagnostics for the issues that the schema has with a file's value. */
export function shapeDiagnostics(document: FileDocument, root: unknown, issues: readonly Issue[]): Diagnostic[] {
  const reader = new ShapeReader(document, root);
  reader.read(issues);
  return reader.answer();
}
