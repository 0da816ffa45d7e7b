"""What a simulated day came to, and many days together. Shares are of live answers, hours are of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

_AT_WORK = ("idle", "talk", "machine", "wrap")


class Tally:
    """Counts of one day."""

    def __init__(self, length_s: float, change_s: float | None) -> None:
        self._length_s = length_s
        self.change_s = change_s
        """When the list changed."""
        self.time_s: defaultdict[str, float] = defaultdict(float)
        self.dials = self.given_up = self.delivered = 0
        self.lines_peak = 0
        self.decisions = 0
        self.deciding_s = 0.0
        self.live_at: list[float] = []
        self.lost_at: list[float] = []

    def spent(self, doing: str, since_s: float, until_s: float) -> None:
        """An agent's time; idling after the shift is not work."""
        if doing == "idle":
            until_s = min(until_s, self._length_s)
        self.time_s[doing] += max(0.0, until_s - since_s)

    def answered(self, at_s: float) -> None:
        """A live person answered."""
        self.live_at.append(at_s)

    def lost(self, at_s: float) -> None:
        """A live person met no agent in time, or was taken for a machine."""
        self.lost_at.append(at_s)

    def decision(self, took_s: float) -> None:
        """One question to the pacer."""
        self.decisions += 1
        self.deciding_s += took_s

    def within(self, first_s: float, last_s: float) -> tuple[int, int]:
        """Live answers and abandons in a part of the day."""
        live = sum(first_s <= at < last_s for at in self.live_at)
        return live, sum(first_s <= at < last_s for at in self.lost_at)

    def over(self, limit: float) -> bool:
        """Whether the day's abandoned share was above the limit."""
        return len(self.lost_at) > limit * len(self.live_at)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def report(days: Iterable[Tally], limit: float) -> dict[str, Any]:
    """The figures of a run, as ``strowger simulate`` prints them."""
    days = list(days)
    time_s = {doing: sum(day.time_s[doing] for day in days) for doing in _AT_WORK}
    at_work = sum(time_s[doing] for doing in _AT_WORK)
    live, lost = sum(len(d.live_at) for d in days), sum(len(d.lost_at) for d in days)
    decisions = sum(d.decisions for d in days)
    return {
        "busy_share": _share(at_work - time_s["idle"], at_work),
        "talk_share": _share(time_s["talk"], at_work),
        "mean_wait_s": _share(time_s["idle"], sum(d.delivered for d in days)),
        "abandoned_share": _share(lost, live),
        "days_over_share": _share(sum(d.over(limit) for d in days), len(days)),
        "live_answers": live,
        "dials": sum(d.dials for d in days),
        "decisions_us": 1e6 * _share(sum(d.deciding_s for d in days), decisions),
        "abandoned": lost,
        "lines_needed": max((d.lines_peak for d in days), default=0),
        "given_up": sum(d.given_up for d in days),
        "first_hour": _part([days[0].within(0.0, 3600.0)] if days else []),
        "hour_after_list_change": _part(
            [d.within(d.change_s, d.change_s + 3600.0) for d in days if d.change_s is not None]
        ),
        "hours": _hours(days),
        "days": [
            {
                "live_answers": len(d.live_at),
                "abandoned": len(d.lost_at),
                "busy_share": _share(
                    sum(d.time_s[k] for k in _AT_WORK[1:]), sum(d.time_s[k] for k in _AT_WORK)
                ),
            }
            for d in days
        ],
    }


def _part(counts: list[tuple[int, int]]) -> dict[str, Any]:
    live, lost = sum(c[0] for c in counts), sum(c[1] for c in counts)
    return {"live_answers": live, "abandoned": lost, "abandoned_share": _share(lost, live)}


def _hours(days: list[Tally]) -> list[dict[str, Any]]:
    last = int(max((at for d in days for at in d.live_at), default=0.0) // 3600)
    return [_part([d.within(h * 3600.0, (h + 1) * 3600.0) for d in days]) for h in range(last + 1)]
