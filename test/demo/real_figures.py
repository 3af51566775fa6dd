"""The figures of the study on 18 September 2025, from the real closes beside the project, in plain Python.

It shares nothing with src. The table that it prints is kept in real-figures.txt, for the demo to be compared with:
    python3 test/demo/real_figures.py ../shared/market-data > test/demo/real-figures.txt
"""
import bisect
import calendar
import csv
import math
import pathlib
import statistics
import sys
from datetime import date

DAY = "2025-09-18"
HORIZONS = [1, 3, 6, 12, 24]
ROOT = pathlib.Path(__file__).resolve().parents[2]


def read(path):
    with open(path, newline="") as file:
        rows = [(row["session"], float(row["close"])) for row in csv.DictReader(file)]
    return [(session, math.floor(close * 100 + 0.5) / 100) for session, close in rows if session <= DAY]


def after(session, months):
    year, month, day = map(int, session.split("-"))
    year, month = divmod(year * 12 + month - 1 + months, 12)
    return f"{year:04}-{month + 1:02}-{min(day, calendar.monthrange(year, month + 1)[1]):02}"


def records(closes):
    highest, found = 0, []
    for session, close in closes:
        if close > highest:
            highest = close
            found.append((session, close))
    return found


def quiet_ends(closes, months):
    found = records(closes)
    return [(old, new) for old, new in zip(found, found[1:]) if new[0] > after(old[0], months)]


def percent(value):
    return f"{100 * value:+.1f}"


data = pathlib.Path(sys.argv[1])
index = read(data / "^RUT.csv")
benchmark = read(data / "^GSPC.csv")
before = [row for row in read(ROOT / "data/before-yahoo.csv") if row[0] < index[0][0]]
sessions = [session for session, _ in benchmark]
closes = [close for _, close in benchmark]
place = {session: position for position, (session, _) in enumerate(index)}


def window(session, months, later=0):
    """First and last position of what followed a session; None while it is not over."""
    entry = bisect.bisect_right(sessions, session) - 1 + later
    if entry >= len(sessions) or (target := after(sessions[entry] if later else session, months)) > sessions[-1]:
        return None
    return entry, bisect.bisect_right(sessions, target) - 1


def outcome(session, months, later=0):
    span = window(session, months, later)
    return None if span is None else closes[span[1]] / closes[span[0]] - 1


def drawdown(session):
    span = window(session, 12)
    if span is None:
        return None
    peak, worst = 0, 0
    for close in closes[span[0] : span[1] + 1]:
        peak = max(peak, close)
        worst = min(worst, close / peak - 1)
    return worst


def known(values):
    return [value for value in values if value is not None]


print("event: record before, quiet days and sessions, S&P 500, % after 1, 3, 6, 12, 24 months, deepest fall in 12")
events = quiet_ends(before + index, 12)
for old, new in reversed(events):
    days = (date.fromisoformat(new[0]) - date.fromisoformat(old[0])).days
    waited = place[new[0]] - place[old[0]] if old[0] in place else "n/a"
    values = [outcome(new[0], months) for months in HORIZONS] + [drawdown(new[0])]
    shown = " ".join("pending" if value is None else percent(value) for value in values)
    print(f"{new[0]} {new[1]:.2f}: {old[0]} {old[1]:.2f}, {days} {waited}, "
          f"{closes[sessions.index(new[0])]:.2f}, {shown}")

print("months: higher, mean, median, worst, best; any day higher, mean, median, days; p")
for months in HORIZONS:
    got = known(outcome(new[0], months) for _, new in events)
    anyday = known(outcome(session, months) for session in sessions if session >= before[0][0])
    up, rate = sum(r > 0 for r in got), sum(r > 0 for r in anyday) / len(anyday)
    p = sum(math.comb(len(got), k) * rate**k * (1 - rate) ** (len(got) - k) for k in range(up, len(got) + 1))
    mine = " ".join(percent(f(got)) for f in (statistics.mean, statistics.median, min, max))
    others = " ".join(percent(f(anyday)) for f in (statistics.mean, statistics.median))
    print(f"{months}: {up} of {len(got)}, {mine}; {100 * rate:.1f} {others} {len(anyday)}; {p:.2f}")

print("armed days, months: higher, mean, days")
waits = [(after(old[0], 12), new[0]) for old, new in events]
armed = [session for session in sessions if any(begin < session < end for begin, end in waits)]
for months in HORIZONS:
    got = known(outcome(session, months) for session in armed)
    print(f"{months}: {100 * sum(r > 0 for r in got) / len(got):.0f} {percent(statistics.mean(got))} {len(got)}")

print("deepest fall in 12 months, any day: median, past -20%")
falls = known(drawdown(session) for session in sessions if session >= before[0][0])
print(f"{percent(statistics.median(falls))}, {100 * sum(fall < -0.2 for fall in falls) / len(falls):.0f}")

print("the index itself, months: higher, mean, median, worst; any day higher, mean")
benchmark_sessions, benchmark_closes = sessions, closes
sessions, closes = [session for session, _ in index], [close for _, close in index]
for months in HORIZONS:
    got = known(outcome(new[0], months) for _, new in events if new[0] >= sessions[0])
    anyday = known(outcome(session, months) for session in sessions)
    mine = " ".join(percent(f(got)) for f in (statistics.mean, statistics.median, min))
    print(f"{months}: {sum(r > 0 for r in got)} of {len(got)}, {mine}; "
          f"{100 * sum(r > 0 for r in anyday) / len(anyday):.1f} {percent(statistics.mean(anyday))}")
sessions, closes = benchmark_sessions, benchmark_closes

print("other readings of the rule: higher, mean, a year later")
second_year = after(index[0][0], 12)
readings = {f"quiet over {months} months": quiet_ends(before + index, months) for months in (18, 24, 36)}
readings["quiet over 6 months, source alone"] = [e for e in quiet_ends(index, 6) if e[1][0] > second_year]
readings["source alone"] = quiet_ends(index, 12)
for factor in (1.01, 0.99):
    readings[f"joined at {factor}"] = quiet_ends([(s, close * factor) for s, close in before] + index, 12)
for name, found in [*readings.items(), ("entry at the next close", events)]:
    got = known(outcome(new[0], 12, name == "entry at the next close") for _, new in found)
    print(f"{name}: {sum(r > 0 for r in got)} of {len(got)}, {percent(statistics.mean(got))}")
