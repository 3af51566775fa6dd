"""The same work as a person would write it with pandas, for `npm run bench`.

    with_pandas.py TASK FOLDER   prints milliseconds, the median of three runs (one where it is a minute's work)

FOLDER holds ^RUT.csv and ^GSPC.csv (session,close), before.csv, and closes.db: a table closes(symbol, session, close) with
an index on symbol and session.
"""

import sqlite3
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

YEAR = pd.DateOffset(years=1)


def load(path):
    frame = pd.read_csv(path, parse_dates=["session"])
    return pd.Series(frame["close"].to_numpy(), index=frame["session"])


def joined(folder):
    return pd.concat([load(folder / "before.csv"), load(folder / "^RUT.csv")])


def events(closes):
    """Sessions of the record closes after over a year without one, and whether the next one would be an event."""
    highest = closes.cummax().shift(1)
    records = closes.index[(closes > highest) | highest.isna()]
    return list(records[1:][records[1:] > records[:-1] + YEAR]), closes.index[-1] > records[-1] + YEAR


def study(closes, benchmark, horizons=(1, 3, 6, 12)):
    found, _ = events(closes)
    index, values = benchmark.index, benchmark.to_numpy()
    result = {}
    for months in horizons:
        target = index + pd.DateOffset(months=months)
        exits = index.searchsorted(target, side="right") - 1
        outcome = pd.Series(values[exits] / values - 1, index=index)[target <= index[-1]]
        base = outcome[outcome.index >= closes.index[0]]
        after = base[base.index.isin(found)]
        result[months] = (
            len(after), int((after > 0).sum()), after.mean(), after.median(), after.min(), after.max(),
            (base > 0).mean(), base.mean(), base.median(), len(base),
        )
    return result


def check(folder):
    closes = joined(folder)
    found, armed = events(closes)
    return closes.iloc[-1], found[-1], armed


def judge(believed, reading):
    """What is believed after a reading of the last sessions: a move over 15% needs the next close near it."""
    moved = reading.pct_change().abs() > 0.15
    vouched = (reading.shift(-1) / reading - 1).abs() <= 0.15
    good = reading[(reading > 0) & (~moved | vouched)].round(2)
    changed = good[good != believed.reindex(good.index)]
    if changed.empty:
        return believed
    return pd.concat([believed.drop(changed.index, errors="ignore"), changed]).sort_index()


def replay(folder):
    """Every evening with what was known then: read and judge both series, look for an event, study it, follow it up."""
    before, own, benchmark = load(folder / "before.csv"), load(folder / "^RUT.csv"), load(folder / "^GSPC.csv")
    first = own.index[0]
    index, other = own.iloc[:1], benchmark[:first]
    told, open_horizons = [], []
    for day in range(len(own)):
        evening = own.index[day]
        index = judge(index, own.iloc[max(0, day - 30) : day + 1])
        other = judge(other, benchmark[:evening].iloc[-31:])
        closes = pd.concat([before, index])
        found, _ = events(closes)
        if found and found[-1] == evening:
            told.append((evening, study(closes, other)))
            open_horizons += [(evening, evening + pd.DateOffset(months=months)) for months in (1, 3, 6, 12)]
        for event, due in [one for one in open_horizons if one[1] <= evening]:
            told.append((event, due, other[:due].iloc[-1] / other[:event].iloc[-1] - 1, study(closes, other)))
            open_horizons.remove((event, due))
    return told


def nightly(folder, signals):
    with sqlite3.connect(folder / "closes.db") as database:
        query = "select session, close from closes where symbol = ? order by session"
        for at in range(signals):
            frame = pd.read_sql_query(query, database, params=[f"SYM{at}"], parse_dates=["session"])
            events(pd.Series(frame["close"].to_numpy(), index=frame["session"]))


def backfill(folder, signals):
    """Judges and stores; the closes are in memory before, and only the work on them is timed."""
    with sqlite3.connect(folder / "closes.db") as source:
        frames = [
            pd.read_sql_query("select * from closes where symbol = ?", source, params=[f"SYM{at}"])
            for at in range(signals)
        ]
    path = folder / "pandas.db"
    path.unlink(missing_ok=True)
    began = time.perf_counter()
    with sqlite3.connect(path) as database:
        database.execute("create table closes (symbol text, session text, close real, primary key (symbol, session))")
        for frame in frames:
            believed = frame[(frame["close"] > 0) & ~(frame["close"].pct_change().abs() > 0.15)]
            believed.round({"close": 2}).to_sql("closes", database, if_exists="append", index=False)
            database.commit()
    return (time.perf_counter() - began) * 1000


def median_ms(task, runs=3):
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        task()
        times.append((time.perf_counter() - began) * 1000)
    return float(np.median(times))


def main():
    name, folder = sys.argv[1], Path(sys.argv[2])
    if name == "check":
        print(0 if check(folder) else 1)
    elif name == "study":
        closes, benchmark = joined(folder), load(folder / "^GSPC.csv")
        study(closes, benchmark)
        print(median_ms(lambda: study(closes, benchmark), 11))
    elif name == "replay":
        print(median_ms(lambda: replay(folder), 1))
    elif name.startswith("nightly-"):
        print(median_ms(lambda: nightly(folder, int(name.split("-")[1])), 1))
    elif name.startswith("backfill-"):
        print(backfill(folder, int(name.split("-")[1])))


main()
