"""Austria: consent for every advertising call, to businesses too; the rest as in Germany."""

from __future__ import annotations

from dataclasses import replace

from firmware.compliance.packs.de import DE
from firmware.compliance.packs.parts import needs
from firmware.compliance.rules import Need, Pack, Source, Standing

_AS_GERMANY = Source(
    "No rule of this country found; as in the pack for Germany", "2026-11", Standing.OWN_CHOICE
)

AT = Pack(
    name="at",
    version="2026.1",
    countries=("AT",),
    code="43",
    rules=replace(
        DE.rules,
        caller_id=("shown", "own"),
        caller_id_never=("+43900", "+43901", "+43930", "+43931", "+4382", "+43118", "+43112"),
        consent=needs(
            service=Need.NOTHING,
            sales=Need.RECORD,
            sales_business=Need.RECORD,
            research=Need.RECORD,
            automated=Need.RECORD,
        ),
    ),
    sources={
        **dict.fromkeys(DE.sources, _AS_GERMANY),
        "hours": Source(
            "No Austrian rule found; as in the pack for Germany", "2026-11", Standing.UNCONFIRMED
        ),
        "caller_id": Source(
            "§ 174 TKG 2021: neither suppressed nor falsified, and the calling office's "
            "own number (VwGH 2013/03/0052)",
            "2021-11-01",
        ),
        "caller_id_never": Source(
            "§ 174 TKG 2021 and KEM-V 2009: no value-added service or emergency number",
            "2026-11",
            Standing.UNCONFIRMED,
        ),
        "consent": Source(
            "§ 174 TKG 2021: prior consent for advertising calls, to businesses too", "2021-11-01"
        ),
        "registers": Source(
            "No register of telephone numbers in Austria: consent stands in its place (§ 174 TKG 2021)",
            "2026-11",
            Standing.UNCONFIRMED,
        ),
    },
)
