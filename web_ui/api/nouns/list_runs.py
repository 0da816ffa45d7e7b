"""Schedules of contact lists: looking at them, and asking for a run, as another program's event may want it."""

from __future__ import annotations

from typing import Any

from firmware.model import ContactListId
from web_ui.api.endpoint import Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.problems import ApiProblem
from web_ui.api.shapes import Flag, Maybe, Member, Moment, Several, Table, Text, Whole, Word
from web_ui.language import N_

endpoints = Endpoints("lists")

SCHEDULE = Table(
    {
        "id": Member(common.ID),
        "kind": Member(Word(("import", "recycle"))),
        "days": Member(Several(Whole(0, 6), 0, 7), N_("Weekdays, Monday is 0; none: only when asked for.")),
        "at": Member(Text(5, 5), N_("By the office's clock.")),
        "active": Member(Flag()),
        "next_at": Member(Maybe(Moment())),
        "last_at": Member(Maybe(Moment())),
    },
    "ListSchedule",
)
RUN = Table(
    {
        "id": Member(common.ID),
        "schedule_id": Member(Maybe(common.ID)),
        "kind": Member(Word(("import", "recycle"))),
        "cause": Member(Text(0, 20), N_("time, late, hand or trigger; empty: an import by hand.")),
        "state": Member(Word(("running", "done", "broken", "undoing", "undone"))),
        "at": Member(Moment()),
        "rows": Member(Whole(0)),
        "new": Member(Whole(0)),
        "updated": Member(Whole(0), N_("Known contacts changed, or made callable once more.")),
        "desk_kept": Member(Whole(0), N_("Contacts of which agents knew otherwise, left as they were.")),
        "desk_replaced": Member(
            Whole(0), N_("Contacts of which agents knew otherwise, changed all the same.")
        ),
        "duplicate": Member(Whole(0)),
        "damaged": Member(Whole(0)),
        "problems": Member(common.PROBLEMS),
    },
    "ListRun",
)
_LIST = {"list_id": common.ID}


@endpoints.add(
    "GET", "/lists/{list_id}/schedules", "contacts:read", N_("What is done with a list again and again"),
    parameters=_LIST, answer=Table({"items": Member(Several(SCHEDULE))}),
)  # fmt: skip
def schedules(call: Call) -> Answer:
    """Oldest first."""
    return Answer({"items": [_schedule(each) for each in _report(call).schedules]})


@endpoints.add(
    "GET", "/lists/{list_id}/runs", "contacts:read", N_("Imports and runs of a list"),
    parameters=_LIST, answer=Table({"items": Member(Several(RUN))}),
)  # fmt: skip
def runs(call: Call) -> Answer:
    """The newest hundred, newest first."""
    return Answer({"items": [_run(each, call) for each in _report(call).imports[:100]]})


@endpoints.add(
    "POST", "/lists/{list_id}/runs", "contacts:write", N_("Run a list's schedule now"),
    parameters=_LIST,
    body=Table({
        "schedule_id": Member(common.ID),
        "agents_values": optional(
            Word(("keep", "replace"), default="keep"),
            N_("Where agents have said otherwise than the file: keep what they said, or replace it."),
        ),
    }),
    answer=Table({"schedule_id": Member(common.ID)}),
    status=202,
    refusals={"list_schedule_unknown": 404},
    example='{"schedule_id": 1}',
)  # fmt: skip
def begin(call: Call) -> Answer:
    """It stands among the list's runs as soon as it has begun; one that is under way is not begun twice (409)."""
    list_id = _report(call).id
    made = call.web.call(
        "list.run_schedule",
        schedule_id=call.body["schedule_id"],
        list_id=list_id,
        cause="trigger",
        over_desk=call.body.get("agents_values") == "replace",
        who=call.who,
    )
    return Answer({"schedule_id": made["schedule_id"]}, 202)


def _report(call: Call) -> Any:
    found = call.web.reports.list_report(ContactListId(call.path["list_id"]))
    if found is None:
        raise ApiProblem("not_found")
    return found


def _schedule(found: Any) -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": found.wanted.kind,
        "days": list(found.wanted.days),
        "at": found.wanted.at,
        "active": found.active,
        "next_at": common.at(found.next_at),
        "last_at": common.at(found.last_at),
    }


def _run(found: Any, call: Call) -> dict[str, Any]:
    names = ("id", "schedule_id", "kind", "cause", "state", "rows", "new", "updated", "duplicate", "damaged")
    return {
        **{name: getattr(found, name) for name in (*names, "desk_kept", "desk_replaced")},
        "at": common.at(found.at),
        "problems": common.problems(found.problems, call.language),
    }
