"""What the technician's page shows, from the picture of the box. Pure; words and figures of the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web_ui import line_words, measured_words, sip_words, words
from web_ui.language import N_, Language
from web_ui.live import Picture

Entry = Mapping[str, Any]

LINE_STATES = {
    "gone": N_("no modem"),
    "starting": N_("starting"),
    "idle": N_("idle"),
    "ringing": N_("ringing"),
    "seizing": N_("seizing"),
    "waiting for dial tone": N_("waiting for dial tone"),
    "dialling": N_("dialling"),
    "call progress": N_("dialled"),
    "talking": N_("in use"),
    "releasing": N_("hanging up"),
}
TRIAL_STATES = {
    "calling": N_("calling"),
    "ringing": N_("ringing"),
    "talking": N_("answered"),
    "ended": N_("over"),
}
_BUSY = ("seizing", "waiting for dial tone", "dialling", "call progress", "talking", "releasing")
_PER_ROW = 4
_WIDTH, _PORT, _TOP = 360, 80, 64


@dataclass(frozen=True, slots=True)
class Fact:
    """One value with its name. ``bad``: it needs a look."""

    label: str
    value: str
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Port:
    """A socket at the rear, in the units of the drawing. ``look`` is a style, ``sign`` a letter that says the same."""

    name: str
    look: str
    sign: str
    word: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The rear of the box."""

    ports: Sequence[Port]
    width: int
    height: int
    told: str
    """All of it in a sentence."""


def light(picture: Picture) -> str:
    """``red``, ``amber`` or ``green``: the worst of everything."""
    grave = {"no_dialling", "no_recording"}
    bad = [check for check in picture.health.values() if not check.get("ok", True)]
    if not picture.connected or any(check.get("severity") in grave for check in bad):
        return "red"
    down = [trunk for trunk in picture.trunks.values() if not trunk.get("up", True)]
    return "amber" if bad or down else "green"


