/** The part of `node:assert/strict` that the suites use, for hosts without Node. The lane puts it in its place. */
export class AssertionError extends Error {
  constructor({ message }: { readonly message: string }) {
    super(message);
    this.name = 'AssertionError';
  }
}

function shown(value: unknown): string {
  return value instanceof RegExp || typeof value === 'function' ? String(value) : (JSON.stringify(value) ?? String(value));
}

function fails(message: unknown, otherwise: string): never {
  throw new AssertionError({ message: typeof message === 'string' ? `${message} (${otherwise})` : otherwise });
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const [one, two] = [a, b] as Record<string, unknown>[];
  const keys = Object.keys(one);
  return keys.length === Object.keys(two).length && keys.every((key) => Object.hasOwn(two, key) && same(one[key], two[key]));
}

const assert = {
  AssertionError,
  ok(value: unknown, message?: string): asserts value {
    if (!value) fails(message, `expected something true, got ${shown(value)}`);
  },
  equal(found: unknown, expected: unknown, message?: string): void {
    if (!Object.is(found, expected)) fails(message, `expected ${shown(expected)}, got ${shown(found)}`);
  },
  notEqual(found: unknown, other: unknown, message?: string): void {
    if (Object.is(found, other)) fails(message, `expected anything but ${shown(found)}`);
  },
  deepEqual(found: unknown, expected: unknown, message?: string): void {
    if (!same(found, expected)) fails(message, `expected ${shown(expected)}, got ${shown(found)}`);
  },
  notDeepEqual(found: unknown, other: unknown, message?: string): void {
    if (same(found, other)) fails(message, `expected anything but ${shown(found)}`);
  },
  match(found: string, pattern: RegExp, message?: string): void {
    if (typeof found !== 'string' || !pattern.test(found)) fails(message, `expected ${shown(pattern)}, got ${shown(found)}`);
  },
  doesNotMatch(found: string, pattern: RegExp, message?: string): void {
    if (pattern.test(found)) fails(message, `expected nothing like ${shown(pattern)}, got ${shown(found)}`);
  },
  async rejects(promise: Promise<unknown>, kind: new (...given: never[]) => Error): Promise<void> {
    const error = await promise.then(
      () => fails(undefined, 'expected a rejection'),
      (reason: unknown) => reason,
    );
    if (!(error instanceof kind)) fails(undefined, `expected ${kind.name}, got ${String(error)}`);
  },
};

// eslint-disable-next-line no-restricted-syntax -- the module that it stands for has this export
export default assert;
