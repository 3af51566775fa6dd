"""How often the 95% interval of docs/evidence.md holds the truth, where the truth is known.

    coverage.py FOLDER [TRIALS]     FOLDER holds ^RUT.csv and ^GSPC.csv (session,close)

Eleven days are taken from all days whose year is over, either at random or in the pattern of the true events, moved to
places that lie evenly over the span. They are no events, so their mean differs from that of any day by chance alone: the
true difference is zero. The interval is the one of `study`: circular blocks of 504 sessions, 5,000 resamples. The last line
is the number of years that do not overlap, as any day's year is nearly that of the next day.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

RESAMPLES, BLOCK = 5000, 504


def load(path):
    frame = pd.read_csv(path, parse_dates=["session"])
    return pd.Series(frame["close"].to_numpy(), index=frame["session"])


def running(values):
    """Sums from the first value on, going on from the beginning for one block."""
    return np.concatenate([[0], np.cumsum(np.concatenate([values, values[:BLOCK]]))])


def holds_zero(outcomes, everything, events, random):
    length = len(outcomes)
    mark = np.zeros(length)
    mark[events] = 1
    count, own = running(mark), running(mark * outcomes)
    begin = random.integers(0, length, (RESAMPLES, -(-length // BLOCK)))
    n = (count[begin + BLOCK] - count[begin]).sum(axis=1)
    own = (own[begin + BLOCK] - own[begin]).sum(axis=1)
    everything = (everything[begin + BLOCK] - everything[begin]).mean(axis=1) / BLOCK
    drawn = n > 0
    low, high = np.quantile(own[drawn] / n[drawn] - everything[drawn], [0.025, 0.975])
    return low <= 0 <= high


def main():
    folder, trials = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 4000
    root = Path(__file__).resolve().parents[2]
    before, rut, benchmark = load(root / "data/before-yahoo.csv"), load(folder / "^RUT.csv"), load(folder / "^GSPC.csv")
    index = pd.concat([before, rut])
    records = index[index > index.cummax().shift(1, fill_value=0)].index
    found = records[1:][records[1:] > records[:-1] + pd.DateOffset(years=1)]
    target = benchmark.index + pd.DateOffset(years=1)
    exits = benchmark.index.searchsorted(target, side="right") - 1
    reached = np.asarray(target <= benchmark.index[-1])
    outcomes = (benchmark.to_numpy()[exits] / benchmark.to_numpy() - 1)[reached]
    pattern = np.flatnonzero(benchmark.index[reached].isin(found))
    everything, random = running(outcomes), np.random.default_rng(1)
    days = len(outcomes)
    places = np.linspace(0, days, trials, endpoint=False, dtype=int)
    for name, drawn in [
        ("random days", [random.choice(days, len(pattern), replace=False) for _ in range(trials)]),
        ("the pattern of the events", [(pattern + place) % days for place in places]),
    ]:
        held = np.mean([holds_zero(outcomes, everything, events, random) for events in drawn])
        print(f"{name}: {held:.1%} of {trials} intervals hold the truth")
    years = (benchmark.index[reached][-1] - benchmark.index[0]).days / 365.25
    print(f"independent places: {days} days in {years:.0f} years that do not overlap")


main()
