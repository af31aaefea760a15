"""LightGBM (MIT) beside energy.forecast: tuned on the same weeks, over the same features, origins and refits.

Called by bench/forecast.ts with a folder of plain Float64 files; prints one JSON line. A peer, never a dependency.
"""

import json
import os
import sys

import lightgbm
import numpy

folder = sys.argv[1]
with open(os.path.join(folder, "about.json"), encoding="utf8") as file:
    about = json.load(file)
read = lambda name: numpy.fromfile(os.path.join(folder, name))
values = read("values").reshape(-1, about["width"])
targets, steps = read("targets"), read("steps")
origin = numpy.repeat(numpy.array(about["origins"]), about["horizon"])
known = ~numpy.isnan(targets)
levels, tested = about["levels"], about["tested"]


def learn(rows, candidate, objective, **more):
    model = lightgbm.LGBMRegressor(
        objective=objective,
        num_leaves=candidate["leaves"],
        n_estimators=candidate["trees"],
        learning_rate=0.05,
        min_child_samples=candidate["leastRows"],
        subsample=0.7,
        subsample_freq=1,
        colsample_bytree=candidate["featureShare"],
        reg_lambda=1,
        n_jobs=1,
        seed=1,
        verbose=-1,
        **more,
    )
    return model.fit(values[rows], targets[rows])


split = tested[0] - about["validationDays"] * about["slots"]
seen = known & (steps < split)
ahead = known & (origin >= split) & (steps < tested[0])
tuned, least = None, numpy.inf
for candidate in about["candidates"]:
    for objective in ("l1", "l2"):
        error = numpy.abs(learn(seen, candidate, objective).predict(values[ahead]) - targets[ahead]).mean()
        if error < least:
            tuned, least = (candidate, objective), error

candidate, objective = tuned
median = numpy.full(len(targets), numpy.nan)
quantiles = numpy.full((len(levels), len(targets)), numpy.nan)
for first in range(0, len(tested), about["refit"]):
    block = tested[first : first + about["refit"]]
    seen = known & (steps < block[0])
    ahead = numpy.isin(origin, block)
    median[ahead] = learn(seen, candidate, objective).predict(values[ahead])
    for j, level in enumerate(levels):
        quantiles[j, ahead] = learn(seen, candidate, "quantile", alpha=level).predict(values[ahead])
quantiles = numpy.sort(quantiles, axis=0)

scored = numpy.isin(origin, tested) & known
actual = targets[scored]
error = numpy.abs(actual - median[scored]).mean()
losses = [
    numpy.maximum(level * (actual - quantiles[j, scored]), (level - 1) * (actual - quantiles[j, scored])).mean()
    for j, level in enumerate(levels)
]
print(
    json.dumps(
        {
            "method": f"LightGBM, tuned ({objective}, {candidate['leaves']} leaves, {candidate['trees']} trees)",
            "mae": error,
            "nmae": error / numpy.abs(actual).mean(),
            "pinball": float(numpy.mean(losses)),
            "coverage80": float(((actual >= quantiles[0, scored]) & (actual <= quantiles[-1, scored])).mean()),
        }
    )
)
