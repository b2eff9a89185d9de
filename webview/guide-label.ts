/** Where the words of a guide stand: in the way of as little as possible. */

/** Left edge and centre line of a label, pixels. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/**
 * The spot whose centre line is farthest from the curves above its stretch; the first among equals.
 * `heights` gives the heights of the curves over the label that starts at x.
 */
export function quietestSpot(spots: readonly Spot[], heights: (x: number) => readonly number[]): Spot {
  let best = spots[0];
  let room = -Infinity;
  for (const spot of spots) {
    let distance = Infinity;
    for (const height of heights(spot.x)) distance = Math.min(distance, Math.abs(height - spot.y));
    if (distance > room) {
      best = spot;
      room = distance;
    }
  }
  return best;
}
