"""Switzerland: starred and unlisted numbers, listed caller IDs; the rest as in Germany."""

from __future__ import annotations

from dataclasses import replace

from firmware.compliance.packs.de import DE
from firmware.compliance.packs.parts import SATURDAY, WORKDAYS, needs, open_on
from firmware.compliance.rules import Need, Pack, Source, Standing

_AS_GERMANY = Source(
    "No rule of this country found; as in the pack for Germany", "2026-11", Standing.OWN_CHOICE
)

CH = Pack(
    name="ch",
    version="2026.1",
    countries=("CH",),
    code="41",
    rules=replace(
        DE.rules,
        hours=(*open_on(WORKDAYS, (8, 20)), *open_on((SATURDAY,), (9, 17))),
        caller_id=("shown", "own", "listed"),
        caller_id_never=("+4190", "+41118", "+41112"),
        consent=needs(
            service=Need.NOTHING,
            sales=Need.RECORD,
            sales_business=Need.RECORD,
            research=Need.NOTHING,
            automated=Need.RECORD,
        ),
    ),
    sources={
        **dict.fromkeys(DE.sources, _AS_GERMANY),
        "hours": Source(
            "No Swiss rule found; Saturday to 17 h as the trade has it", "2026-11", Standing.UNCONFIRMED
        ),
        "caller_id": Source(
            "Art. 3(1)(v) UWG: a number in the directory that one may use", "2021-01-01", Standing.UNCONFIRMED
        ),
        "caller_id_never": Source(
            "Art. 26a FMV: no value-added service number", "2026-11", Standing.UNCONFIRMED
        ),
        "consent": Source(
            "Art. 3(1)(u) UWG: no advertising to starred or unlisted numbers; here for "
            "all without a record, because the box cannot see the star; Art. 3(1)(o) UWG:"
            " machines only with consent",
            "2021-01-01",
            Standing.UNCONFIRMED,
        ),
        "registers": Source(
            "No register in Switzerland: the asterisk in the directory counts (Art. 3 (1) (u) UWG)",
            "2026-11",
            Standing.UNCONFIRMED,
        ),
    },
)
