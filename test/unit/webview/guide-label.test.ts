/** Labels keep out of the way of curves. */
import assert from 'node:assert/strict';
import { quietestSpot } from '../../../webview/guide-label';

describe('guide-label', () => {
  const spots = [
    { x: 200, y: 90 },
    { x: 200, y: 110 },
    { x: 0, y: 90 },
  ];

  it('goes to the side that no curve crosses', () => {
    assert.deepEqual(
      quietestSpot(spots, (x) => (x === 200 ? [85, 115] : [20])),
      { x: 0, y: 90 },
    );
  });

  it('goes below where the curve is above', () => {
    assert.deepEqual(
      quietestSpot(spots, () => [60]),
      { x: 200, y: 110 },
    );
  });

  it('keeps the first where nothing is in the way', () => {
    assert.deepEqual(
      quietestSpot(spots, () => []),
      spots[0],
    );
  });
});
