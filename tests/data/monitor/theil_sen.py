"""Makes theil_sen.json: slopes and intervals of scipy for the tests of src/monitor/robust.rs.

Run by hand when cases are added: python3 theil_sen.py > theil_sen.json
"""

import json

import numpy
from scipy import stats

rng = numpy.random.default_rng(6)


def case(name, times, values):
    found = stats.theilslopes(values, times, alpha=0.95, method="separate")
    return {
        "name": name,
        "times": [float(time) for time in times],
        "values": [float(value) for value in values],
        "slope": float(found.slope),
        "intercept": float(found.intercept),
        "low": float(found.low_slope),
        "high": float(found.high_slope),
    }


days = numpy.arange(30.0)
gaps = numpy.sort(rng.choice(numpy.arange(90.0), 41, replace=False))
twice = numpy.repeat(numpy.arange(10.0), 2)
spoiled = 0.3 * days + rng.normal(0.0, 0.2, 30)
spoiled[[3, 11, 12]] += 40.0
cases = [
    case("a line", days, 2.0 - 0.5 * days),
    case("noise", days, rng.normal(0.0, 1.0, 30)),
    case("a slope in noise, with gaps", gaps, 0.016 * gaps + rng.normal(0.0, 0.1, 41)),
    case("three wrong values", days, spoiled),
    case("times twice", twice, 0.1 * twice + rng.normal(0.0, 0.3, 20)),
    case("values in steps", days, numpy.round(0.05 * days + rng.normal(0.0, 0.4, 30))),
    case("three values", [0.0, 1.0, 3.0], [1.0, 1.5, 0.0]),
]
print(json.dumps({"made_by": "scipy " + __import__("scipy").__version__, "cases": cases}, indent=1))
