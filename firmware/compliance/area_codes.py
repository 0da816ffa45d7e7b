"""Which states a telephone number or a postcode may belong to, by how it begins. Data.

Area codes and postcodes do not keep to the borders of states. Where a beginning covers several, it names all of them,
and all of them must allow the call; a beginning that is not here may be anywhere in its country. Sources: Bundesnetz-
agentur, Vorwahlverzeichnis; Deutsche Post, Postleitregionen; BAKOM, E.164 plan; Ofcom, National Telephone Numbering
Plan; Arcep, plan national de numérotation. Mobile and non-geographic numbers are left out on purpose. The German table
is tested against libphonenumber's place names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def _table(country: str, text: str) -> dict[str, tuple[str, ...]]:
    """Read ``beginnings: states`` lines; a beginning ``34[1-3]`` stands for three."""
    found: dict[str, tuple[str, ...]] = {}
    for line in text.strip().splitlines():
        beginnings, _, states = line.partition(":")
        places = tuple(f"{country}-{state}" if state != "*" else country for state in states.split())
        for beginning in beginnings.split():
            for each in _spelled_out(beginning):
                found[each] = places
    return found


def _spelled_out(beginning: str) -> Iterator[str]:
    head, bracket, rest = beginning.partition("[")
    if not bracket:
        yield head
        return
    first, last = int(rest[0]), int(rest[2])
    for digit in range(first, last + 1):
        yield f"{head}{digit}"


_GERMAN_AREAS = """
2[0-1] 23 24 25 28 29: NW
22: NW RP
221 228: NW
26: RP NW
27: NW RP HE
30: BE BB
33: BB
340: ST
341 342 343: SN TH
344: ST TH SN
34[5-9]: ST TH
35: SN BB
351 352: SN
353: BB ST
354 355: BB
36: TH ST
37: SN TH
38: MV
387: MV BB
388: MV NI
390: ST NI
39[1-4]: ST NI BB
39[5-9]: MV BB
40: HH SH NI
41: SH NI HH
42: NI HB
43 45 46 48: SH
44: NI HB
47: NI HB HH
49: NI
50 51 58: NI
52: NW NI
53: NI ST
54: NI NW
55: NI HE TH
56: HE NW NI
57: NW NI
59: NI NW
60: HE BY
61: HE
613: RP HE
62: BW HE
621: BW RP
623 624: RP HE
63: RP SL
64: HE RP
65: RP SL
66: HE TH
67: RP HE
68: SL RP
69: HE
7[0-2] 74 7[5-9]: BW
727: RP BW
73: BW BY
75: BW BY
79: BW BY
8: BY
838 839: BY BW
9: BY
934: BW BY
933 937: BY BW
97: BY TH HE
"""
_GERMAN_POSTCODES = """
01: SN BB
02: SN
03: BB
04: SN TH BB ST
06: ST TH SN
07: TH SN ST
08: SN TH
09: SN
10 13: BE
12: BE BB
14: BE BB
15: BB
16: BB MV
17: MV BB
18: MV
19: MV BB NI
20: HH
21: HH NI SH MV
22: HH SH
23: SH MV
24 25: SH
26: NI
27: NI HB HH
28: HB NI
29: NI ST
30: NI
31: NI
32: NW NI
33: NW
34: HE NI NW
35: HE
36: HE TH
37: NI TH HE NW
38: NI ST
39: ST
4[0-2] 4[4-7]: NW
48: NW NI
49: NI NW
50 51 52: NW
53: NW RP
54: RP
55: RP HE
56: RP
57: NW RP
58 59: NW
6[0-2]: HE
63: HE BY
64: HE BW BY
65: HE RP
66: SL RP
67: RP
68: BW HE
69: BW HE
7[0-5]: BW
76: BW RP
7[7-9]: BW
8[0-7]: BY
88: BW BY
89: BW BY
9[0-6]: BY
97: BY BW
98 99: TH
"""
_SWISS_AREAS = """
21: VD
22: GE VD
24: VD VS
26: FR BE VD
27: VS
31: BE FR
32: BE SO NE JU
33: BE
34: BE SO
41: LU NW OW UR ZG SZ
43 44: ZH SZ AG
52: ZH SH TG
55: SG SZ GL ZH
56: AG ZH
61: BL BS SO AG
62: AG SO BE LU
71: SG AR AI TG
81: GR SG
91: TI GR
"""
_BRITISH_AREAS = """
20: ENG
28: NIR
29: WLS
131 141 1224 1382 1463 1738 1786: SCT
113 114 115 116 117 118 121 151 161 191: ENG
"""
_FRENCH_AREAS = """
1 2 4 5: *
3: * 57 6AE
"""
_FRENCH_POSTCODES = """
57: 57
67 68: 6AE
"""

AREAS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "DE": _table("DE", _GERMAN_AREAS),
    "CH": _table("CH", _SWISS_AREAS),
    "GB": _table("GB", _BRITISH_AREAS),
    "FR": _table("FR", _FRENCH_AREAS),
}
"""Country to beginnings of national numbers (without the leading zero)."""
POSTCODES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "DE": _table("DE", _GERMAN_POSTCODES),
    "FR": {f"{n:02d}": ("FR",) for n in range(1, 96)} | _table("FR", _FRENCH_POSTCODES),
}

STATE_NAMES: Mapping[str, Mapping[str, str]] = {
    "DE": {
        "baden-württemberg": "BW",
        "bayern": "BY",
        "bavaria": "BY",
        "berlin": "BE",
        "brandenburg": "BB",
        "bremen": "HB",
        "hamburg": "HH",
        "hessen": "HE",
        "hesse": "HE",
        "mecklenburg-vorpommern": "MV",
        "niedersachsen": "NI",
        "lower saxony": "NI",
        "nordrhein-westfalen": "NW",
        "north rhine-westphalia": "NW",
        "nrw": "NW",
        "rheinland-pfalz": "RP",
        "rhineland-palatinate": "RP",
        "saarland": "SL",
        "sachsen": "SN",
        "saxony": "SN",
        "sachsen-anhalt": "ST",
        "saxony-anhalt": "ST",
        "schleswig-holstein": "SH",
        "thüringen": "TH",
        "thuringia": "TH",
    },
    "CH": {
        "aargau": "AG",
        "appenzell innerrhoden": "AI",
        "appenzell ausserrhoden": "AR",
        "bern": "BE",
        "basel-landschaft": "BL",
        "basel-stadt": "BS",
        "fribourg": "FR",
        "freiburg": "FR",
        "genève": "GE",
        "genf": "GE",
        "glarus": "GL",
        "graubünden": "GR",
        "jura": "JU",
        "luzern": "LU",
        "neuchâtel": "NE",
        "neuenburg": "NE",
        "nidwalden": "NW",
        "obwalden": "OW",
        "st. gallen": "SG",
        "schaffhausen": "SH",
        "solothurn": "SO",
        "schwyz": "SZ",
        "thurgau": "TG",
        "ticino": "TI",
        "tessin": "TI",
        "uri": "UR",
        "vaud": "VD",
        "waadt": "VD",
        "valais": "VS",
        "wallis": "VS",
        "zug": "ZG",
        "zürich": "ZH",
    },
    "GB": {"england": "ENG", "northern ireland": "NIR", "scotland": "SCT", "wales": "WLS"},
    "FR": {"moselle": "57", "bas-rhin": "6AE", "haut-rhin": "6AE", "alsace": "6AE", "67": "6AE", "68": "6AE"},
}
"""Country to a state's name in small letters to its ISO 3166-2 code."""
