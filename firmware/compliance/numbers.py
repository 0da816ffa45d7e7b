"""Telephone numbers: from what people write to E.164, or to the reason why not.

Understands what stands in real lists: national and international forms, ``(0)``, ``tel:`` URIs (RFC 3966), digits of
other scripts, invisible characters pasted along, and what spreadsheets do to numbers. A number that may have lost
digits is refused, never guessed: a guess rings at a stranger's. Six countries are read by their ``number_plans``;
every other number is handed to ``phonenumbers``, which is loaded when first needed. Numbers are masked here for logs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from firmware.compliance.number_plans import (
    ALIASES,
    BY_CODE,
    EMERGENCY,
    EMERGENCY_ANYWHERE,
    PLANS,
    Plan,
)
from firmware.compliance.texts import NUMBER_TEXTS, problem
from firmware.model import Problem

_LONGEST = 15
"""Digits of an E.164 number (ITU-T E.164 §6)."""
_LONGEST_AREA = 6
"""Digits of an area code with its zero, before a slash."""
_MOST_TEXT = 80
"""Characters shown of a cell that is no number."""

_DIAL_STRING = re.compile(r"[0-9*#+]{1,20}")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_SPREADSHEET_ERROR = re.compile(r"#{2,}|#[A-ZÄÖÜ/0-9]+[!?]?", re.IGNORECASE)
_WHOLE_FLOAT = re.compile(r"(\+?\d{6,})[.,]0")
_ROUNDED_FLOAT = re.compile(r"\+?\d{6,}[.,]\d{1,2}")
_URI = re.compile(r"(?:tel|callto):(?://)?([^;?]*)(.*)", re.IGNORECASE)
_EXTENSION = re.compile(
    r"(?:;ext=|\b(?:extn?|ext|dw|durchwahl|x)\b\.?|(?<=\d)\s*x\.?)\s*:?\s*\d+", re.IGNORECASE
)
_BETWEEN_NUMBERS = re.compile(r"[;,|\n]|\boder\b|\bor\b|\bund\b|\band\b", re.IGNORECASE)
_SEPARATORS = str.maketrans("", "", " -.()/[]\t_'")
_SPACES = str.maketrans("", "", " -\u00a0")


def normalise(text: str, country: str) -> str | Problem:
    """Return ``text`` as an E.164 number, or the problem with it; ``where`` of the problem is empty.

    ``country`` (ISO 3166 alpha-2) is where a number without a country code belongs. Problem keys: see
    ``texts.NUMBER_TEXTS``. Never raises.
    """
    digits = text.translate(_SPACES)
    if digits.isascii() and digits.isdigit():
        return _national_or_bare(digits, country, text)
    if digits.startswith("+") and digits.isascii() and digits[1:].isdigit():
        return _international(digits[1:], text, country)
    return _from_messy(text, country)


def zones_of(number: str) -> tuple[str, ...]:
    """Return the IANA zones an E.164 number may be in; empty if that cannot be told."""
    for code in (number[1:2], number[1:3]):
        plan = BY_CODE.get(code)
        if plan is not None and plan.zones:
            return plan.zones
    return _zones_by_prefix(number[:10])


def mask(number: str) -> str:
    """Return an E.164 number for logs and screens: ``+49 30 23••••23``. What is no number keeps two characters."""
    code, area, rest = _groups(number)
    if not code or len(rest) < 4:
        return "•" * max(3, len(number) - 2) + number[-2:] if len(number) > 4 else "•" * 5
    head = rest[: max(0, min(2, len(rest) - 6))]
    hidden = "•" * (len(rest) - len(head) - 2)
    return f"+{code} {area} {head}{hidden}{rest[-2:]}"


def is_dial_string(text: str) -> bool:
    """Tell whether ``text`` may be handed to a trunk or line at all: 1 to 20 of digits, star, hash and plus."""
    return _DIAL_STRING.fullmatch(text) is not None


def is_emergency(digits: str, country: str) -> bool:
    """Tell whether ``digits`` reach an emergency service when dialled in ``country``.

    Understood with or without separators, the trunk prefix and the country code, because all of these are dialled.
    """
    if len(digits) > _LONGEST - 3 and digits[1:].isdecimal():
        return False
    bare = "".join(c for c in digits if c.isdecimal())
    if len(bare) > 9:
        return False
    region = _region(country)
    plan = PLANS.get(region)
    forms = {bare}
    if plan is not None:
        for prefix in (plan.code, plan.idd + plan.code, plan.trunk, plan.code + plan.trunk):
            if prefix and bare.startswith(prefix):
                forms.add(bare[len(prefix) :])
    known = EMERGENCY.get(region)
    if not forms.isdisjoint(EMERGENCY_ANYWHERE | (known or frozenset())):
        return True
    return known is None and _library_emergency(bare, region)


def known_country(country: str) -> bool:
    """Tell whether numbers of ``country`` (ISO 3166 alpha-2) can be read."""
    region = _region(country)
    if region in PLANS:
        return True
    from phonenumbers import SUPPORTED_REGIONS

    return bool(region in SUPPORTED_REGIONS)


def _from_messy(text: str, country: str) -> str | Problem:
    """Take apart what is not plainly digits."""
    plain = _plain(text)
    if not plain:
        return _refuse("empty_number", text)
    uri = _URI.fullmatch(plain)
    if uri is not None:
        plain = uri[1] if ";ext=" not in uri[2].lower() else plain
    if _SCIENTIFIC.fullmatch(plain) or _SPREADSHEET_ERROR.fullmatch(plain):
        return _refuse("spreadsheet_damage", text)
    whole = _WHOLE_FLOAT.fullmatch(plain)
    if whole is not None:
        plain = whole[1]
    elif _ROUNDED_FLOAT.fullmatch(plain):
        return _refuse("spreadsheet_damage", text)
    return _from_plain(plain, country, text)


def _from_plain(plain: str, country: str, text: str) -> str | Problem:
    if plain.startswith(("+", "00")):
        plain = plain.replace("(0)", "")
    if _EXTENSION.search(plain):
        return _refuse("has_extension", text)
    if _several(plain):
        return _refuse("several_numbers", text)
    digits = plain.translate(_SEPARATORS)
    abroad = digits.startswith("+")
    digits = digits.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return _refuse("not_a_number", text)
    return _international(digits, text, country) if abroad else _national_or_bare(digits, country, text)


def _several(plain: str) -> bool:
    """Tell whether there is more than one number. A slash may part the area code (``030/23125-0``), nothing else:
    in ``030 23125-1 / 2`` it means "or", and joined up that would be a stranger's number."""
    if sum(any(c.isdigit() for c in str(part)) for part in _BETWEEN_NUMBERS.split(plain)) > 1:
        return True
    head, slash, _ = plain.partition("/")
    digits = sum(c.isdigit() for c in head)
    return bool(slash) and digits > (_LONGEST_AREA + (4 if head.startswith(("+", "00")) else 0))


