"""Numbers as one dials them on an analog line: what an E.164 number becomes in this country, behind this extension.

Pure. A line knows no plus: national numbers get the trunk prefix, foreign ones the international prefix of the country
(ITU-T E.164 supplement 2), and where the line belongs to another exchange, the digits that get an outside line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from firmware.trunks.base import NumberRoute

_NUMBER = re.compile(r"\+?[0-9*#]{1,20}")
_PLANS = {
    "DE": ("49", "0", "00"), "AT": ("43", "0", "00"), "CH": ("41", "0", "00"), "GB": ("44", "0", "00"),
    "FR": ("33", "0", "00"), "NL": ("31", "0", "00"), "IT": ("39", "", "00"), "ES": ("34", "", "00"),
    "PL": ("48", "", "00"), "DK": ("45", "", "00"), "SE": ("46", "0", "00"), "US": ("1", "1", "011"),
}  # fmt: skip
"""Country code, trunk prefix, international prefix."""


class BadNumber(Exception):
    """What cannot be dialled on a line; the text is without the number."""


class Barred(BadNumber):
    """A number that the modem's country rules refuse for now."""


@dataclass(frozen=True, slots=True)
class DialPlan:
    """How a line is dialled on."""

    country: str = "DE"
    outside: str = ""
    """Digits for an outside line, where the line is an extension."""

    def digits(self, route: NumberRoute) -> str:
        """What to dial. Raises ``BadNumber``. An emergency number is dialled as it is, behind ``outside``."""
        return self.dialled(route.address)

    def dialled(self, number: str) -> str:
        """The same of a number by itself, E.164 or as it is dialled. Raises ``BadNumber``."""
        if not _NUMBER.fullmatch(number):
            raise BadNumber("the number is not a dial string")
        if not number.startswith("+"):
            return self.outside + number
        if self.country not in _PLANS:
            raise BadNumber(f"no dialling plan for the country {self.country}")
        code, national, foreign = _PLANS[self.country]
        if number.startswith(f"+{code}"):
            return self.outside + national + number[1 + len(code) :]
        return self.outside + foreign + number[1:]
