"""Makes field.json: kriging, leaving out and variograms of gstools for the tests of src/monitor/field.

Run by hand when cases are added: python3 field.py > field.json (gstools 1.7, scipy)
"""

import json

import gstools
import numpy
from scipy import optimize

rng = numpy.random.default_rng(6)


def model(shape, nugget, sill, length):
    """A model whose range is where 95 % is reached, as in variogram.rs."""
    form, scale = {
        "spherical": (gstools.Spherical, 1.0),
        "exponential": (gstools.Exponential, 1.0 / 3.0),
        "gaussian": (gstools.Gaussian, 1.0 / numpy.sqrt(3.0)),
    }[shape]
    return form(dim=2, var=sill - nugget, len_scale=length * scale, rescale=1.0, nugget=nugget)


def kriging(of, places, values, sigmas):
    return gstools.krige.Ordinary(
        of, places.T, values, exact=False, cond_err=of.nugget + sigmas**2, pseudo_inv=False
    )


def left_out(of, places, values, sigmas):
    """Each point from all the others, one after the other."""
    errors, variances = [], []
    for one in range(len(values)):
        rest = numpy.arange(len(values)) != one
        mean, variance = kriging(of, places[rest], values[rest], sigmas[rest])(places[one][:, None])
        errors.append(values[one] - mean[0])
        variances.append(variance[0] + sigmas[one] ** 2)
    return numpy.array(errors), numpy.array(variances)


def case(name, shape, nugget, sill, length, count, most_sigma):
    of = model(shape, nugget, sill, length)
    places = rng.uniform([0.0, 0.0], [520.0, 400.0], (count, 2))
    apart = numpy.linalg.norm(places[:, None] - places[None], axis=2)
    covariance = of.covariance(apart) + nugget * numpy.eye(count)
    sigmas = rng.uniform(0.0, most_sigma, count)
    values = -12.0 + rng.multivariate_normal(numpy.zeros(count), covariance)
    values = values + sigmas * rng.normal(size=count)
    asked = numpy.concatenate(
        [rng.uniform([0.0, 0.0], [520.0, 400.0], (12, 2)), places[:3], [[4000.0, -3000.0]]]
    )
    krige = kriging(of, places, values, sigmas)
    mean, variance = krige(asked.T)
    errors, variances = left_out(of, places, values, sigmas)
    standardised = errors / numpy.sqrt(variances)
    return {
        "name": name,
        "variogram": {"shape": shape, "nugget_mm2": nugget, "sill_mm2": sill, "range_m": length},
        "points": [
            {"position": list(place), "value_mm": value, "sigma_mm": sigma}
            for place, value, sigma in zip(places.tolist(), values.tolist(), sigmas.tolist())
        ],
        "asked": asked.tolist(),
        "mm": mean.tolist(),
        "standard_error_mm": numpy.sqrt(variance).tolist(),
        "rmse_mm": float(numpy.sqrt(numpy.mean(errors**2))),
        "mean_standardised": float(standardised.mean()),
        "mean_squared_standardised": float((standardised**2).mean()),
        "share_within_95": float((abs(standardised) <= 1.959963984540054).mean()),
    }


def edges(places):
    """Fifteen classes up to half of the largest distance, small ones joined with the next."""
    apart = numpy.linalg.norm(places[:, None] - places[None], axis=2)[numpy.triu_indices(len(places), 1)]
    most = apart.max() / 2.0
    bounds = numpy.linspace(0.0, most, 16)
    counts, _ = numpy.histogram(apart[apart <= most], bounds)
    least = min(max(counts.sum() // 30, 6), 30)
    kept, open_pairs = [0.0], 0
    for count, bound in zip(counts, bounds[1:]):
        open_pairs += count
        if open_pairs >= least:
            kept.append(bound)
            open_pairs = 0
    kept[-1] = most
    return numpy.array(kept)


def best_fit(lags, shape):
    """The least of Cressie's sum over all models of a shape, from many starts."""
    distance, seen, pairs = (numpy.array([lag[key] for lag in lags]) for key in ("distance_m", "semivariance_mm2", "pairs"))

    def off(numbers):
        nugget, partial, length = numpy.exp(numbers)
        told = model(shape, nugget, nugget + partial, length).variogram(distance)
        return float((pairs * (seen / told - 1.0) ** 2).sum())

    starts = [(n, p, l) for n in (0.01, 0.3, 1.0) for p in (0.3, 1.0, 2.0) for l in (40.0, 120.0, 300.0)]
    top = seen.max()
    found = [
        optimize.minimize(off, numpy.log([n * top, p * top, l]), method="Nelder-Mead", options={"maxiter": 4000})
        for n, p, l in starts
    ]
    return min(one.fun for one in found)


def variogram(name, count, most_sigma):
    places = rng.uniform([0.0, 0.0], [520.0, 400.0], (count, 2))
    apart = numpy.linalg.norm(places[:, None] - places[None], axis=2)
    of = model("exponential", 0.6, 6.0, 180.0)
    values = rng.multivariate_normal(numpy.zeros(count), of.covariance(apart) + 0.6 * numpy.eye(count))
    values[:2] += 25.0
    sigmas = rng.uniform(0.0, most_sigma, count)
    bounds = edges(places)
    _, seen, pairs = gstools.vario_estimate(
        places.T, values, bounds, estimator="cressie", return_counts=True
    )
    upper = numpy.triu_indices(count, 1)
    lengths, errors = apart[upper], 0.5 * (sigmas[:, None] ** 2 + sigmas[None] ** 2)[upper]
    classes = numpy.digitize(lengths, bounds) - 1
    lags = [
        {
            "distance_m": float(lengths[classes == one].mean()),
            "semivariance_mm2": max(float(seen[one] - errors[classes == one].mean()), 0.0),
            "pairs": int(pairs[one]),
        }
        for one in range(len(seen))
    ]
    return {
        "name": name,
        "points": [
            {"position": list(place), "value_mm": value, "sigma_mm": sigma}
            for place, value, sigma in zip(places.tolist(), values.tolist(), sigmas.tolist())
        ],
        "lags": lags,
        "least_off": {shape: best_fit(lags, shape) for shape in ("spherical", "exponential", "gaussian")},
    }


print(
    json.dumps(
        {
            "made_by": "gstools " + gstools.__version__,
            "kriging": [
                case("spherical", "spherical", 0.5, 6.0, 150.0, 40, 0.6),
                case("spherical, no nugget, exact", "spherical", 0.0, 4.0, 220.0, 30, 0.0),
                case("exponential", "exponential", 0.3, 9.0, 240.0, 45, 1.0),
                case("exponential, mostly nugget", "exponential", 5.0, 6.0, 100.0, 25, 0.3),
                case("gaussian", "gaussian", 0.4, 5.0, 160.0, 40, 0.5),
                case("few", "exponential", 0.2, 3.0, 90.0, 8, 0.2),
            ],
            "variograms": [variogram("two odd ones", 90, 0.0), variogram("with errors", 60, 1.2)],
        },
        indent=1,
    )
)
