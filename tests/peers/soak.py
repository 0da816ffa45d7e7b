"""Many calls of every kind at once, with ears, prompts, bridges and recordings on; then a look for what was left.

The suite runs a small one, ``make bench`` a thousand calls.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from firmware.model import HangupCause as Cause
from firmware.model import LegId
from firmware.trunks.base import LegAnswered, LegEnded, ListenSettings
from tests.peers.far_ends import sipp, tone, write_wav
from tests.peers.house import House
from tests.peers.processes import eventually

KINDS: dict[str, tuple[str, dict[str, str], Cause]] = {
    "far": ("talk", {}, Cause.NORMAL),
    "second": ("reject", {"status": "486 Busy Here", "cause": "17"}, Cause.BUSY),
    "third": ("ring_reject", {"status": "480 No Answer", "cause": "19"}, Cause.NO_ANSWER),
    "fourth": ("talk_bye", {"cause": "16"}, Cause.NORMAL),
    "fifth": ("early", {}, Cause.NORMAL),
    "sixth": ("no_answer", {}, Cause.NO_ANSWER),
}


@dataclass
class Result:
    """What a soak showed."""

    calls: int
    seconds: float
    wrong: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    most_at_once: int = 0


@contextlib.contextmanager
def far_ends(house: House, folder: Path) -> Iterator[None]:
    """One SIPp per kind of far end."""
    with contextlib.ExitStack() as stack:
        for trunk, (scenario, keys, _) in KINDS.items():
            stack.enter_context(
                sipp(scenario, house.trunk(trunk), folder / trunk, keys=keys, pause_ms=400, messages=False)
            )
        yield


def soak(house: House, folder: Path, calls: int, per_second: float) -> Result:
    """Place ``calls`` at ``per_second``; every answered one is listened to, gets a prompt, a partner and a tape."""
    folder.mkdir(parents=True, exist_ok=True)
    prompt = folder / "prompt.wav"
    write_wav(prompt, tone(0.5, 1000.0))
    kinds = list(KINDS)
    result = Result(calls, 0.0)
    first, began = len(house.events), time.monotonic()
    legs: dict[LegId, str] = {}
    handled = 0
    with far_ends(house, folder):
        while True:
            now = time.monotonic() - began
            if len(legs) < calls and now * per_second >= len(legs):
                kind = kinds[len(legs) % len(kinds)]
                legs[house.dial(kind, ring_s=0.8 if kind == "sixth" else 10.0)] = kind
            result.most_at_once = max(result.most_at_once, house.media.health().legs)
            events = house.events[first + handled :]
            handled += len(events)
            for _, event in events:
                if isinstance(event, LegAnswered):
                    _use(house, folder, prompt, event.leg, legs)
                if isinstance(event, LegEnded):
                    result.ends[event.cause] += 1
            if sum(result.ends.values()) >= calls:
                break
            if now > calls / per_second + 60:
                result.wrong.append(f"{calls - sum(result.ends.values())} calls never ended")
                break
            time.sleep(0.002)  # paces the calls
        eventually(lambda: not house.media.health().legs, 20)
    result.seconds = time.monotonic() - began
    result.wrong += _judge(house, first, legs)
    return result


_last: list[LegId] = []


def _use(house: House, folder: Path, prompt: Path, leg: LegId, legs: dict[LegId, str]) -> None:
    media = house.media

    def everything() -> None:
        media.listen(leg, ListenSettings())
        media.play(leg, prompt)
        if _last:
            partner = _last.pop()
            media.bridge(partner, leg)
            media.record(partner, leg, folder / "recordings" / f"{leg}.wav")
        else:
            _last.append(leg)

    house.do(everything)
    if legs[leg] in ("far", "fifth"):
        threading.Timer(0.5, lambda: house.do(lambda: media.hang_up(leg))).start()


def _judge(house: House, first: int, legs: dict[LegId, str]) -> list[str]:
    ends: dict[LegId, list[LegEnded]] = {leg: [] for leg in legs}
    for _, event in house.events[first:]:
        if isinstance(event, LegEnded) and event.leg in ends:
            ends[event.leg].append(event)
    wrong = []
    for leg, kind in legs.items():
        causes = [end.cause for end in ends[leg]]
        if causes != [KINDS[kind][2]]:
            wrong.append(f"{kind}: {ends[leg]}")
    return wrong


def sockets() -> int:
    """UDP sockets of this process."""
    return len(psutil.Process().net_connections("udp"))
