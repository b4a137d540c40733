"""Makes change_point.json: generalised least squares of lines with knots for the tests of
src/monitor/change_point.rs, solved by numpy on the full covariance of an autoregression, which the
program never builds. With the argument `critical` it prints instead what the largest F of a straight
line is in 95 % of made-up series, by which the critical values were set.

Run by hand when cases are added: python3 change_point.py > change_point.json
"""

import json
import sys

import numpy

SIDE = 7


def design(times, knots):
    return numpy.column_stack([numpy.ones_like(times), times] + [numpy.clip(times - knot, 0.0, None) for knot in knots])


def squares(times, values, correlation, knots):
    apart = numpy.abs(times[:, None] - times[None, :])
    covariance = numpy.where(apart == 0.0, 1.0, correlation**apart if correlation > 0.0 else 0.0)
    whiten = numpy.linalg.inv(numpy.linalg.cholesky(covariance))
    matrix, wanted = whiten @ design(times, knots), whiten @ values
    found, *_ = numpy.linalg.lstsq(matrix, wanted, rcond=None)
    return float(((wanted - matrix @ found) ** 2).sum()), found


def best(times, values, correlation):
    knots = times[SIDE:-SIDE]
    each = [squares(times, values, correlation, [knot])[0] for knot in knots]
    at = int(numpy.argmin(each))
    return float(knots[at]), each[at]


def estimate(times, values):
    knot, _ = best(times, values, 0.0)
    matrix = design(times, [knot])
    found, *_ = numpy.linalg.lstsq(matrix, values, rcond=None)
    left = values - matrix @ found
    seen = float((left[1:] * left[:-1]).sum() / (left**2).sum())
    return float(numpy.clip(seen + (2.0 + 4.0 * seen) / len(times), 0.0, 0.9))


def largest(times, values):
    correlation = estimate(times, values)
    straight, _ = squares(times, values, correlation, [])
    _, bent = best(times, values, correlation)
    return correlation, (straight - bent) / (bent / (len(times) - 3))


def noise(rng, count, correlation):
    off = rng.normal(0.0, 1.0, count)
    for index in range(1, count):
        off[index] = correlation * off[index - 1] + numpy.sqrt(1 - correlation**2) * off[index]
    return off


def critical():
    rng = numpy.random.default_rng(17)
    for count in (40, 90):
        times = numpy.arange(float(count))
        for correlation in (0.0, 0.3, 0.6, 0.8):
            found = [largest(times, noise(rng, count, correlation)) for _ in range(int(sys.argv[2]))]
            tops = [top for _, top in found]
            seen = numpy.mean([one for one, _ in found])
            print(count, correlation, "seen", round(seen, 3), "95 %", round(float(numpy.quantile(tops, 0.95)), 2), "97.5 %",
                  round(float(numpy.quantile(tops, 0.975)), 2), flush=True)


def cases():
    rng = numpy.random.default_rng(6)
    days = numpy.arange(60.0)
    gaps = numpy.sort(rng.choice(numpy.arange(90.0), 50, replace=False))
    bent = lambda times: 0.02 * times + 0.05 * numpy.clip(times - 30.0, 0.0, None)
    shapes = [
        ("straight", days, 0.01 * days + rng.normal(0.0, 0.1, 60), 0.0, []),
        ("a knot", days, bent(days) + rng.normal(0.0, 0.1, 60), 0.0, [30.0]),
        ("a knot, days hang together", days, bent(days) + 0.1 * noise(rng, 60, 0.6), 0.6, [30.0]),
        ("a knot with gaps", gaps, bent(gaps) + 0.1 * noise(rng, 50, 0.4), 0.4, [gaps[20]]),
        ("two knots", days, bent(days) + rng.normal(0.0, 0.1, 60), 0.3, [20.0, 41.0]),
    ]
    made = []
    for name, times, values, correlation, knots in shapes:
        total, found = squares(times, values, correlation, knots)
        made.append({
            "name": name, "times": times.tolist(), "values": values.tolist(), "correlation": correlation,
            "knots": [float(knot) for knot in knots], "squares": total, "slopes": numpy.cumsum(found[1:]).tolist(),
        })
    print(json.dumps({"made_by": "numpy " + numpy.__version__, "cases": made}, indent=1))


if len(sys.argv) > 1 and sys.argv[1] == "critical":
    critical()
else:
    cases()
