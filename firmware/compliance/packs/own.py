"""An office's own rules, for places without a pack: they start from the strictest decent values."""

from __future__ import annotations

from dataclasses import fields

from firmware.compliance.packs.parts import BELATED_S, WORKDAYS, needs, open_on
from firmware.compliance.rules import (
    DAY_S,
    AbandonRule,
    ConnectFrom,
    Limit,
    Need,
    Pack,
    Period,
    Rules,
    Source,
    Standing,
)

_OWN = Source("The office's own rules; this is what they start from", "2026-11", Standing.OWN_CHOICE)

OWN = Pack(
    name="own",
    version="2026.1",
    countries=(),
    code="",
    rules=Rules(
        abandon=(AbandonRule(0.03, ("abandoned", "false_machines", "silent"), "live_answers", DAY_S, "box"),),
        connect_within_s=2.0,
        connect_from=ConnectFrom.ANSWER,
        ring_min_s=15.0,
        ring_max_s=40.0,
        announcement=("caller_name", "reason", "number", "free_opt_out_number", "no_marketing"),
        hours=open_on(WORKDAYS, (9, 18)),
        holidays=True,
        limits=(
            Limit(Period.DAY, 2),
            Limit(Period.WEEK, 6),
            Limit(Period.MONTH, 10),
            Limit(Period.CAMPAIGN, 15),
        ),
        after_abandon_s=BELATED_S,
        after_machine_s=DAY_S,
        caller_id=("shown", "own", "returnable"),
        caller_id_never=(),
        consent=needs(
            service=Need.NOTHING,
            sales=Need.RECORD,
            sales_business=Need.RECORD,
            research=Need.RECORD,
            automated=Need.RECORD,
            automated_service=Need.RECORD,
        ),
    ),
    sources={each.name: _OWN for each in fields(Rules)},
)
