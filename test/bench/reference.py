"""The named loops in numpy, for `npm run bench -- --compare`.

Reads one JSON object a line from standard input, answers with one a line:
  {"file": ..., "samples": n, "features": d, "loop": name, "stepSize": eta, "start": a}   loads; answers with versions
  {"steps": k}                                                                           runs k steps from the start
The file holds X (n x d, row-major) and y as little-endian doubles; with "size" in the order X holds the observed places of a
matrix, and square factors to start from follow; with "widths" the parameters W1, b1, W2, … of a network follow. Each loop has several formulations;
the fastest on this machine is chosen while loading, and named in the answer.
"""

import json
import sys
import time

import numpy as np


def diagonal_rows(x, y, eta, a, steps):
    """One array per parameter; X as it is."""
    n, d = x.shape
    u, v = np.full(d, a), np.full(d, a)
    w, t, g, r = np.empty(d), np.empty(d), np.empty(d), np.empty(n)
    rate = 2.0 * eta / n
    for _ in range(steps):
        np.multiply(u, u, out=w)
        np.multiply(v, v, out=t)
        np.subtract(w, t, out=w)
        np.dot(x, w, out=r)
        np.subtract(r, y, out=r)
        np.multiply(r, rate, out=r)
        np.dot(r, x, out=g)
        np.multiply(g, u, out=t)
        np.subtract(u, t, out=u)
        np.multiply(g, v, out=t)
        np.add(v, t, out=v)
    return u * u - v * v


def diagonal_stacked(x, y, eta, a, steps, second=None):
    """u and v as rows of one array: fewer calls."""
    n, d = x.shape
    theta = np.full((2, d), a)
    part = np.empty((2, d))
    u, v = theta
    pu, pv = part
    w, g, r = np.empty(d), np.empty(d), np.empty(n)
    rate = 2.0 * eta / n
    for _ in range(steps):
        np.multiply(theta, theta, out=part)
        np.subtract(pu, pv, out=w)
        np.dot(x, w, out=r)
        np.subtract(r, y, out=r)
        np.multiply(r, rate, out=r)
        if second is None:
            np.dot(r, x, out=g)
        else:
            np.dot(second, r, out=g)
        np.multiply(theta, g, out=part)
        np.subtract(u, pu, out=u)
        np.add(v, pv, out=v)
    return u * u - v * v


def diagonal_stacked_transposed(x, y, eta, a, steps):
    """The same with a second copy of X for the transposed product."""
    return diagonal_stacked(x, y, eta, a, steps, np.ascontiguousarray(x.T))


def diagonal_columns(x, y, eta, a, steps):
    """The same with X stored by columns."""
    return diagonal_stacked(np.asfortranarray(x), y, eta, a, steps)


def logistic_rows(x, y, eta, a, steps, second=None):
    """y is folded into X; eta/n into the numerator."""
    n, d = x.shape
    z = x * y[:, None]
    zt = z.T if second is None else np.ascontiguousarray(z.T)
    w = np.full(d, a)
    q, g = np.empty(n), np.empty(d)
    rate = eta / n
    for _ in range(steps):
        np.dot(z, w, out=q)
        np.exp(q, out=q)
        np.add(q, 1.0, out=q)
        np.divide(rate, q, out=q)
        np.dot(zt, q, out=g)
        np.add(w, g, out=w)
    return w


def logistic_transposed(x, y, eta, a, steps):
    """The same with a second copy of X for the transposed product."""
    return logistic_rows(x, y, eta, a, steps, True)


def logistic_columns(x, y, eta, a, steps):
    """The same with X stored by columns."""
    return logistic_rows(np.asfortranarray(x), y, eta, a, steps)


def factorization_dense(x, y, eta, a, steps):
    """Whole products; the residual is scattered into a zero matrix. `a` is the start, three square factors."""
    n = a.shape[1]
    places = x[:, 0].astype(np.intp)
    w1, w2, w3 = (w.copy() for w in a)
    lower, product, g, part, update = (np.zeros((n, n)) for _ in range(5))
    for _ in range(steps):
        np.dot(w2, w1, out=lower)
        np.dot(w3, lower, out=product)
        g.flat[places] = product.flat[places] - y
        np.dot(w3.T, g, out=part)
        d3 = np.dot(g, lower.T)
        d2 = np.dot(part, w1.T)
        np.dot(w2.T, part, out=update)
        w3 -= eta * d3
        w2 -= eta * d2
        w1 -= eta * update
    return w3 @ (w2 @ w1)


