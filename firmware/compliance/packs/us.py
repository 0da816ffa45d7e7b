"""United States: the FTC's Telemarketing Sales Rule and the FCC's rules; states may ask for more."""

from __future__ import annotations

import math

from firmware.compliance.packs.parts import ALL_WEEK, MONTH_S, needs, open_on
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

US = Pack(
    name="us",
    version="2026.2",
    countries=("US",),
    code="1",
    rules=Rules(
        abandon=(AbandonRule(0.03, ("abandoned",), "live_answers", MONTH_S, "campaign"),),
        connect_within_s=2.0,
        connect_from=ConnectFrom.GREETING_END,
        ring_min_s=15.0,
        ring_max_s=math.inf,
        announcement=("caller_name", "number", "telemarketing", "opt_out_key"),
        hours=open_on(ALL_WEEK, (8, 21)),
        holidays=False,
        limits=(Limit(Period.DAY, 3),),
        after_abandon_s=DAY_S,
        after_machine_s=0.0,
        caller_id=("shown", "own", "returnable"),
        caller_id_never=("+1900", "+1911"),
        consent=needs(
            service=Need.NOTHING,
            sales=Need.PRESUMED,
            sales_business=Need.NOTHING,
            research=Need.NOTHING,
            automated=Need.RECORD,
            automated_service=Need.RECORD,
        ),
        registers=(RegisterRule("ndnc", 31 * DAY_S, ("sales",)),),
    ),
    sources={
        "abandon": Source(
            "16 CFR 310.4(b)(4) (FTC Telemarketing Sales Rule), 47 CFR 64.1200(a)(7) "
            "(FCC): 3 % of the calls a person answers, per campaign and 30 days",
            "2025-04-11",
        ),
        "connect_within_s": Source(
            "16 CFR 310.4(b)(4) (FTC Telemarketing Sales Rule), 47 CFR 64.1200(a)(7) (FCC): two seconds",
            "2025-04-11",
        ),
        "connect_from": Source(
            "16 CFR 310.4(b)(4) (FTC Telemarketing Sales Rule), 47 CFR 64.1200(a)(7) "
            "(FCC): from the end of the person's greeting",
            "2025-04-11",
        ),
        "ring_min_s": Source(
            "16 CFR 310.4(b)(4)(ii), 47 CFR 64.1200(a)(6): 15 seconds or four rings", "2025-04-11"
        ),
        "ring_max_s": Source("No federal rule", "2026-11", Standing.OWN_CHOICE),
        "announcement": Source(
            "47 CFR 64.1200(a)(7): name, number, telemarketing purpose, an opt-out by key"
            " or voice during the message",
            "2025-04-11",
        ),
        "hours": Source("16 CFR 310.4, 47 CFR 64.1200: 8 to 21 h of the called person's time", "2025-04-11"),
        "holidays": Source("No federal rule; some states close theirs", "2026-11", Standing.UNCONFIRMED),
        "limits": Source(
            "No federal rule; three in 24 h is the strictest state's (Florida, Fla. Stat. 501.616)",
            "2021-07-01",
            Standing.UNCONFIRMED,
        ),
        "after_abandon_s": Source("No federal rule; a day is decent", "2026-11", Standing.OWN_CHOICE),
        "after_machine_s": Source("No federal rule", "2026-11", Standing.OWN_CHOICE),
        "caller_id": Source(
            "16 CFR 310.4(a)(8), 47 CFR 64.1601(e): shown, and reachable for opt-outs in business hours",
            "2026-11",
            Standing.UNCONFIRMED,
        ),
        "caller_id_never": Source(
            "47 CFR 64.1601(e); no premium rate number", "2026-11", Standing.UNCONFIRMED
        ),
        "consent": Source(
            "47 CFR 64.1200(a)(2)-(3): in writing for messages by machine; (c)(2): the "
            "national do-not-call register, whose file belongs on a DNC list no older "
            "than 31 days",
            "2025-04-11",
        ),
        "registers": Source(
            "16 CFR 310.4(b)(3)(iv): a version of the national do-not-call registry obtained no more than 31 "
            "days before the call; a written agreement goes before it (310.4(b)(1)(iii)(B)(i)), calls to businesses "
            "are exempt (310.6(b)(7))",
            "2005-01-01",
        ),
    },
)