def _plain(text: str) -> str:
    """Return ``text`` in ASCII where that is possible: other digits, dashes and pluses, nothing invisible."""
    text = text.strip().lstrip("'").strip()
    if text.isascii():
        return text
    return "".join(map(_plain_character, text)).strip()


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    kind = unicodedata.category(character)
    if kind in {"Pd"} or character == "\u2212":
        return "-"
    if kind == "Zs":
        return " "
    if kind == "Cf":
        return ""
    return unicodedata.normalize("NFKC", character)


def _national_or_bare(digits: str, country: str, text: str) -> str | Problem:
    """Read digits without a plus: with the international prefix, the trunk prefix, the country code, or nothing."""
    region = _region(country)
    plan = PLANS.get(region)
    if plan is None:
        return _by_library(digits, region, text)
    if digits in EMERGENCY[region]:
        return _refuse("emergency_number", text)
    if digits.startswith(plan.idd):
        return _international(digits[len(plan.idd) :], text, country)
    if plan is BY_CODE["1"]:
        return _by_plan(plan, digits.removeprefix("1") if len(digits) == 11 else digits, text)
    if digits.startswith(plan.trunk):
        return _by_plan(plan, digits[len(plan.trunk) :], text)
    return _without_prefix(plan, digits, text)


def _without_prefix(plan: Plan, digits: str, text: str) -> str | Problem:
    """Read digits that begin with neither prefix: the country code without its plus, or a lost leading zero."""
    national = digits.removeprefix(plan.code)
    if national != digits and len(digits) >= plan.bare:
        number = _by_plan(plan, national.removeprefix(plan.trunk), text)
        if isinstance(number, str):
            return number
    if plan.service.fullmatch(digits) or digits in EMERGENCY_ANYWHERE:
        return _refuse("emergency_number" if digits in EMERGENCY_ANYWHERE else "service_number", text)
    if plan.callable.fullmatch(digits) or plan.premium.fullmatch(digits):
        return _refuse("leading_zero_lost", text, suggestion=plan.trunk + digits)
    return _refuse(_size(plan, digits) or "not_in_use", text)


