"""The named loops in numpy, for `npm run bench -- --compare`.

Reads one JSON object a line from standard input, answers with one a line:
  {"file": ..., "samples": n, "features": d, "loop": name, "stepSize": eta, "start": a}   loads; answers with versions
  {"steps": k}                                                                           runs k steps from the start
The file holds X (n x d, row-major) and y as little-endian doubles; with "size" in the order X holds the observed places of a
matrix, and square factors to start from follow. Each loop has several formulations;
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


FORMULATIONS = {
    "gd-factorization-3x100-2000": [factorization_dense, factorization_flat],
    "gd-diagonal-n40-d1000": [diagonal_rows, diagonal_stacked, diagonal_stacked_transposed, diagonal_columns],
    "gd-logistic-n100-d20": [logistic_rows, logistic_transposed, logistic_columns],
}


def loss_of(name, x, y, w):
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
            candidates = FORMULATIONS[order["loop"]]
            trial = 200 if "size" in order else 2000
            best = max(candidates, key=lambda run: max(timed(run, x, y, eta, a, trial)[1] for _ in range(4)))
            state = (order["loop"], best, x, y, eta, a)
            answer = {"numpy": np.__version__, "python": sys.version.split()[0], "formulation": best.__name__}
        else:
            name, run, x, y, eta, a = state
            speed, by_processor, w = timed(run, x, y, eta, a, order["steps"])
            answer = {"stepsPerSecond": speed, "stepsPerProcessorSecond": by_processor, "finalLoss": loss_of(name, x, y, w)}
        print(json.dumps(answer), flush=True)


main()
