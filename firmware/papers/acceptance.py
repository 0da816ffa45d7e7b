"""The acceptance sheet [Abnahmeprotokoll]: what was handed over, in what state, tried by whom, with room to sign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firmware.papers.acceptance_words import ACCEPTANCE
from firmware.papers.sheet import Row, Section, Sheet
from firmware.papers.words import Words

_DOTS = "." * 70
_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Facts:
    """``state`` as ``technician.state`` tells it."""

    state: Mapping[str, Any]
    by: str
    customer: str = ""
    remark: str = ""


class _Sayer:
    """The sheet's own words, and everybody's dates."""

    def __init__(self, language: str, zone: str) -> None:
        self.words = Words(language, zone)
        self._german = self.words.language == "de"

    def __call__(self, key: str, **figures: object) -> str:
        """A word or sentence with its figures; a key nobody knows is shown as it is."""
        text = ACCEPTANCE.get(key, (key, key))[self._german]
        return text.format(**figures) if figures else text

    def yes(self, given: object) -> str:
        """Yes or no."""
        return self("yes" if given else "no")

    def number(self, value: object, unit: str = "") -> str:
        """A figure as the language writes it, a dash where there is none."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            return "-"
        text = f"{value:.1f}".removesuffix(".0")
        return f"{text.replace('.', ',') if self._german else text}{' ' if unit else ''}{unit}"


def sheet(facts: Facts, office: str, made_at: float, language: str, zone: str) -> Sheet:
    """Return the sheet."""
    say = _Sayer(language, zone)
    return Sheet(
        title=say("title"),
        lines=(f"{say('box')}: {office}", f"{say('date')}: {say.words.at(made_at)}", say("intro")),
        sections=(
            Section(say("box"), tuple(_box(facts, say))),
            Section(say("network"), tuple(_network(facts, say))),
            Section(say("lines"), tuple(_lines(facts, say))),
            Section(say("trunks"), tuple(_trunks(facts, say))),
            Section(say("phones"), tuple(_phones(facts, say))),
            Section(say("trials"), tuple(_trials(facts, say))),
            Section(say("health"), tuple(_health(facts, say))),
            Section(say("signatures"), tuple(_signatures(facts, say))),
        ),
        foot=say("foot"),
        language=say.words.language,
    )


def _part(facts: Facts, name: str) -> Mapping[str, Any]:
    found: Sequence[Mapping[str, Any]] = facts.state.get("machine", ())
    return next((part for part in found if part.get("part") == name), {})


def _box(facts: Facts, say: _Sayer) -> Iterator[Row]:
    runs, disk, heat, clock = (_part(facts, name) for name in ("version", "disk", "heat", "clock"))
    yield say("version"), str(runs.get("strowger", "-"))
    yield say("slot"), str(runs.get("slot") or say("none"))
    yield say("hardware"), str(runs.get("hardware") or "-")
    yield say("serial"), str(runs.get("serial") or say("unknown"))
    total, free = disk.get("total_bytes", 0), disk.get("free_bytes", 0)
    yield (
        say("disk"),
        say("disk_of", free=say.number(free / _GIB, "GiB"), total=say.number(total / _GIB, "GiB")),
    )
    worn = disk.get("worn_percent")
    yield say("worn"), say("unknown") if worn is None else say("worn_at_most", percent=worn)
    yield say("heat"), say.number(heat.get("celsius"), "°C")
    yield say("clock"), say("clock_held" if clock.get("synchronised") else "clock_free")


def _network(facts: Facts, say: _Sayer) -> Iterator[Row]:
    net = _part(facts, "network")
    yield say("host"), str(net.get("host", "-"))
    for each in net.get("interfaces", ()):
        told = ", ".join(each["addresses"]) or say("no_address")
        yield str(each["name"]), f"{told} ({each['mac']}, {say('up' if each['up'] else 'down')})"
    yield say("gateway"), str(net.get("gateway") or say("none"))
    yield say("dns"), ", ".join(net.get("dns", ())) or say("none")


