"""Files of closes, events and waits, with pandas. See study.py."""

import numpy as np
import pandas as pd


def load(path):
    """Closes as decimal numbers: 2481.9099 and 2467.699951171875 are what 32 bits made of 2481.91 and 2467.70."""
    frame = pd.read_csv(path, comment="#", parse_dates=["session"])
    values = np.array([float(text) for text in frame["close"].to_numpy(dtype=np.float32).astype(str)])
    return pd.Series(values, index=pd.DatetimeIndex(frame["session"])).sort_index()


def text(day):
    return day.strftime("%Y-%m-%d")


def months_later(days, months):
    return days + pd.DateOffset(months=months)


class Series:
    """Closes, and what was bought at one of them brought after some months."""

    def __init__(self, closes):
        self.closes, self.days, self.values = closes, closes.index, closes.to_numpy()

    def window(self, day, months):
        """Positions of both ends; None while one of them is not known."""
        if len(self.days) == 0:
            return None
        entry = self.days.searchsorted(day, side="right") - 1
        if entry < 0 or (self.days[entry] != day and entry + 1 == len(self.days)):
            return None
        target = months_later(day, months)
        if self.days[-1] < target:
            return None
        return entry, self.days.searchsorted(target, side="right") - 1

    def outcome(self, day, months):
        ends = self.window(day, months)
        return None if ends is None else self.values[ends[1]] / self.values[ends[0]] - 1

    def any_day(self, since, months):
        """The outcomes of all days since one, in order."""
        if len(self.days) == 0:
            return pd.Series(dtype=float)
        target = months_later(self.days, months)
        exits = self.days.searchsorted(target, side="right") - 1
        outcome = pd.Series(self.values[exits] / self.values - 1, index=self.days)
        return outcome[(target <= self.days[-1]) & (self.days >= since)]


def records(closes):
    highest = closes.cummax().shift(1)
    return closes.index[(closes > highest) | highest.isna()]


def events_of(closes, months):
    found = records(closes)
    return [(day, before) for before, day in zip(found[:-1], found[1:]) if day > months_later(before, months)]


def waits_of(closes, years):
    found = list(records(closes))
    waits = []
    for begin, end in zip(found, [*found[1:], closes.index[-1] + pd.Timedelta(days=1)]):
        first, last = months_later(begin, 12 * years) + pd.Timedelta(days=1), end - pd.Timedelta(days=1)
        if first <= last:
            waits.append((first, last))
    return waits


def with_dividends(prices, total_return, dividends):
    """The price and a part of a twelfth of the month's annual rate each session, reinvested, up to the index itself."""
    joint = total_return.index[0]
    early = prices[(prices.index >= dividends.index[0]) & (prices.index <= joint)]
    if len(early) < 2 or early.index[-1] != joint:
        return total_return, None
    sessions = prices.groupby(prices.index.to_period("M")).size()
    level = [1.0]
    for before, (day, price) in zip(early.iloc[:-1], list(early.items())[1:]):
        month = day.to_period("M")
        level.append(level[-1] * (price + dividends[month.to_timestamp()] / 12 / sessions[month]) / before)
    made = pd.Series(level, index=early.index) * (total_return.iloc[0] / level[-1])
    return pd.concat([made.iloc[:-1], total_return]), joint
