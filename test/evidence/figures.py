"""Statistics, resampling and windows, with numpy. See study.py."""

import math

import numpy as np
import pandas as pd

BLOCK, RESAMPLES, FEWEST = 504, 5000, 8
Z = 1.959963984540054
SIZE, POWER, MOST = 0.05, 0.8, 1000


def at_least(hits, trials, rate):
    return min(1.0, sum(math.comb(trials, k) * rate**k * (1 - rate) ** (trials - k) for k in range(hits, trials + 1)))


def wilson(up, n):
    if n == 0:
        return None
    p, z2 = up / n, Z * Z
    centre, spread = p + z2 / (2 * n), Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return [max(0.0, (centre - spread) / (1 + z2 / n)), min(1.0, (centre + spread) / (1 + z2 / n))]


def statistics(outcomes, any_day, waits):
    own = np.array(outcomes, dtype=float)
    n, up = len(own), int((own > 0).sum())
    inside = [any_day[(any_day.index >= begin) & (any_day.index <= end)] for begin, end in waits]
    armed = pd.concat([any_day.iloc[:0], *inside])
    base_rate = (any_day > 0).mean() if len(any_day) else None
    armed_rate = (armed > 0).mean() if len(armed) else None
    return {
        "n": n,
        "up": up,
        "mean": own.mean() if n else None,
        "median": np.median(own) if n else None,
        "min": own.min() if n else None,
        "max": own.max() if n else None,
        "wilson": wilson(up, n),
        "baseRate": base_rate,
        "baseMean": any_day.mean() if len(any_day) else None,
        "baseMedian": any_day.median() if len(any_day) else None,
        "baseN": len(any_day),
        "pValue": at_least(up, n, base_rate) if n and base_rate is not None else None,
        "armedRate": armed_rate,
        "armedMean": armed.mean() if len(armed) else None,
        "armedN": len(armed),
        "armedWaits": sum(len(part) > 0 for part in inside),
        "armedPValue": at_least(up, n, armed_rate) if n and armed_rate is not None else None,
    }


def falls(values):
    """The maximum drawdown, and the position of its low; the first one of several."""
    below = values / np.maximum.accumulate(values) - 1
    return below.min(), int(below.argmin())


def inside(values):
    depth, low = falls(values)
    return {"drawdown": depth, "troughSessions": low, "gain": values.max() / values[0] - 1}


def bootstrap(outcomes, positions, random):
    length = len(outcomes)
    if len(positions) < FEWEST or length < 2 * BLOCK:
        return None, None
    mark = np.zeros(length)
    mark[positions] = 1

    def running(values):
        return np.concatenate([[0], np.cumsum(np.concatenate([values, values[:BLOCK]]))])

    begin = random.integers(0, length, (RESAMPLES, -(-length // BLOCK)))
    total = lambda sums: (sums[begin + BLOCK] - sums[begin]).sum(axis=1)
    up = (outcomes > 0).astype(float)
    n = total(running(mark))
    drawn = n > 0
    size = begin.shape[1] * BLOCK
    ends = [0.025, 0.975]
    difference = lambda values: (total(running(values * mark))[drawn] / n[drawn]) - total(running(values))[drawn] / size
    hits = up[positions].sum()
    rate = None if hits in (0, len(positions)) else list(np.quantile(difference(up), ends))
    return list(np.quantile(difference(outcomes), ends)), rate


def shifted(outcomes, positions):
    """The shares of all places of the same pattern that do as well."""
    if len(positions) == 0:
        return None, None
    length = len(outcomes)
    places = (np.array(positions)[None, :] + np.arange(length)[:, None]) % length
    sums, ups = outcomes[places].sum(axis=1), (outcomes[places] > 0).sum(axis=1)
    return (sums >= sums[0] - 1e-12).mean(), (ups >= ups[0]).mean()


def independent_of(windows):
    count, end = 0, None
    for entry, exit_ in sorted(windows, key=lambda window: window[1]):
        if end is None or entry >= end:
            count, end = count + 1, exit_
    return count


def less(a, b):
    return None if a is None or b is None else a - b


def needed(base, rate):
    """By the exact binomial distribution: the chance of n or more hits, for more and more trials."""
    if not rate > base:
        return None
    for n in range(1, MOST + 1):
        hits = np.arange(n + 1)
        ways = np.array([math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in hits])

        def tail(p):
            with np.errstate(divide="ignore", invalid="ignore"):
                logs = ways + np.where(hits > 0, hits * np.log(p), 0) + np.where(n - hits > 0, (n - hits) * np.log1p(-p), 0)
            return np.exp(logs)[::-1].cumsum()[::-1]

        critical = np.flatnonzero(tail(base) <= SIZE)
        if len(critical) and tail(rate)[critical[0]] >= POWER:
            return n
    return None