def factorization_flat(x, y, eta, a, steps):
    """The same with take and put on flat views, and no temporary arrays."""
    n = a.shape[1]
    places = x[:, 0].astype(np.intp)
    theta = a.copy()
    w1, w2, w3 = theta
    slope = np.empty_like(theta)
    lower, product, g, part = (np.zeros((n, n)) for _ in range(4))
    seen = np.empty(len(y))
    flat_product, flat_g = product.reshape(-1), g.reshape(-1)
    for _ in range(steps):
        np.dot(w2, w1, out=lower)
        np.dot(w3, lower, out=product)
        np.take(flat_product, places, out=seen, mode="clip")
        np.subtract(seen, y, out=seen)
        flat_g[places] = seen
        np.dot(w3.T, g, out=part)
        np.dot(g, lower.T, out=slope[2])
        np.dot(part, w1.T, out=slope[1])
        np.dot(w2.T, part, out=slope[0])
        np.multiply(slope, eta, out=slope)
        np.subtract(theta, slope, out=theta)
    return w3 @ (w2 @ w1)


def layers_of(theta, widths):
    """Views W1, b1, W2, b2, … of the flat parameters."""
    at, parts = 0, []
    for below, units in zip(widths, widths[1:]):
        parts.append((theta[at : at + units * below].reshape(units, below), theta[at + units * below : at + units * (below + 1)]))
        at += units * (below + 1)
    return parts


def mlp_rows(x, y, eta, a, steps):
    """tanh layers, samples in rows; no temporary arrays. `a` is the start and the sizes of the layers."""
    start, sizes = a
    n = len(y)
    theta, slope = start.copy(), np.empty_like(start)
    layers, slopes = layers_of(theta, sizes), layers_of(slope, sizes)
    values = [x] + [np.empty((n, units)) for units in sizes[1:]]
    deltas = [np.empty((n, units)) for units in sizes[1:]]
    squares = [np.empty((n, units)) for units in sizes[1:]]
    last = len(layers) - 1
    for _ in range(steps):
        for l, (w, b) in enumerate(layers):
            np.dot(values[l], w.T, out=values[l + 1])
            np.add(values[l + 1], b, out=values[l + 1])
            if l < last:
                np.tanh(values[l + 1], out=values[l + 1])
        np.subtract(values[-1], y[:, None], out=deltas[last])
        np.multiply(deltas[last], eta / n, out=deltas[last])
        for l in range(last, -1, -1):
            np.dot(deltas[l].T, values[l], out=slopes[l][0])
            np.sum(deltas[l], axis=0, out=slopes[l][1])
            if l > 0:
                np.dot(deltas[l], layers[l][0], out=deltas[l - 1])
                np.multiply(values[l], values[l], out=squares[l - 1])
                np.subtract(1.0, squares[l - 1], out=squares[l - 1])
                np.multiply(deltas[l - 1], squares[l - 1], out=deltas[l - 1])
        np.subtract(theta, slope, out=theta)
    return theta


def mlp_columns(x, y, eta, a, steps):
    """The same with samples in columns."""
    start, sizes = a
    n = len(y)
    theta, slope = start.copy(), np.empty_like(start)
    layers, slopes = layers_of(theta, sizes), layers_of(slope, sizes)
    values = [np.ascontiguousarray(x.T)] + [np.empty((units, n)) for units in sizes[1:]]
    deltas = [np.empty((units, n)) for units in sizes[1:]]
    squares = [np.empty((units, n)) for units in sizes[1:]]
    last = len(layers) - 1
    for _ in range(steps):
        for l, (w, b) in enumerate(layers):
            np.dot(w, values[l], out=values[l + 1])
            np.add(values[l + 1], b[:, None], out=values[l + 1])
            if l < last:
                np.tanh(values[l + 1], out=values[l + 1])
        np.subtract(values[-1], y, out=deltas[last])
        np.multiply(deltas[last], eta / n, out=deltas[last])
        for l in range(last, -1, -1):
            np.dot(deltas[l], values[l].T, out=slopes[l][0])
            np.sum(deltas[l], axis=1, out=slopes[l][1])
            if l > 0:
                np.dot(layers[l][0].T, deltas[l], out=deltas[l - 1])
                np.multiply(values[l], values[l], out=squares[l - 1])
                np.subtract(1.0, squares[l - 1], out=squares[l - 1])
                np.multiply(deltas[l - 1], squares[l - 1], out=deltas[l - 1])
        np.subtract(theta, slope, out=theta)
    return theta


class TanhHessian:
    """Products with the Hessian of the loss of a tanh network at one place: the forward and backward pass are kept, a direction goes through both."""

    def __init__(self, x, y, theta, sizes):
        self.sizes, self.n = sizes, len(y)
        self.layers = layers_of(theta, sizes)
        self.values = [x]
        last = len(self.layers) - 1
        for l, (w, b) in enumerate(self.layers):
            z = self.values[l] @ w.T + b
            self.values.append(np.tanh(z) if l < last else z)
        self.slopes = [None] + [1.0 - v * v for v in self.values[1:-1]]
        self.deltas = [None] * (last + 1)
        self.pulled = [None] * (last + 1)
        self.deltas[last] = (self.values[-1] - y[:, None]) / self.n
        for l in range(last, 0, -1):
            self.pulled[l] = self.deltas[l] @ self.layers[l][0]
            self.deltas[l - 1] = self.pulled[l] * self.slopes[l]

    def product(self, v):
        out = np.empty_like(v)
        along, parts = layers_of(v, self.sizes), layers_of(out, self.sizes)
        last = len(self.layers) - 1
        moved = [None]
        for l, (w, _) in enumerate(self.layers):
            z = self.values[l] @ along[l][0].T + along[l][1]
            if l > 0:
                z += moved[l] @ w.T
            moved.append(z * self.slopes[l + 1] if l < last else z)
        delta = moved[-1] / self.n
        for l in range(last, -1, -1):
            np.dot(delta.T, self.values[l], out=parts[l][0])
            np.sum(delta, axis=0, out=parts[l][1])
            if l > 0:
                parts[l][0][...] += self.deltas[l].T @ moved[l]
                pulled = delta @ self.layers[l][0] + self.deltas[l] @ along[l][0]
                delta = pulled * self.slopes[l] - 2.0 * self.pulled[l] * self.values[l] * moved[l]
        return out


