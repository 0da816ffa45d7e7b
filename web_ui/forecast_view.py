"""A forecast as the pages show it: rows to compare, a small drawing, and what it takes for granted, in words.

Pure: what the service told (``dry_run`` events) and a language in, plain values out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from web_ui import forms, term_words, words
from web_ui.language import N_, Language

LABELS = {
    "agents": N_("Agents at work"),
    "lines": N_("Lines at once"),
    "live_share": N_("A person answers"),
    "machine_share": N_("A machine answers, of the others"),
    "talk_s": N_("A talk lasts"),
    "wrap_s": N_("Writing down the result takes"),
    "hourly": N_("Hour by hour, against the average"),
    "seed": N_("Dice"),
}
HINTS = {
    "live_share": N_("Of all calls that are started."),
    "hourly": N_("One figure for each hour of the call window; 1 is as on average."),
    "seed": N_("The same number gives the same days again."),
}
UNITS = {"live_share": "%", "machine_share": "%", "talk_s": N_("seconds"), "wrap_s": N_("seconds")}
SHARES = frozenset({"live_share", "machine_share"})
SOURCES = {
    "learned": N_("learned from this campaign"),
    "usual": N_("usual value, not yet learned"),
    "settings": N_("from the settings"),
    "given": N_("changed by you"),
}
BAR_WIDTH = 200
BAR_LEFT = 8
TEAM_HEIGHT = 62


@dataclass(frozen=True, slots=True)
class Row:
    """One way to run the campaign, ready for the table."""

    agents: str
    mode: str
    ends: str
    busy: str
    wait: str
    abandoned: str
    lines: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the drawing, in its units."""

    y: int
    width: int
    value: str
    kind: str


@dataclass(frozen=True, slots=True)
class Team:
    """The bars of one number of agents, under its name."""

    name: str
    y: int
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole drawing; ``words`` says the same."""

    teams: Sequence[Team]
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing the forecast takes for granted, as a field that can be changed."""

    name: str
    label: str
    value: str
    unit: str
    hint: str
    source: str


def rows(result: Mapping[str, Any], language: Language) -> list[Row]:
    """The campaign's own team in every mode, then other teams."""
    own = result["own"]
    return [
        *(_row(each, str(result["mode"]) == each["mode"], language) for each in own),
        *(_row(each, False, language) for each in result["others"]),
    ]


def _row(outlook: Mapping[str, Any], chosen: bool, language: Language) -> Row:
    agentless = not outlook["agents"]
    return Row(
        agents=language.number(outlook["agents"]) if not agentless else "–",
        mode=words.word(words.MODES, outlook["mode"], language),
        ends=_day(outlook["ends_on"], language, bool(outlook.get("left"))),
        busy="–" if agentless else language.percent(outlook["busy_share"]),
        wait="–" if agentless else language.gettext("{seconds} s", seconds=round(outlook["mean_wait_s"])),
        abandoned="–"
        if agentless
        else language.gettext(
            "{count} ({share})",
            count=language.number(outlook["abandoned"]),
            share=language.percent(outlook["abandoned_share"]),
        ),
        lines=language.number(outlook["lines_needed"]),
        chosen=chosen,
    )


def headline(result: Mapping[str, Any], language: Language) -> str:
    """When the campaign would be done as it is set."""
    own = chosen(result)
    if own is None:
        return ""
    if not result["contacts"]["callable"]:
        return language.gettext("There is nobody this campaign may call.")
    if own["ends_on"] is None and result.get("last_day"):
        return language.gettext(
            "Not done by its last day, {day}: about {left} will not have been called as often as they should.",
            day=term_words.day(str(result["last_day"]), language),
            left=language.ngettext("{count} contact", "{count} contacts", own.get("left", 0)),
        )
    if own["ends_on"] is None:
        return language.gettext("As it is set, this campaign will not be done within ten years.")
    return language.gettext(
        "Done on {day}, after {days}: about {dials} and {reached}.",
        day=_day(own["ends_on"], language),
        days=language.ngettext("{count} day of dialling", "{count} days of dialling", own["days"]),
        dials=language.ngettext("{count} call", "{count} calls", own["dials"]),
        reached=language.ngettext("{count} person reached", "{count} people reached", own["reached"]),
    )