def drawing(picture: Picture, language: Language) -> Drawing:
    """Sockets in the order of the rear: network first, then the lines as the settings name them."""
    found: list[tuple[str, str, str, str]] = []
    for each in _machine(picture, "network").get("interfaces", ()):
        up = bool(each.get("up"))
        word = language.gettext("connected") if up else language.gettext("not connected")
        found.append((str(each.get("name", "")), "idle" if up else "off", "L", word))
    for line in picture.lines.values():
        look, sign = _look(line)
        found.append((str(line.get("name", "")), look, sign, line_word(line, language)))
    ports = [
        Port(name[:10], look, sign, word, 16 + (at % _PER_ROW) * (_PORT + 4), _TOP + (at // _PER_ROW) * 84)
        for at, (name, look, sign, word) in enumerate(found)
    ]
    rows = max(1, -(-len(found) // _PER_ROW))
    told = language.listing([f"{name}: {word}" for name, _, _, word in found])
    return Drawing(ports, _WIDTH, _TOP + rows * 84 + 8, told or language.gettext("no ports"))


def _look(line: Entry) -> tuple[str, str]:
    state = str(line.get("state", ""))
    if line.get("wrong", {}).get("key"):
        return "bad", "!"
    if state == "ringing":
        return "rings", "R"
    return ("busy", "T") if state in _BUSY else ("idle", "A")


def line_word(line: Entry, language: Language) -> str:
    """A line's state in a word."""
    return words.word(LINE_STATES, line.get("state"), language)


def line_free(line: Entry) -> bool:
    """Whether it may be tested or called over."""
    return line.get("state") == "idle"


def line_facts(line: Entry, language: Language) -> Iterator[Fact]:
    """Everything about a port; what its hardware cannot measure is said so."""
    _ = language.gettext
    cannot = _("this modem cannot measure it")
    yield Fact(_("Port"), str(line.get("port", "")))
    known = [str(line[key]) for key in ("profile", "modem") if line.get(key)]
    yield Fact(_("Modem"), " · ".join(known) or "–")
    yield Fact(_("Format"), str(line.get("format") or "–"))
    yield Fact(_("Country"), str(line.get("country") or "–"))
    yield Fact(_("Volts"), _figure(line.get("volts"), "V", language) or cannot)
    yield Fact(_("Current"), _figure(line.get("milliamps"), "mA", language) or cannot)
    if line.get("reversed_at"):
        yield Fact(_("Last reversal"), language.moment(line["reversed_at"]))
    yield from _caller(line, language)
    yield from _levels(line, language)
    counters = line.get("counters") or {}
    for key, label in (
        ("underruns", _("Underruns")),
        ("overruns", _("Overruns")),
        ("unheard", _("Samples lost")),
    ):
        count = counters.get(key, 0)
        yield Fact(label, language.number(count), bool(count))
    yield from _history(line, language)


def _caller(line: Entry, language: Language) -> Iterator[Fact]:
    _ = language.gettext
    yield Fact(_("Rings"), language.number(float(line.get("rings") or 0)))
    at = f", {language.moment(line['caller_at'])}" if line.get("caller_at") else ""
    yield Fact(_("Last caller"), f"{line['caller']}{at}" if line.get("caller") else _("none seen"))
    raw = " · ".join(f"{name}={value}" for name, value in line.get("caller_raw") or ())
    if raw:
        yield Fact(_("As it was sent"), raw)


def _levels(line: Entry, language: Language) -> Iterator[Fact]:
    _ = language.gettext
    levels = line.get("levels") or {}
    for key, label in (("heard", _("Level heard")), ("said", _("Level said"))):
        found = levels.get(key) or {}
        peak, mean = (_figure(found.get(name), "dBFS", language) for name in ("peak_db", "rms_db"))
        if peak or mean:
            yield Fact(label, _("{mean} on average, {peak} at most", mean=mean or "–", peak=peak or "–"))
    if levels.get("clipped"):
        yield Fact(_("Clipped"), language.number(levels["clipped"]), bad=True)


def _history(line: Entry, language: Language) -> Iterator[Fact]:
    _ = language.gettext
    last = line.get("last") or {}
    if last.get("outcome"):
        at = f", {language.moment(last['at'])}" if last.get("at") else ""
        yield Fact(_("Last call ended"), f"{last.get('text') or str(last['outcome']).replace('_', ' ')}{at}")
    for alarm in line.get("alarms") or ():
        yield Fact(_("Alarm"), words.word(measured_words.ALARMS, alarm, language), bad=True)
    proposals = (line.get("habits") or {}).get("proposals") or ()
    if proposals:
        told = language.listing([proposal(each, language) for each in proposals])
        yield Fact(_("Hang-up as learnt"), told)


def proposal(each: Entry, language: Language) -> str:
    """How the far end's hang-up shows, in words and figures."""
    method = words.word(line_words.METHODS, each.get("method"), language)
    sure = words.word(measured_words.CONFIDENCE, each.get("confidence"), language)
    tones = " + ".join(f"{language.number(round(hz))} Hz" for hz in each.get("hz") or ())
    pattern = "/".join(language.number(ms) for ms in each.get("pattern_ms") or ())
    figures = [part for part in (tones, f"{pattern} ms" if pattern else "", sure) if part]
    return f"{method} ({', '.join(figures)})"


def job_head(job: Entry, language: Language) -> str:
    """What a job does now, or how it ended."""
    _ = language.gettext
    if job.get("running"):
        step = words.word(measured_words.STEPS, job.get("step"), language)
        return _("Under way: {step}", step=step) if step else _("Under way")
    failed = (job.get("failed") or {}).get("key")
    if failed:
        return words.word(line_words.FAILED, failed, language)
    at = language.moment(job["ended_at"]) if job.get("ended_at") else ""
    if job.get("kind") == "learn":
        return _("Learnt on {moment}", moment=at)
    return _("Tested on {moment}: {verdict}", moment=at, verdict=verdict(job.get("verdict"), language))


def verdict(word: object, language: Language) -> str:
    """A verdict in a word."""
    return words.word(measured_words.VERDICTS, word or "none", language)


def measured(each: Entry, language: Language) -> str:
    """What was measured in a line test."""
    return words.word(measured_words.FIGURES, each.get("figure"), language)


def measured_value(each: Entry, language: Language) -> str:
    """How much of it, with the limits it was held to."""
    _ = language.gettext
    if each.get("value") is None:
        return _("not measured")
    unit = "" if each.get("unit") == "keys" else str(each.get("unit", ""))
    figure = _figure(each["value"], unit, language).strip()
    least, most = each.get("least"), each.get("most")
    low, high = (None if end is None else language.number(end) for end in (least, most))
    if low is not None and high is not None:
        return _("{figure}, good from {low} to {high}", figure=figure, low=low, high=high)
    if low is not None:
        return _("{figure}, good from {low}", figure=figure, low=low)
    return _("{figure}, good up to {high}", figure=figure, high=high) if high is not None else figure


def hint(each: Entry, language: Language) -> str:
    """What to do about it; empty: nothing."""
    return words.word(line_words.HINTS, each["hint"], language) if each.get("hint") else ""


def wrong(line: Entry, language: Language) -> str:
    """What is wrong with a line, with the way out; empty: nothing."""
    found = line.get("wrong") or {}
    return (
        words.sentence(words.HEALTH, found["key"], found.get("figures"), language) if found.get("key") else ""
    )


def sip_trunks(picture: Picture) -> list[Entry]:
    """Those that are no lines."""
    return [trunk for trunk in picture.trunks.values() if "codecs" in trunk]


def trunk_facts(trunk: Entry, language: Language) -> Iterator[Fact]:
    """A SIP trunk."""
    _ = language.gettext
    registered, since = trunk.get("registered"), trunk.get("since")
    if registered is None:
        yield Fact(_("Registration"), _("not wanted: known by its address"))
    elif registered:
        yield Fact(_("Registered since"), language.moment(since) if since else _("yes"))
    else:
        yield Fact(_("Registration"), _("refused or not answered"), bad=True)
    yield Fact(_("Address"), str(trunk.get("address") or "–"))
    yield Fact(_("Round trip"), _round_trip(trunk.get("round_trip_ms"), language) or _("not measured"))
    yield Fact(_("Codecs offered"), ", ".join(trunk.get("codecs", ())))
    used = _(
        "{used} of {lines}",
        used=language.number(trunk.get("legs", 0)),
        lines=language.number(trunk.get("lines", 0)),
    )
    yield Fact(_("Calls"), used)


def failure(trunk: Entry, language: Language) -> tuple[str, str, str] | None:
    """The last refusal: when and which, what it says, and a hint."""
    found = trunk.get("failure")
    if not found:
        return None
    said, hint = sip_words.meaning(int(found["code"]), language)
    head = f"{found['code']} {found.get('text', '')}".strip()
    return f"{head}, {language.moment(found['at'])}", said, hint


def phone_facts(phone: Entry, language: Language) -> Iterator[Fact]:
    """A telephone of the house."""
    _ = language.gettext
    if not phone.get("registered"):
        yield Fact(_("Registration"), _("not registered"), bad=True)
        return
    if phone.get("since"):
        yield Fact(_("Registered since"), language.moment(phone["since"]))
    yield Fact(_("From"), str(phone.get("address") or "–"))
    yield Fact(_("User agent"), str(phone.get("agent") or "–"))
    yield Fact(_("Transport"), str(phone.get("transport") or "–").upper())


def machine_facts(picture: Picture, language: Language) -> Iterator[tuple[str, list[Fact]]]:
    """Network, clock, disk, heat and version: a heading with its facts."""
    _ = language.gettext
    yield _("Network"), list(_network(_machine(picture, "network"), language))
    yield _("Clock"), list(_clock(_machine(picture, "clock"), picture, language))
    yield _("Disk and temperature"), list(_disk(picture, language))
    yield _("Version"), list(_version(_machine(picture, "version"), language))


def _network(net: Entry, language: Language) -> Iterator[Fact]:
    _ = language.gettext
    for each in net.get("interfaces", ()):
        told = ", ".join(each.get("addresses", ())) or _("no address")
        speed = f", {each['speed_mbit']} Mbit/s" if each.get("speed_mbit") else ""
        yield Fact(str(each["name"]), f"{told}{speed}", not each.get("up"))
    yield Fact(_("Gateway"), str(net.get("gateway") or _("none")))
    yield Fact(_("Name servers"), ", ".join(net.get("dns", ())) or _("none"))


def _clock(clock: Entry, picture: Picture, language: Language) -> Iterator[Fact]:
    _ = language.gettext
    check = picture.health.get("clock", {})
    trusted = check.get("ok", True)
    said = (
        _("yes")
        if trusted
        else words.sentence(words.HEALTH, check.get("key"), check.get("figures"), language)
    )
    yield Fact(_("Trusted"), said, not trusted)
    held = clock.get("source") or (_("a time server") if clock.get("synchronised") else _("nobody"))
    yield Fact(_("Kept by"), str(held), not clock.get("synchronised", True))
    yield Fact(_("Offset"), _figure(clock.get("offset_ms"), "ms", language) or _("unknown"))


def _disk(picture: Picture, language: Language) -> Iterator[Fact]:
    _ = language.gettext
    disk, heat = _machine(picture, "disk"), _machine(picture, "heat")
    total = float(disk.get("total_bytes") or 0)
    if total:
        free = float(disk.get("free_bytes") or 0)
        told = _("{free} of {total} free", free=language.size(free), total=language.size(total))
        yield Fact(_("Disk"), f"{told} ({language.percent(free / total)})", free / total < 0.1)
    worn = disk.get("worn_percent")
    text = _("cannot be read") if worn is None else _("at most {percent} %", percent=language.number(worn))
    yield Fact(_("Wear"), text, (worn or 0) >= 90)
    celsius = heat.get("celsius")
    yield Fact(_("Temperature"), _figure(celsius, "°C", language) or _("cannot be read"), (celsius or 0) > 80)


def _version(runs: Entry, language: Language) -> Iterator[Fact]:
    _ = language.gettext
    yield Fact(_("Version"), str(runs.get("strowger", "–")))
    yield Fact(_("Slot"), str(runs.get("slot") or _("none: not a flashed box")))
    yield Fact(_("Hardware"), str(runs.get("hardware") or "–"))
    yield Fact(_("Serial number"), str(runs.get("serial") or _("cannot be read")))
    if runs.get("booted_at"):
        yield Fact(_("Running since"), language.moment(runs["booted_at"]))


def trial_facts(trial: Entry, language: Language) -> Iterator[Fact]:
    """A test call."""
    _ = language.gettext
    started = trial["started_at"]
    for key, label in (
        ("ringing_at", _("Rang after")),
        ("answered_at", _("Answered after")),
        ("ended_at", _("Over after")),
    ):
        if trial.get(key):
            yield Fact(label, f"{language.number(round(trial[key] - started, 1))} s")
    if trial.get("keys"):
        yield Fact(_("Keys pressed"), str(trial["keys"]))
    if trial.get("heard"):
        yield Fact(_("Heard"), words.word(words.VERDICTS, trial["heard"], language))
    if trial.get("cause"):
        yield Fact(_("Ended"), words.word(words.HANGUP_CAUSES, trial["cause"], language))
    code = int(trial.get("sip_code") or 0)
    if code >= 400:
        yield Fact(_("SIP status"), f"{code}: {' '.join(sip_words.meaning(code, language))}", bad=True)


def _machine(picture: Picture, part: str) -> Entry:
    return picture.machine.get(part, {})


def _round_trip(milliseconds: object, language: Language) -> str:
    """Kamailio counts whole milliseconds: nought is less than one."""
    return "< 1 ms" if milliseconds == 0 else _figure(milliseconds, "ms", language)


def _figure(value: object, unit: str, language: Language) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return f"{language.number(round(value, 1))} {unit}"