def _international(digits: str, text: str, country: str) -> str | Problem:
    """Read digits that begin with a country code; ``+0049`` and ``+49 030`` are common and unmistakable."""
    digits = digits.removeprefix("00")
    if is_emergency(digits, country):
        return _refuse("emergency_number", text)
    for length in (2, 1):
        plan = BY_CODE.get(digits[:length])
        if plan is not None:
            national = digits[length:]
            if len(national) > plan.shortest:
                national = national.removeprefix(plan.trunk)
            return _by_plan(plan, national, text)
    return _by_library("+" + digits, None, text)


def _by_plan(plan: Plan, national: str, text: str) -> str | Problem:
    if plan.callable.fullmatch(national):
        return f"+{plan.code}{national}"
    if any(plan is PLANS[region] and national in numbers for region, numbers in EMERGENCY.items()):
        return _refuse("emergency_number", text)
    if plan.premium.fullmatch(national):
        return _refuse("premium_number", text)
    if plan.service.fullmatch(national):
        return _refuse("service_number", text)
    return _refuse(_size(plan, national) or "not_in_use", text)


def _size(plan: Plan, national: str) -> str:
    if len(national) < plan.shortest:
        return "too_short"
    return "too_long" if len(national) > plan.longest else ""


def _by_library(digits: str, region: str | None, text: str) -> str | Problem:
    """Ask ``phonenumbers`` about a number of any other country; ``region`` None: it begins with its country code."""
    import phonenumbers
    from phonenumbers import PhoneNumberType, ValidationResult

    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        return _refuse("unknown_country", region)
    if region is not None and _library_emergency(digits, region):
        return _refuse("emergency_number", text)
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return _refuse("too_short" if len(digits) < 6 else "not_a_number", text)
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible == ValidationResult.TOO_LONG or len(digits.lstrip("+")) > _LONGEST + 3:
        return _refuse("too_long", text)
    if possible in {ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY}:
        return _refuse("too_short", text)
    kind = phonenumbers.number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        return _refuse("not_in_use", text)
    if kind in {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}:
        return _refuse("premium_number", text)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _library_emergency(digits: str, region: str) -> bool:
    from phonenumbers import SUPPORTED_REGIONS, shortnumberinfo

    return region in SUPPORTED_REGIONS and bool(shortnumberinfo.is_emergency_number(digits, region))


@lru_cache(maxsize=65536)
def _zones_by_prefix(prefix: str) -> tuple[str, ...]:
    """Return the zones of all numbers that begin so; the library's table ends at nine digits."""
    from phonenumbers.tzdata import TIMEZONE_DATA

    for length in range(len(prefix), 1, -1):
        zones = TIMEZONE_DATA.get(prefix[1:length])
        if zones is not None:
            return tuple(str(zone) for zone in zones)
    return ()


def _groups(number: str) -> tuple[str, str, str]:
    """Split an E.164 number into country code, area and the rest, as far as that is known."""
    if not (number.startswith("+") and number[1:].isdecimal()):
        return "", "", ""
    for length in (2, 1):
        plan = BY_CODE.get(number[1 : 1 + length])
        if plan is not None:
            national = number[1 + length :]
            short = next((a for a in plan.short_areas if national.startswith(a)), None)
            cut = len(short) if short else plan.area_digits
            return plan.code, national[:cut], national[cut:]
    return number[1:3], number[3:5], number[5:]


def _region(country: str) -> str:
    region = country.strip().upper()
    return ALIASES.get(region, region)


def _refuse(key: str, text: str, **figures: str) -> Problem:
    return problem(NUMBER_TEXTS, "", key, text=text.strip()[:_MOST_TEXT], **figures)
