"""Schedules of a contact list and its imports in words: what is done, when, whose contacts, why it began. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from firmware.model import Disposition
from web_ui import words
from web_ui.language import N_, Language

CHOSEN = frozenset({Disposition.NO_ANSWER, Disposition.BUSY, Disposition.MACHINE})
"""What most offices mean by somebody they did not reach."""
CAUSES = {
    "time": N_("at its time"),
    "late": N_("caught up: the box was off at its time"),
    "hand": N_("begun by hand"),
    "trigger": N_("asked for by another program"),
}
DID = {
    "run": N_("The schedule is running; its result will stand among the imports."),
    "rest": N_("The schedule rests."),
    "resume": N_("The schedule runs at its times again."),
    "remove": N_("The schedule is removed; what it did stays on record."),
}


def what(schedule: Any, language: Language) -> str:
    """What a schedule does."""
    _, wanted = language.gettext, schedule.wanted
    if wanted.kind == "recycle":
        results = language.listing(
            [words.word(words.DISPOSITIONS, each, language) for each in wanted.dispositions]
        )
        days = round(wanted.rest_s / 86400)
        rest = (
            language.ngettext("after {count} day of rest", "after {count} days of rest", days) if days else ""
        )
        said = _("Call once more: {results}", results=results)
        return f"{said}, {rest}" if rest else said
    said = _("Take in files {pattern}", pattern=wanted.source)
    extra = [
        *([_("columns as in “{mapping}”", mapping=wanted.mapping)] if wanted.mapping else []),
        *([_("known contacts are brought up to date")] if wanted.renew else []),
    ]
    return ", ".join([said, *extra])


def when(schedule: Any, language: Language) -> str:
    """When it runs."""
    _, days = language.gettext, list(schedule.wanted.days)
    if not schedule.active:
        return _("rests")
    if not days:
        return _("only when it is asked for")
    if len(days) == 7:
        return _("every day, {time}", time=schedule.wanted.at)
    return f"{language.listing([language.weekday_long(day) for day in days])}, {schedule.wanted.at}"


def last(schedule: Any, imports: Sequence[Any]) -> Any:
    """Its newest run, None before the first."""
    return next((each for each in imports if each.schedule_id == schedule.id), None)


def run_name(each: Any, language: Language) -> str:
    """What a row of the history is about: its file, or that contacts are called once more."""
    return language.gettext("Contacts to be called once more") if each.kind == "recycle" else each.file_name


def desk(each: Any, language: Language) -> list[str]:
    """What an import did where agents had said otherwise than the file, in sentences."""
    ngettext = language.ngettext
    left = ngettext(
        "{count} contact stayed as agents had changed it",
        "{count} contacts stayed as agents had changed them",
        each.desk_kept,
    )
    over = ngettext(
        "{count} contact that agents had changed became what the file says",
        "{count} contacts that agents had changed became what the file says",
        each.desk_replaced,
    )
    return [text for text, count in ((left, each.desk_kept), (over, each.desk_replaced)) if count]


def against(each: Any, language: Language) -> list[str]:
    """What stood against a run, in sentences."""
    return [words.raw_problem(raw, language) for raw in each.problems]
