"""A second implementation of `study --json`, with pandas, for test/evidence/second-implementation.test.ts.

    study.py FOLDER     reads FOLDER/question.json, prints a list: the study as of each day that it asks for

It shares nothing with the program but the files of closes and the rules of docs/evidence.md. The intervals are resampled
with numpy's own generator, so they agree as far as resampling goes.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from closes import Series, events_of, load, months_later, records, text, waits_of, with_dividends
from figures import bootstrap, falls, independent_of, inside, less, needed, shifted, statistics

PATH_MONTHS, YEAR_SESSIONS, DEEP = 24, 252, -0.2
SHIFT, QUIET = 0.01, (6, 12, 18, 24, 36)


def horizon(benchmark, found, since, waits, months, random):
    windows = [(day, benchmark.window(day, months)) for day in found]
    windows = [(day, window) for day, window in windows if window is not None]
    outcomes = [benchmark.outcome(day, months) for day, _ in windows]
    any_day = benchmark.any_day(since, months)
    result = statistics(outcomes, any_day, waits)
    ends = [window for _, window in windows]
    within = [inside(benchmark.values[entry : exit_ + 1]) for entry, exit_ in ends]
    column = lambda name: np.array([figures[name] for figures in within], dtype=float)
    first = benchmark.days.searchsorted(since)
    positions = [entry - first for entry, _ in ends if 0 <= entry - first < len(any_day)]
    values = any_day.to_numpy()
    mean_interval, rate_interval = bootstrap(values, positions, random)
    mean_p, rate_p = shifted(values, positions)
    without = [np.delete(outcomes, at).mean() for at in range(len(outcomes))] if len(outcomes) > 1 else []
    result["span"] = (
        {"from": text(benchmark.days[ends[0][0]]), "to": text(benchmark.days[ends[-1][1]])} if ends else None
    )
    result["difference"] = {
        "mean": less(result["mean"], result["baseMean"]),
        "meanInterval": mean_interval,
        "meanP": mean_p,
        "rate": less(result["up"] / result["n"] if result["n"] else None, result["baseRate"]),
        "rateInterval": rate_interval,
        "rateP": rate_p,
    }
    result["leaveOneOut"] = [min(without), max(without)] if without else None
    result["inside"] = {
        "worstDrawdown": column("drawdown").min() if within else None,
        "medianDrawdown": np.median(column("drawdown")) if within else None,
        "largestGain": column("gain").max() if within else None,
        "medianGain": np.median(column("gain")) if within else None,
        "medianTroughSessions": np.median(column("troughSessions")) if within else None,
    }
    result["overlapping"] = sum(
        any(other is not one and other[0] < one[1] and one[0] < other[1] for other in ends) for one in ends
    )
    result["independent"] = independent_of(ends)
    return result


def path_of(benchmark, found, since):
    points = []
    for month in range(1, PATH_MONTHS + 1):
        outcomes = [value for value in (benchmark.outcome(day, month) for day in found) if value is not None]
        any_day = benchmark.any_day(since, month)
        points.append(
            {
                "month": month,
                "n": len(outcomes),
                "mean": np.mean(outcomes) if outcomes else None,
                "median": np.median(outcomes) if outcomes else None,
                "baseMean": any_day.mean() if len(any_day) else None,
                "baseN": len(any_day),
            }
        )
    return points


def other_series(symbol, series, compared, benchmark, found, since, waits, months, joined):
    """The same events on other closes, beside any day of the same span of `compared`."""
    begin = max(series.days[0], since)
    until = series.days[-1]
    from_ = series.days[series.days >= begin]
    cut = Series(compared.closes[compared.days <= until])
    horizons = {}
    for span in months:
        pairs = [(series.outcome(day, span), benchmark.outcome(day, span)) for day in found]
        known = [(own, price) for own, price in pairs if own is not None]
        prices = [price for _, price in known if price is not None]
        figures = statistics([own for own, _ in known], series.any_day(begin, span), waits)
        over = cut.any_day(begin, span)
        over = over.mean() if len(over) else None
        horizons[str(span)] = {
            **figures,
            "excess": less(figures["mean"], over),
            "excessOver": over,
            "priceMean": np.mean(prices) if prices else None,
        }
    return {
        "symbol": symbol,
        "from": text(from_[0] if len(from_) else series.days[0]),
        "to": text(until),
        "joined": joined,
        "horizons": horizons,
    }


def expectation(year, benchmark, found, since):
    if year["mean"] is None or year["baseRate"] is None:
        return None
    n, years = year["n"], max(1, math.floor(year["baseN"] / YEAR_SESSIONS + 0.5))
    weights = [min(n, years), years]
    shrunken = lambda seen, prior: sorted((n * seen + weight * prior) / (n + weight) for weight in weights)
    occasions = needed(year["baseRate"], year["up"] / n)
    target = months_later(benchmark.days, 12)
    exits = benchmark.days.searchsorted(target, side="right") - 1
    days = np.flatnonzero((target <= benchmark.days[-1]) & (benchmark.days >= since))
    anyday = np.array([falls(benchmark.values[day : exits[day] + 1])[0] for day in days])
    ends = [window for window in (benchmark.window(day, 12) for day in found) if window is not None]
    own = np.array([falls(benchmark.values[entry : exit_ + 1])[0] for entry, exit_ in ends])
    return {
        "rate": shrunken(year["up"] / n, year["baseRate"]),
        "mean": shrunken(year["mean"], year["baseMean"]),
        "priorYears": weights,
        "neededOccasions": occasions,
        "neededYears": None if occasions is None else math.floor(occasions * years / n + 0.5),
        "drawdown": {
            "n": len(own),
            "median": np.median(own),
            "past": int((own < DEEP).sum()),
            "baseN": len(anyday),
            "baseMedian": np.median(anyday),
            "basePast": (anyday < DEEP).mean(),
            "deep": DEEP,
        },
    }


def sensitivity(before, index, until, benchmark, years):
    """The outcomes a year later under other readings of the rule: n, how many higher, and the mean."""
    months = 12 * years
    joined = join(before, index, until)
    first = index.index[0]
    second = lambda days: [day for day in days if day > months_later(first, 12)]
    days_of = lambda closes, quiet: [day for day, _ in events_of(closes, quiet)]
    entries = lambda days: [(day, benchmark.outcome(day, 12)) for day in days]
    moved = lambda factor: join(before * factor, index, until)

    def next_close(day):
        ends = benchmark.window(day, 0)
        if ends is None or ends[0] + 1 >= len(benchmark.days):
            return None
        return benchmark.outcome(benchmark.days[ends[0] + 1], 12)

    def by_sessions():
        found = records(joined)
        place = {day: at for at, day in enumerate(joined.index)}
        early = len(joined) - len(index)
        for begin, end in zip(found[:-1], found[1:]):
            counted = place[end] - place[begin] > YEAR_SESSIONS * years
            if counted if place[begin] >= early else end > months_later(begin, months):
                yield end

    rows = [entries(days_of(joined, months))]
    for quiet in QUIET:
        if quiet != months:
            rows.append(entries(second(days_of(index, quiet)) if quiet < 12 else days_of(joined, quiet)))
    rows.append(entries(by_sessions()))
    rows.append([(day, next_close(day)) for day in days_of(joined, months)])
    if len(joined) == len(index):
        rows.append(entries(second(days_of(index, months))))
    else:
        rows += [entries(days_of(index, months)), entries(second(days_of(index, months)))]
        rows += [entries(days_of(moved(1 + SHIFT), months)), entries(days_of(moved(1 - SHIFT), months))]
    outcomes = [[value for _, value in row if value is not None] for row in rows]
    return [
        {"n": len(row), "up": sum(value > 0 for value in row), "mean": np.mean(row) if row else None} for row in outcomes
    ]


def join(before, index, until):
    """The records from before the source's history, where it begins early enough."""
    if len(before) == 0 or index.index[0] > pd.Timestamp(until):
        return index
    return pd.concat([before[before.index < index.index[0]], index])


