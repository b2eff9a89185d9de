/** Level lines of a function on a grid by marching squares: where it is crossed along each edge of the grid, linearly interpolated. */

export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Of the first column and row, and the distance to the next. */
  readonly x: { readonly from: number; readonly step: number };
  readonly y: { readonly from: number; readonly step: number };
}

/** Lines one after the other, with NaN between them. A closed line ends where it began. */
export interface Polylines {
  readonly x: number[];
  readonly y: number[];
}

/**
 * The points at which `values` (rows × columns, row-major) equals `level`. Cells with a value that is not finite are left out; of a
 * saddle, the mean of its corners says which pairs belong together.
 */
export function levelLines(values: Float64Array, { rows, columns, x, y }: Grid, level: number): Polylines {
  // Edge 2k goes from node k to the right, edge 2k + 1 to the next row. Two cells share an edge, so a crossing has two neighbours at most.
  const neighbours = new Map<number, number[]>();
  const join = (one: number, other: number): void => {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ]) {
      const known = neighbours.get(from);
      if (known === undefined) neighbours.set(from, [to]);
      else known.push(to);
    }
  };
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const k = row * columns + column;
      const corners = [values[k], values[k + 1], values[k + columns + 1], values[k + columns]];
      if (!corners.every(Number.isFinite)) continue;
      const above = corners.map((value) => value > level);
      // Edges of the cell in the order of its corners: corner c and the next one are the ends of edge c.
      const edges = [2 * k, 2 * (k + 1) + 1, 2 * (k + columns), 2 * k + 1];
      const crossed = edges.filter((_, c) => above[c] !== above[(c + 1) % 4]);
      if (crossed.length === 2) join(crossed[0], crossed[1]);
      if (crossed.length !== 4) continue;
      const middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4 > level;
      // Lines cut off the corners that are on the other side than the middle.
      const [a, b, c, d] = edges;
      if (middle === above[0]) {
        join(a, b);
        join(c, d);
      } else {
        join(d, a);
        join(b, c);
      }
    }
  }

  const lines: Polylines = { x: [], y: [] };
  const place = (edge: number): void => {
    const node = edge >> 1;
    const along = edge % 2 === 0;
    const [from, to] = [values[node], values[node + (along ? 1 : columns)]];
    const share = (level - from) / (to - from);
    lines.x.push(x.from + x.step * ((node % columns) + (along ? share : 0)));
    lines.y.push(y.from + y.step * (Math.floor(node / columns) + (along ? 0 : share)));
  };
  const follow = (start: number): void => {
    if (lines.x.length > 0) {
      lines.x.push(Number.NaN);
      lines.y.push(Number.NaN);
    }
    let at: number | undefined = start;
    while (at !== undefined) {
      place(at);
      const next: number | undefined = neighbours.get(at)?.pop();
      const back = next === undefined ? undefined : neighbours.get(next);
      back?.splice(back.indexOf(at), 1);
      at = next;
    }
  };
  // Open lines from their ends, then the closed ones.
  for (const [edge, next] of neighbours) if (next.length === 1) follow(edge);
  for (const [edge, next] of neighbours) if (next.length === 2) follow(edge);
  return lines;
}