def largest_eigenvalue(product, start, residual=1e-3, products=100):
    """Lanczos with full orthogonalisation, until the residual of the largest Ritz pair is small against its value."""
    basis = np.empty((products, len(start)))
    diagonal, beside = [], []
    v = start / np.linalg.norm(start)
    for k in range(products):
        basis[k] = v
        w = product(v)
        diagonal.append(v @ w)
        known = basis[: k + 1]
        w -= known.T @ (known @ w)
        w -= known.T @ (known @ w)
        size = np.linalg.norm(w)
        values, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
        if size * abs(vectors[-1, -1]) <= residual * abs(values[-1]) or size == 0.0:
            break
        beside.append(size)
        v = w / size
    return values[-1], known.T @ vectors[:, -1]


def edge_with(descend):
    """The sharpness before every fifth step, its search begun at the eigenvector before."""

    def run(x, y, eta, a, steps):
        theta, sizes = a
        top = np.ones(len(theta))
        for k in range(0, steps, 5):
            _, top = largest_eigenvalue(TanhHessian(x, y, theta, sizes).product, top)
            theta = descend(x, y, eta, (theta, sizes), min(5, steps - k))
        return theta

    run.__name__ = f"edge_{descend.__name__}"
    return run


FORMULATIONS = {
    "edge-1-32-32-1": [edge_with(mlp_rows), edge_with(mlp_columns)],
    "gd-mlp-2-100-100-1": [mlp_rows, mlp_columns],
    "gd-factorization-3x100-2000": [factorization_dense, factorization_flat],
    "gd-diagonal-n40-d1000": [diagonal_rows, diagonal_stacked, diagonal_stacked_transposed, diagonal_columns],
    "gd-logistic-n100-d20": [logistic_rows, logistic_transposed, logistic_columns],
}


def loss_of(name, x, y, w, sizes=None):
    if sizes is not None:
        value = x
        for l, (weights, b) in enumerate(layers_of(w, sizes)):
            value = value @ weights.T + b
            if l < len(sizes) - 2:
                value = np.tanh(value)
        return float(0.5 * np.mean((value[:, 0] - y) ** 2))
    if "factorization" in name:
        return float(0.5 * np.sum((w.flat[x[:, 0].astype(np.intp)] - y) ** 2))
    f = x @ w
    return float(0.5 * np.mean((f - y) ** 2)) if "diagonal" in name else float(np.mean(np.log1p(np.exp(-y * f))))


def timed(run, x, y, eta, a, steps):
    begin, used = time.perf_counter(), time.process_time()
    w = run(x, y, eta, a, steps)
    return steps / (time.perf_counter() - begin), steps / (time.process_time() - used), w


def main():
    state = None
    for line in sys.stdin:
        order = json.loads(line)
        if "loop" in order:
            n, d = order["samples"], order["features"]
            numbers = np.fromfile(order["file"], dtype="<f8")
            x, y = np.ascontiguousarray(numbers[: n * d].reshape(n, d)), numbers[n * d : n * d + n].copy()
            eta, a = float(order["stepSize"]), float(order["start"])
            if "size" in order:
                a = numbers[n * d + n :].reshape(-1, order["size"], order["size"]).copy()
            if "widths" in order:
                a = (numbers[n * d + n :].copy(), [d, *order["widths"], 1])
            candidates = FORMULATIONS[order["loop"]]
            trial = 200 if "size" in order or "widths" in order else 2000
            best = max(candidates, key=lambda run: max(timed(run, x, y, eta, a, trial)[1] for _ in range(4)))
            state = (order["loop"], best, x, y, eta, a)
            answer = {"numpy": np.__version__, "python": sys.version.split()[0], "formulation": best.__name__}
        else:
            name, run, x, y, eta, a = state
            speed, by_processor, w = timed(run, x, y, eta, a, order["steps"])
            answer = {"stepsPerSecond": speed, "stepsPerProcessorSecond": by_processor, "finalLoss": loss_of(name, x, y, w, a[1] if isinstance(a, tuple) else None)}
        print(json.dumps(answer), flush=True)


main()
