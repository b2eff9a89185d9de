import assert from 'node:assert/strict';
import type { Figure } from '../../../src/protocol/report';
import { LiveFigures } from '../../../src/study/live-figures';
import type { Trained } from '../../../src/theory/result';

const AXIS = { label: '', scale: 'linear' } as const;

function figure(id: string, points: number): Figure {
  const x = Array.from({ length: points }, (_, k) => k);
  return { kind: 'chart', id, title: id, says: '', x: AXIS, y: AXIS, series: [{ name: 'a', style: 'line', x, y: x }] };
}

/** A run of `length` milliseconds that is looked at every 10, with figures that take `cost`. */
function told(length: number, cost: number, draw: () => readonly Figure[] = () => [figure('a', 3)]): (readonly Figure[])[] {
  let clock = 0;
  const all: (readonly Figure[])[] = [];
  const slow = (): readonly Figure[] => {
    clock += cost;
    return draw();
  };
  const live = new LiveFigures(
    slow,
    (figures) => all.push(figures),
    () => clock,
  );
  for (; clock < length; clock += 10) live.show(() => ({}) as Trained);
  return all;
}

describe('figures of a run that goes on', () => {
  it('come a few times a second at most', () => {
    assert.ok(told(10_000, 0).length <= 10_000 / 300);
    assert.ok(told(10_000, 0).length >= 20);
    assert.equal(told(250, 0).length, 0);
  });

  it('take no more than a tenth of the time', () => {
    for (const cost of [5, 40, 300]) assert.ok((told(20_000, cost).length * cost) / 20_000 < 0.1, `${cost}`);
    assert.ok(told(20_000, 40).length >= 20);
  });

  it('are not drawn again when once was too long, or failed', () => {
    assert.equal(told(60_000, 1000).length, 1);
    let calls = 0;
    const fails = (): readonly Figure[] => {
      calls += 1;
      throw new Error('not yet');
    };
    assert.equal(told(60_000, 0, fails).length, 0);
    assert.equal(calls, 1);
  });

  it('that are too large to travel are left out, the others stay', () => {
    const [first] = told(1000, 0, () => [figure('small', 10), figure('huge', 40_000)]);
    assert.deepEqual(
      first.map(({ id }) => id),
      ['small'],
    );
  });
});
