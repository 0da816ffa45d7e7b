"""Leads: a contact for a campaign that is called at once if the rules permit, or told when it can be."""

from __future__ import annotations

from web_ui.api.endpoint import Answer, Call, Endpoints, optional
from web_ui.api.nouns import common
from web_ui.api.nouns.lists import NEW
from web_ui.api.shapes import Maybe, Member, Several, Table, Text, Word
from web_ui.language import N_

endpoints = Endpoints("leads")

WAITS_FOR = (
    "campaign_not_running",
    "trunk_down",
    "box_not_dialling",
    "no_agent_ready",
    "order_being_prepared",
)
NEVER = ("filtered_out", "owner_unknown")
"""Reasons that no waiting ends."""
LEAD = Table(
    {
        "contact_id": Member(common.ID),
        "number": Member(common.E164),
        "result": Member(
            Word(("added", "raised", "duplicate")),
            N_(
                "raised: it was there uncalled and now goes first; duplicate: it was there, nothing is changed."
            ),
        ),
        "blocked_by": Member(Maybe(common.BLOCK), N_("The rule against a call at this moment.")),
        "note": Member(
            Maybe(Text(0, 1000)),
            N_("Said where the lead is taken and will not be called as things are, with the reason."),
        ),
        "waits_for": Member(Several(Word(WAITS_FOR)), N_("What else must change before anybody is called.")),
    },
    "Lead",
)
UNFIT = (
    "empty_number", "spreadsheet_damage", "emergency_number", "too_short", "too_long", "not_a_number", "not_in_use",
    "leading_zero_lost", "service_number", "premium_number", "has_extension", "several_numbers", "unknown_country",
    "unknown_zone", "priority_not_whole",
)  # fmt: skip


@endpoints.add(
    "POST",
    "/campaigns/{campaign_id}/leads",
    "leads:write",
    N_("Give a campaign a lead to call"),
    parameters={"campaign_id": common.ID},
    body=Table(
        {
            **NEW,
            "priority": optional(
                Word(("first", "normal"), default="normal"),
                N_("first: before everybody else; the box looks at once."),
            ),
        },
        "NewLead",
    ),
    answer=LEAD,
    status=201,
    refusals={"campaign_unknown": 404, "campaign_without_list": 409, **dict.fromkeys(UNFIT, 422)},
    example='{"number": "+49 30 23125107", "name": "Ada Beispiel", "priority": "first"}',
)
def add(call: Call) -> Answer:
    """The answer says what stands against a call now, and until when."""
    given = {**call.body}
    first = given.pop("priority", "normal") == "first"
    made = call.web.call("lead.add", campaign=call.path["campaign_id"], contact=given, first=first)
    blocked = made["blocked"]
    block = None if blocked is None else common.block(blocked, call.language)
    never = block is not None and block["rule"] in NEVER
    told = {
        "contact_id": made["contact_id"],
        "number": made["number"],
        "result": made["result"],
        "blocked_by": block,
        "note": call.language.gettext("Accepted, but not called: {reason}", reason=block["text"])
        if block and never
        else None,
        "waits_for": made["waits_for"],
    }
    return Answer(told, 201)
