"""What calls cost and how they sound: CPU and memory per call, set-up rate, delay, gaps. Real edge, SIPp as far end.

``make bench`` runs ``main``; nothing here passes or fails. CPU is that of this process: the SIP backend and the little
that drives it.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil

from firmware.model import LegId
from firmware.trunks.base import LegAnswered, ListenSettings
from tests.peers.far_ends import sipp
from tests.peers.house import House
from tests.peers.loops import Loop
from tests.peers.rtp_end import RtpEnd
from tests.peers.soak import KINDS, soak

Line = tuple[str, str]
_TRUNKS = (*KINDS, "agent", "customer")


def main(quick: bool = False) -> list[Line]:
    """All lines as (what, figure); ``quick`` makes every part short."""
    loop = Loop()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="bench-calls-") as folder:
        house = House(loop, Path(folder), _TRUNKS, edge_poll_s=2.0, dead_peer_s=30.0, audit_s=5.0).start()
        try:
            lines += _idle(house, 3.0 if quick else 10.0)
            lines += _sound(house, Path(folder) / "sound", quick)
            lines += _many(house, Path(folder) / "many", 10 if quick else 60, 5.0 if quick else 20.0)
            lines += _set_ups(house, Path(folder) / "soak", 100 if quick else 1000)
            house.nothing_left()
        finally:
            house.stop()
            loop.close()
    return lines


def _cpu(seconds: float) -> float:
    """Per cent of one core over the next ``seconds``."""
    process = psutil.Process()
    before, began = sum(process.cpu_times()[:2]), time.monotonic()
    time.sleep(seconds)
    return 100 * (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)


def _idle(house: House, seconds: float) -> list[Line]:
    assert house.media.health().legs == 0
    return [("SIP backend idle, CPU of one core", f"{_cpu(seconds):.1f} %")]


def _answered(house: House, trunk: str) -> LegId:
    leg = house.dial(trunk)
    house.wait(leg, LegAnswered)
    return leg


def _many(house: House, folder: Path, pairs: int, seconds: float) -> list[Line]:
    """Pairs of legs, bridged, recorded, both tapped; then with the ears judging every customer as well."""
    process = psutil.Process()
    with (
        sipp("talk", house.trunk("agent"), folder / "a"),
        sipp("talk", house.trunk("customer"), folder / "c"),
    ):
        warm = [(_answered(house, "customer"), _answered(house, "agent")) for _ in range(2)]
        memory = process.memory_info().rss
        calls = [(_answered(house, "customer"), _answered(house, "agent")) for _ in range(pairs)]
        for customer, agent in calls:
            house.do(lambda c=customer, a=agent: house.media.bridge(c, a))
            path = folder / "recordings" / f"{customer}.wav"
            house.do(lambda c=customer, a=agent, p=path: house.media.record(c, a, p))
        time.sleep(2.0)
        cpu = _cpu(seconds)
        grown = process.memory_info().rss - memory
        for customer, _ in calls:
            house.do(lambda c=customer: house.media.listen(c, ListenSettings()))
        listening = _cpu(3.0)
        for pair in (*warm, *calls):
            for leg in pair:
                house.hang_up(leg)
    what = f"{pairs} calls ({2 * pairs} legs) bridged, recorded, tapped"
    return [
        (f"{what}: CPU of one core", f"{cpu:.1f} %"),
        (f"{what}: memory per call", f"{grown / pairs / 1e6:.2f} MB"),
        (f"the same while the ears judge all {pairs} customers: CPU", f"{listening:.1f} %"),
    ]


def _set_ups(house: House, folder: Path, calls: int) -> list[Line]:
    process = psutil.Process()
    before, memory = sum(process.cpu_times()[:2]), process.memory_info().rss
    result = soak(house, folder, calls, 20.0)
    cpu = sum(process.cpu_times()[:2]) - before
    house.nothing_left()
    kinds = ", ".join(f"{cause} {count}" for cause, count in sorted(result.ends.items()))
    return [
        (f"{calls} calls of every kind at 20 a second: wrong or missing ends", str(len(result.wrong))),
        ("  how they ended", kinds),
        ("  most at once", str(result.most_at_once)),
        ("  CPU per call, with ears, prompt, bridge and recording", f"{1000 * cpu / calls:.1f} ms"),
        ("  memory after against before", f"{(process.memory_info().rss - memory) / 1e6:+.1f} MB"),
    ]


@contextlib.contextmanager
def _ends(house: House, folder: Path) -> Iterator[tuple[RtpEnd, RtpEnd]]:
    agent, customer = RtpEnd(), RtpEnd()
    with (
        sipp("talk_rtp", house.trunk("agent"), folder / "a", keys={"rtp": str(agent.port)}),
        sipp("talk_rtp", house.trunk("customer"), folder / "c", keys={"rtp": str(customer.port)}),
    ):
        yield agent, customer
    agent.close()
    customer.close()


def _sound(house: House, folder: Path, quick: bool) -> list[Line]:
    with _ends(house, folder) as (agent, customer):
        phone = _answered(house, "agent")
        lines = _verdict_to_audio(house, phone, agent, customer, 10 if quick else 60)
        lines += _delay_and_gaps(house, phone, agent, customer, 10.0 if quick else 60.0)
        house.hang_up(phone)
    return lines


def _verdict_to_audio(house: House, phone: LegId, agent: RtpEnd, customer: RtpEnd, times: int) -> list[Line]:
    """Both talk all the time; how long after ``bridge`` has each heard the other?"""
    took_ms: list[float] = []
    agent.speaking = customer.speaking = True
    for _ in range(times):
        leg = _answered(house, "customer")
        time.sleep(0.3)
        asked = time.time()
        house.do(lambda leg=leg: house.media.bridge(leg, phone))
        both = max(agent.first_loud(asked), customer.first_loud(asked))
        took_ms.append((both - asked) * 1000)
        house.hang_up(leg)
        time.sleep(0.1)
    agent.speaking = customer.speaking = False
    p50, p95 = np.percentile(took_ms, [50, 95])
    return [
        (f"bridge to audio both ways, {times} times, nailed-up phone", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    ]


def _delay_and_gaps(
    house: House, phone: LegId, agent: RtpEnd, customer: RtpEnd, seconds: float
) -> list[Line]:
    leg = _answered(house, "customer")
    house.do(lambda: house.media.bridge(leg, phone))
    time.sleep(1.0)
    delays_ms = []
    for _ in range(20):
        customer.spoke_at = 0.0
        customer.speaking = True
        since = time.time()
        arrived = agent.first_loud(since)
        delays_ms.append((arrived - customer.spoke_at) * 1000)
        customer.speaking = False
        time.sleep(0.4)
    customer.speaking = True
    time.sleep(0.5)
    first = len(agent.packets)
    time.sleep(seconds)
    packets = agent.packets[first:]
    house.hang_up(leg)
    customer.speaking = False
    return [
        (
            "one-way delay added by the box",
            f"p50 {statistics.median(delays_ms):.0f} ms, max {max(delays_ms):.0f} ms",
        ),
        *_gaps(packets, seconds),
    ]


def _gaps(packets: list[object], seconds: float) -> list[Line]:
    sequence = np.array([p.sequence for p in packets])  # type: ignore[attr-defined]
    loud = np.array([p.loud for p in packets])  # type: ignore[attr-defined]
    at = np.array([p.at for p in packets])  # type: ignore[attr-defined]
    lost = int(((np.diff(sequence) - 1) & 0xFFFF).sum())
    quiet = np.diff(np.flatnonzero(np.concatenate(([True], loud, [True]))))
    return [
        (f"tone of {seconds:.0f} s through the bridge: packets lost", f"{lost} of {len(packets)}"),
        ("  longest stretch without tone inside the stream", f"{(int(quiet.max()) - 1) * 20} ms"),
        ("  longest time between two packets", f"{np.diff(at).max() * 1000:.0f} ms"),
    ]


if __name__ == "__main__":
    import sys

    for what, figure in main("--quick" in sys.argv):
        print(f"{what:75} {figure}")  # noqa: T201
