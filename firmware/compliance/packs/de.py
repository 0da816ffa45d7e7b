"""Germany: harassment as the regulator presumes it, and the trade code it measures callers by."""

from __future__ import annotations

from firmware.compliance.packs.parts import BELATED_S, SATURDAY, WORKDAYS, needs, open_on
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

DE = Pack(
    name="de",
    version="2026.1",
    countries=("DE",),
    code="49",
    rules=Rules(
        abandon=(AbandonRule(0.03, ("abandoned", "false_machines"), "live_answers", DAY_S, "box"),),
        connect_within_s=2.0,
        connect_from=ConnectFrom.ANSWER,
        ring_min_s=15.0,
        ring_max_s=40.0,
        announcement=("caller_name", "reason", "number"),
        hours=(*open_on(WORKDAYS, (8, 20)), *open_on((SATURDAY,), (9, 18))),
        holidays=True,
        limits=(Limit(Period.DAY, 3), Limit(Period.WEEK, 15), Limit(Period.CAMPAIGN, 30)),
        after_abandon_s=BELATED_S,
        after_machine_s=0.0,
        caller_id=("shown", "own"),
        caller_id_never=("+49900", "+49137", "+49138", "+49180", "+49118", "+49110", "+49112"),
        consent=needs(
            service=Need.NOTHING,
            sales=Need.RECORD,
            sales_business=Need.PRESUMED,
            research=Need.RECORD,
            automated=Need.RECORD,
        ),
    ),
    sources={
        "abandon": Source(
            "Branchenkodex Telefonmarketing (CCV/DDV), the measure of the "
            "Bundesnetzagentur: lost calls at most 3 % of attempts; here of live answers,"
            " which is stricter",
            "2015",
            Standing.UNCONFIRMED,
        ),
        "connect_within_s": Source(
            "No German rule found; two seconds as in the United States and the United Kingdom",
            "2026-11",
            Standing.OWN_CHOICE,
        ),
        "connect_from": Source(
            "No German rule found; from the answer is the stricter reading", "2026-11", Standing.OWN_CHOICE
        ),
        "ring_min_s": Source(
            "Branchenkodex Telefonmarketing (CCV/DDV), the measure of the "
            "Bundesnetzagentur: 15 to 40 s of ringing",
            "2015",
            Standing.UNCONFIRMED,
        ),
        "ring_max_s": Source(
            "Branchenkodex Telefonmarketing (CCV/DDV), the measure of the "
            "Bundesnetzagentur: 15 to 40 s of ringing",
            "2015",
            Standing.UNCONFIRMED,
        ),
        "announcement": Source(
            "No German rule found; who called, why, and where to call back", "2026-11", Standing.OWN_CHOICE
        ),
        "hours": Source(
            "Bundesnetzagentur, Belästigende Anrufversuche (working days 8 to 20 h); "
            "Saturday 9 to 18 h from the Branchenkodex",
            "2026-11",
        ),
        "holidays": Source(
            "Bundesnetzagentur, Belästigende Anrufversuche: not on Sundays and public holidays", "2026-11"
        ),
        "limits": Source(
            "Bundesnetzagentur: more than 3 attempts a day are presumed harassment; 15 a "
            "week and 30 a campaign from the Branchenkodex of 2015, tightened in November"
            " 2016 with figures not found",
            "2026-11",
            Standing.UNCONFIRMED,
        ),
        "after_abandon_s": Source(
            "No German rule found; 72 h as Ofcom has it", "2026-11", Standing.OWN_CHOICE
        ),
        "after_machine_s": Source("No German rule found", "2026-11", Standing.OWN_CHOICE),
        "caller_id": Source(
            "§ 15 TDDDG (advertising calls show their number), § 120 TKG (a number one has the right to)",
            "2026-11",
            Standing.UNCONFIRMED,
        ),
        "caller_id_never": Source(
            "§ 120 TKG: no premium rate, mass traffic, directory or emergency number",
            "2026-11",
            Standing.UNCONFIRMED,
        ),
        "consent": Source(
            "§ 7 UWG (consumers: express; businesses: presumed), § 7a UWG (documented, "
            "kept five years); research as the stricter courts see it",
            "2021-10-01",
        ),
        "registers": Source(
            "No register of numbers in Germany: consent stands in its place (§ 7 UWG)",
            "2026-11",
            Standing.UNCONFIRMED,
        ),
    },
)
