"""United Kingdom: Ofcom's policy on persistent misuse, and the preference services."""

from __future__ import annotations

import math

from firmware.compliance.packs.parts import BELATED_S, SATURDAY, WORKDAYS, needs, open_on
from firmware.compliance.rules import (
    DAY_S,
    AbandonRule,
    ConnectFrom,
    Limit,
    Need,
    Pack,
    Period,
    RegisterRule,
    Rules,
    Source,
    Standing,
)

GB = Pack(
    name="gb",
    version="2026.2",
    countries=("GB",),
    code="44",
    rules=Rules(
        abandon=(AbandonRule(0.03, ("abandoned", "false_machines"), "live_answers", DAY_S, "campaign"),),
        connect_within_s=2.0,
        connect_from=ConnectFrom.ANSWER,
        ring_min_s=15.0,
        ring_max_s=math.inf,
        announcement=("caller_name", "reason", "free_opt_out_number", "no_marketing"),
        hours=(*open_on(WORKDAYS, (8, 21)), *open_on((SATURDAY,), (9, 17))),
        holidays=True,
        limits=(Limit(Period.DAY, 3),),
        after_abandon_s=BELATED_S,
        after_machine_s=DAY_S,
        caller_id=("shown", "own", "returnable"),
        caller_id_never=("+449", "+4470", "+4487", "+44118", "+44999", "+44112"),
        consent=needs(
            service=Need.NOTHING,
            sales=Need.PRESUMED,
            sales_business=Need.PRESUMED,
            research=Need.NOTHING,
            automated=Need.RECORD,
        ),
        registers=(
            RegisterRule("tps", 28 * DAY_S, ("sales", "sales_business")),
            RegisterRule("ctps", 28 * DAY_S, ("sales_business",)),
        ),
    ),
    sources={
        "abandon": Source(
            "Ofcom, statement of policy on persistent misuse: since March 2017 no "
            "percentage is safe; 3 % of live calls in 24 h, false machines counted, was "
            "the limit of 2010 and is kept as an upper bound",
            "2017-03-01",
        ),
        "connect_within_s": Source(
            "Ofcom, statement of policy on persistent misuse of 2010: two seconds after the answer",
            "2010-10-01",
        ),
        "connect_from": Source(
            "Ofcom, statement of policy on persistent misuse of 2010: from the answer", "2010-10-01"
        ),
        "ring_min_s": Source("Ofcom, statement of policy on persistent misuse: 15 seconds", "2017-03-01"),
        "ring_max_s": Source("No British rule found", "2026-11", Standing.OWN_CHOICE),
        "announcement": Source(
            "Ofcom, statement of policy on persistent misuse: who called and why, a free "
            "number to opt out, no marketing",
            "2017-03-01",
        ),
        "hours": Source("No British rule found; as the trade has it", "2026-11", Standing.UNCONFIRMED),
        "holidays": Source("No British rule found; as the trade has it", "2026-11", Standing.UNCONFIRMED),
        "limits": Source(
            "No British rule found; three a day as the trade has it", "2026-11", Standing.UNCONFIRMED
        ),
        "after_abandon_s": Source(
            "Ofcom, statement of policy on persistent misuse: 72 h, unless an agent is "
            "held ready for the call",
            "2017-03-01",
        ),
        "after_machine_s": Source(
            "Ofcom, statement of policy on persistent misuse: 24 h after a call judged a "
            "machine, unless an agent is held ready",
            "2017-03-01",
        ),
        "caller_id": Source(
            "Ofcom, statement of policy on persistent misuse: shown, and answered when called back",
            "2017-03-01",
        ),
        "caller_id_never": Source(
            "Ofcom, statement of policy on persistent misuse: no premium rate number", "2017-03-01"
        ),
        "consent": Source(
            "PECR 2003 reg. 19 (machines: consent), reg. 21 (not to numbers on TPS or "
            "CTPS, whose files belong on a DNC list no older than 28 days)",
            "2026-11",
            Standing.UNCONFIRMED,
        ),
        "registers": Source(
            "PECR 2003 reg. 21 (1) (b) and (3), reg. 26: not to numbers that have been on the register (TPS, for "
            "businesses CTPS too) for 28 days, unless the subscriber has told the caller otherwise",
            "2004-06-25",
        ),
    },
)