def _lines(facts: Facts, say: _Sayer) -> Iterator[Row]:
    lines = facts.state.get("lines", ())
    jobs = {job["name"]: job for job in facts.state.get("line_jobs", ())}
    if not lines:
        yield say("lines"), say("none")
    for line in lines:
        wrong = line.get("wrong", {}).get("key", "")
        state = say("fault", what=wrong) if wrong else say("ready")
        yield str(line["name"]), f"{state}; {line.get('profile') or '-'}; {line.get('modem') or '-'}"
        yield from _test(jobs.get(line["name"]), say)


def _test(job: Mapping[str, Any] | None, say: _Sayer) -> Iterator[Row]:
    """The last test of a line: one row for each figure that was judged."""
    if not job or job.get("kind") != "test" or job.get("running") or not job.get("results"):
        yield f"  {say('tested')}", say("not_tested")
        return
    yield (
        f"  {say('tested')}",
        f"{say.words.at(job.get('ended_at'))}: {say(str(job.get('verdict') or 'none_judged'))}",
    )
    for each in job["results"]:
        if each["verdict"] != "none":
            told = f"{say(each['verdict'])}: {say.number(each['value'], each['unit'])}{_limits(each, say)}"
            yield f"  {say('test_' + each['figure'])}", told


def _limits(each: Mapping[str, Any], say: _Sayer) -> str:
    least, most = each.get("least"), each.get("most")
    if least is None and most is None:
        return ""
    if least is None:
        return f" ({say('at_most', most=say.number(most))})"
    if most is None:
        return f" ({say('at_least', least=say.number(least))})"
    return f" ({say.number(least)} … {say.number(most)})"


def _trunks(facts: Facts, say: _Sayer) -> Iterator[Row]:
    found = [trunk for trunk in facts.state.get("trunks", ()) if "codecs" in trunk]
    if not found:
        yield say("trunks"), say("none")
    for trunk in found:
        registered = trunk.get("registered")
        told = say("reachable" if trunk.get("up") else "unreachable")
        if registered is not None:
            told += f"; {say('registered') if registered else say('not_registered')}"
        round_trip_ms = trunk.get("round_trip_ms")
        if round_trip_ms is not None:  # counted in whole milliseconds: nought is less than one
            told += f"; {say('round_trip', ms=say.number(round_trip_ms) if round_trip_ms else '< 1')}"
        yield str(trunk["name"]), f"{told}; {say('calls_at_once', count=trunk['lines'])}"
        failure = trunk.get("failure")
        if failure:
            yield f"  {say('last_refusal')}", f"{failure['code']}, {say.words.at(failure['at'])}"


def _phones(facts: Facts, say: _Sayer) -> Iterator[Row]:
    phones = facts.state.get("phones", ())
    if not phones:
        yield say("phones"), say("none")
    for phone in phones:
        there = say("registered") if phone["registered"] else say("not_registered")
        more = [str(phone[key]) for key in ("address", "agent") if phone.get(key)]
        yield str(phone["name"]), "; ".join([there, *more])


def _trials(facts: Facts, say: _Sayer) -> Iterator[Row]:
    trials = facts.state.get("trials", ())
    if not trials:
        yield say("trials"), say("none_made")
    for trial in trials:
        over = f" ({trial['over']})" if trial["over"] else ""
        answered = trial.get("answered_at")
        told = (
            say("answered_after", s=say.number(answered - trial["started_at"]))
            if answered
            else say("not_answered")
        )
        keys = f"; {say('keys')}: {trial['keys']}" if trial.get("keys") else ""
        code = f"; SIP {trial['sip_code']}" if trial.get("sip_code") else ""
        yield say.words.at(trial["started_at"]), f"{trial['to']}{over}: {told}{keys}{code}"


def _health(facts: Facts, say: _Sayer) -> Iterator[Row]:
    wrong = [check for check in facts.state.get("health", ()) if not check.get("ok", True)]
    if not wrong:
        yield say("health"), say("all_well")
    for check in wrong:
        yield str(check["check"]), str(check["key"])


def _signatures(facts: Facts, say: _Sayer) -> Iterator[Row]:
    yield say("remark"), facts.remark or _DOTS
    yield say("emergency"), say("emergency_known")
    for who, name in (("installer", facts.by), ("customer", facts.customer)):
        yield say(who), name or _DOTS
        yield say("place_date"), _DOTS
        yield say("signature"), _DOTS