def study(question, files, as_of, random):
    day = pd.Timestamp(as_of)
    before, index, prices, total = ((part[part.index <= day]) for part in files[:4])
    if len(index) == 0:
        return None
    closes, benchmark = join(before, index, question["until"]), Series(prices)
    since, years, months = closes.index[0], question["years"], question["months"]
    found = [event for event, _ in events_of(closes, 12 * years)]
    waits = waits_of(closes, years)
    own, dividends = Series(index), Series(total)
    place = {session: at for at, session in enumerate(closes.index)}
    early = len(closes) - len(index)
    newest = records(closes)[-1]
    horizons = {str(span): horizon(benchmark, found, since, waits, span, random) for span in months}
    events = []
    for event, record in events_of(closes, 12 * years):
        start = benchmark.window(event, 0)
        windows = {span: benchmark.window(event, span) for span in months}
        within = {span: ends and inside(benchmark.values[ends[0] : ends[1] + 1]) for span, ends in windows.items()}
        events.append(
            {
                "session": text(event),
                "close": closes[event],
                "previousRecord": {"session": text(record), "close": closes[record]},
                "quietSessions": place[event] - place[record] if place[record] >= early else None,
                "quietDays": (event - record).days,
                "benchmarkClose": entry_close(benchmark, event),
                "outcomes": {str(span): benchmark.outcome(event, span) for span in months},
                "drawdown12": within[12] and within[12]["drawdown"],
                "windows": {str(span): figures for span, figures in within.items()},
                "indexOutcomes": {str(span): own.outcome(event, span) for span in months},
                "totalReturns": {str(span): dividends.outcome(event, span) for span in months},
            }
        )
    last = max(index.index[-1], prices.index[-1] if len(prices) else index.index[-1])
    joined = None if files[4] is None else {"until": text(files[4])}
    return {
        "asOf": text(index.index[-1]),
        "span": {"from": text(since), "to": text(last)},
        "record": {"session": text(newest), "close": closes[newest]},
        "events": events,
        "waits": [{"from": text(begin), "to": text(end)} for begin, end in waits],
        "horizons": horizons,
        "path": path_of(benchmark, found, since),
        "index": other_series(question["index"], own, benchmark, benchmark, found, since, waits, months, None),
        "totalReturn": None
        if len(total) == 0
        else other_series("^SP500TR", dividends, dividends, benchmark, found, since, waits, months, joined),
        "expectation": expectation(horizons["12"], benchmark, found, since),
        "sensitivity": sensitivity(before, index, question["until"], benchmark, years),
    }


def entry_close(benchmark, day):
    at = benchmark.days.searchsorted(day, side="right") - 1
    known = at >= 0 and (benchmark.days[at] == day or at + 1 < len(benchmark.days))
    return benchmark.values[at] if known else None


def plain(value):
    """As JSON has it: numpy's numbers as Python's."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def main():
    folder = Path(sys.argv[1])
    question = json.loads((folder / "question.json").read_text())
    nothing = pd.Series(dtype=float, index=pd.DatetimeIndex([]))
    file = lambda name: load(Path(question[name])) if question.get(name) else nothing
    before, index, benchmark, total = (file(name) for name in ("beforeFile", "indexFile", "benchmarkFile", "totalFile"))
    joint = None
    if len(total) and question.get("dividendsFile"):
        monthly = pd.read_csv(question["dividendsFile"], comment="#")
        monthly = pd.Series(monthly["dividend"].to_numpy(), index=pd.to_datetime(monthly["month"]))
        total, joint = with_dividends(benchmark, total, monthly)
    files = (before, index, benchmark, total, joint)
    random = np.random.default_rng(18)
    print(json.dumps([plain(study(question, files, as_of, random)) for as_of in question["asOf"]]))


main()
