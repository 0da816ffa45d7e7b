"""France: hours and attempts by decree, opt-in by law from August 2026."""

from __future__ import annotations

from dataclasses import replace

from firmware.compliance.packs.de import DE
from firmware.compliance.packs.parts import WORKDAYS, needs, open_on
from firmware.compliance.rules import Limit, Need, Pack, Period, Source, Standing

_AS_GERMANY = Source(
    "No rule of this country found; as in the pack for Germany", "2026-11", Standing.OWN_CHOICE
)

FR = Pack(
    name="fr",
    version="2026.1",
    countries=("FR",),
    code="33",
    rules=replace(
        DE.rules,
        hours=open_on(WORKDAYS, (10, 13), (14, 20)),
        limits=(Limit(Period.MONTH, 4),),
        caller_id=("shown", "own"),
        caller_id_never=("+336", "+337", "+3389", "+33118", "+33112"),
        consent=needs(
            service=Need.NOTHING,
            sales=Need.RECORD,
            sales_business=Need.PRESUMED,
            research=Need.NOTHING,
            automated=Need.RECORD,
        ),
    ),
    sources={
        **dict.fromkeys(DE.sources, _AS_GERMANY),
        "hours": Source(
            "Décret 2022-1313: Monday to Friday 10 to 13 h and 14 to 20 h of the consumer's zone",
            "2023-03-01",
        ),
        "holidays": Source("Décret 2022-1313: never at weekends and on public holidays", "2023-03-01"),
        "limits": Source(
            "Décret 2022-1313: at most 4 solicitations or attempts in 30 days by one professional",
            "2023-03-01",
        ),
        "caller_id_never": Source(
            "Arcep, plan national de numérotation: call centres not from 06 and 07; no premium rate",
            "2023-01-01",
            Standing.UNCONFIRMED,
        ),
        "consent": Source(
            "Loi 2025-594: prior consent from 11 August 2026, except about a running contract", "2026-08-11"
        ),
        "registers": Source(
            "Loi 2025-594: consent stands in the place of Bloctel from 11 August 2026",
            "2026-08-11",
            Standing.UNCONFIRMED,
        ),
    },
)
