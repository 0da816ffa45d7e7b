"""The table of German area codes against libphonenumber's place names, where a name tells the state."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import phonenumbers.geodata
import pytest

from firmware.compliance.area_codes import AREAS

TELLING = {
    "BB": "Brandenburg Uckermark Prignitz Oberhavel Barnim Oder-Spree Spreewald",
    "BW": "Baden Württemberg Schwarzwald Breisgau Jagst Neckar",
    "BY": "Bayern Niederbayern Oberbayern Oberpfalz Mittelfranken Oberfranken Unterfranken Ammersee Chiemsee",
    "HE": "Hessen Taunus Eder",
    "MV": "Vorpom Rügen",
    "NI": "Niedersachsen Ostfriesland Lüneburg Nordheide",
    "NW": "Westfalen Sauerland Ruhr Steinfurt Niederrhein Sieg",
    "RP": "Pfalz Rheinhessen Hunsrück Westerwald",
    "SH": "Holstein Dithmarschen Rendsburg",
    "SL": "Saar",
    "SN": "Sachsen Vogtland",
    "ST": "Sachsen-Anhalt Altmark Anhalt",
    "TH": "Thüringen",
}
STATE = {word: state for state, words in TELLING.items() for word in words.split()}
NOT_THE_STATE = {"39426"}
"""Hessen, a village in the Harz."""


def places() -> Iterator[tuple[str, str]]:
    """Area code and name of every German place libphonenumber knows."""
    for module in pkgutil.iter_modules(phonenumbers.geodata.__path__):
        data: dict[str, dict[str, Any]] = getattr(
            import_module(f"phonenumbers.geodata.{module.name}"), "data", {}
        )
        for beginning, names in data.items():
            if beginning.startswith("49") and ("de" in names or "en" in names):
                yield beginning[2:], str(names.get("de") or names["en"])


def states(area: str) -> tuple[str, ...] | None:
    beginnings = (area[:length] for length in range(len(area), 0, -1))
    return next((AREAS["DE"][each] for each in beginnings if each in AREAS["DE"]), None)


@pytest.mark.req("GEN-063")
def test_no_place_lies_in_a_state_its_area_code_leaves_out() -> None:
    told = [
        (area, name, STATE[word])
        for area, name in places()
        for word in name.split()
        if word in STATE and area not in NOT_THE_STATE
    ]
    assert len(told) > 400
    wrong = [(area, name) for area, name, state in told if f"DE-{state}" not in (states(area) or ())]
    assert wrong == []


def test_every_place_has_its_states() -> None:
    assert [(area, name) for area, name in places() if states(area) is None] == []