def chosen(result: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The outlook of the campaign's own mode; preview dials as progressive does, only later."""
    by_mode: dict[str, Mapping[str, Any]] = {each["mode"]: each for each in result["own"]}
    mode = str(result["mode"])
    return by_mode.get(mode) or by_mode.get("progressive") or next(iter(by_mode.values()), None)


def drawing(result: Mapping[str, Any], language: Language) -> Drawing | None:
    """Time busy by number of agents, progressive and predictive side by side; None where there is no team."""
    teams: dict[int, dict[str, float]] = {}
    for each in (*result["own"], *result["others"]):
        if each["agents"] and each["mode"] in ("progressive", "predictive"):
            teams.setdefault(each["agents"], {})[each["mode"]] = each["busy_share"]
    if not teams:
        return None
    drawn = [_team(at, agents, teams[agents], language) for at, agents in enumerate(sorted(teams))]
    said = "; ".join(
        language.gettext(
            "{team}: {progressive} progressive, {predictive} predictive",
            team=team.name,
            progressive=team.bars[0].value,
            predictive=team.bars[-1].value,
        )
        for team in drawn
    )
    text = language.gettext("Time agents are busy. {teams}", teams=said)
    return Drawing(drawn, TEAM_HEIGHT * len(drawn), text)


def _team(at: int, agents: int, shares: Mapping[str, float], language: Language) -> Team:
    top = at * TEAM_HEIGHT
    bars = [
        Bar(top + 20 + 18 * place, round(BAR_WIDTH * shares[mode]), language.percent(shares[mode]), mode)
        for place, mode in enumerate(("progressive", "predictive"))
        if mode in shares
    ]
    return Team(language.ngettext("{count} agent", "{count} agents", agents), top + 14, bars)


def blocked(result: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Why contacts are never called, the most frequent reason first."""
    return _reasons(result["contacts"]["never"], language)


def waiting(result: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Why contacts are called later, the most frequent reason first."""
    return _reasons(result["contacts"]["later"], language)


def _reasons(found: Mapping[str, int], language: Language) -> list[tuple[str, str]]:
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return [(words.word(words.REFUSALS, rule, language), language.number(count)) for rule, count in ordered]


def basis(result: Mapping[str, Any], language: Language) -> list[str]:
    """What the forecast rests on, and what it leaves out."""
    _ = language.gettext
    contacts = result["contacts"]
    found = [
        _(
            "A contact is called at most {attempts} times more, on {hours} hours of a day with call windows.",
            attempts=language.number(result["attempts"]),
            hours=language.number(round(result["shift_h"], 1)),
        ),
        _(
            "At most {share} of the people who answer may find no agent; counted over {days}.",
            share=language.percent(result["abandon_limit"]),
            days=language.ngettext("{count} day", "{count} days", result["window_days"]),
        ),
    ]
    if contacts["judged"] < contacts["open"]:
        found.append(
            _(
                "The list is long: {judged} contacts, spread over the whole list, stand for all {open}.",
                judged=language.number(contacts["judged"]),
                open=language.number(contacts["open"]),
            )
        )
    if result["days"]:
        found.append(
            _(
                "{days} days were played through for each figure. Real days differ: take the figures as rough ones.",
                days=language.number(round(result["days"], 1)),
            )
        )
    if result["mode"] == "preview":
        found.append(_("In preview agents read before they dial; that time is not in these figures."))
    found.append(
        _("Agents are taken to come late, go early and have lunch as people do; callbacks are not counted.")
    )
    return found


def assumptions(result: Mapping[str, Any], language: Language) -> list[Assumption]:
    """Every assumption as a field."""
    assumed, sources = result["assumed"], result["sources"]
    return [
        Assumption(
            name=name,
            label=language.gettext(label),
            value=_field(name, assumed[name], language),
            unit=language.gettext(UNITS[name]) if UNITS.get(name, "%") != "%" else UNITS.get(name, ""),
            hint=language.gettext(HINTS[name]) if name in HINTS else "",
            source=language.gettext(SOURCES.get(sources.get(name, ""), "")),
        )
        for name, label in LABELS.items()
        if name in assumed
    ]


def _field(name: str, value: Any, language: Language) -> str:
    if name == "hourly":
        return " ".join(
            forms.plain(each).replace(".", "," if language.code == "de" else ".") for each in value
        )
    text = forms.plain(value * 100 if name in SHARES else value)
    return text.replace(".", ",") if language.code == "de" else text


def read(text: Callable[[str], str], known: Mapping[str, Any]) -> dict[str, Any]:
    """The assumptions that somebody changed, by name; what cannot be read goes on as typed, to be refused by name."""
    given: dict[str, Any] = {}
    for name in LABELS:
        typed = text(f"a-{name}")
        if not typed:
            continue
        value: Any
        if name == "hourly":
            value = [forms.as_number(part) for part in typed.replace(";", " ").split()]
        else:
            value = forms.as_number(typed, 0.01 if name in SHARES else 1.0)
        if not _same(value, known.get(name)):
            given[name] = value
    return given


def _same(value: Any, known: Any) -> bool:
    if isinstance(value, list) and isinstance(known, list):
        return len(value) == len(known) and all(_same(a, b) for a, b in zip(value, known, strict=True))
    if isinstance(value, int | float) and isinstance(known, int | float):
        return abs(value - known) < 5e-5
    return bool(value == known)


def _day(text: str | None, language: Language, out_of_time: bool = False) -> str:
    if text is None and out_of_time:
        return language.gettext("not by its last day")
    if text is None:
        return language.gettext("not within ten years")
    day = date.fromisoformat(text)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=language.zone or UTC)
    return language.date(noon.timestamp())
