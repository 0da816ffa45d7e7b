"""German and English: catalogues, the choice between them, and figures and dates as each language writes them.

English sentences are the message ids; where both stand is ``sentences``' business. Script files carry their own; the
ones found there travel with every page as one small JSON object.
"""

from __future__ import annotations

import gettext
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import cached_property, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import dates, numbers

from web_ui import sentences

HERE = Path(__file__).parent
CATALOGUE = HERE / "locale/de/LC_MESSAGES/strowger.po"
LANGUAGES = {"de": "Deutsch", "en": "English"}
LOCALES = {"de": "de_DE", "en": "en_GB"}
ENGLISH_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a sentence for translation where it is written; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Language:
    """One language with one time zone. Immutable, shared by all threads."""

    code: str
    catalogue: gettext.NullTranslations
    zone: tzinfo = field(default=UTC)

    @property
    def locale(self) -> str:
        """Babel's name of the language's customs."""
        return LOCALES[self.code]

    @property
    def zone_name(self) -> str:
        """IANA name of the time zone times are shown in."""
        return str(self.zone)

    def gettext(self, text: str, **figures: object) -> str:
        """``text`` in this language with ``{figures}`` filled in."""
        translated = self.catalogue.gettext(text) if text else ""
        return translated.format(**figures) if figures else translated

    def ngettext(self, singular: str, plural: str, count: int, **figures: object) -> str:
        """One or many; ``{count}`` is written as the language writes numbers."""
        text = self.catalogue.ngettext(singular, plural, count)
        return text.format(count=self.number(count), **figures)

    def number(self, value: float) -> str:
        """A number with the language's separators."""
        return str(numbers.format_decimal(value, locale=self.locale))

    def percent(self, value: float) -> str:
        """A share (0.034) as per cent with one decimal."""
        return str(
            numbers.format_percent(
                value, format="#,##0.0\u00a0%" if self.code == "de" else "#,##0.0%", locale=self.locale
            )
        )

    def date(self, at: float) -> str:
        """A day."""
        return str(dates.format_date(self._local(at), format="medium", locale=self.locale))

    def month(self, at: float) -> str:
        """A month with its year."""
        return str(dates.format_skeleton("yMMMM", self._local(at), locale=self.locale))

    def short_day(self, at: float) -> str:
        """A day without its year, as short as can be."""
        return str(dates.format_skeleton("Md", self._local(at), locale=self.locale))

    def time(self, at: float) -> str:
        """A time of day with seconds."""
        return str(dates.format_time(self._local(at), format="HH:mm:ss", locale=self.locale))

    def moment(self, at: float) -> str:
        """A day and a time of day."""
        return f"{self.date(at)}, {dates.format_time(self._local(at), format='HH:mm', locale=self.locale)}"

    def there(self, text: str) -> str:
        """A local time somewhere else (ISO 8601 with its offset, or several with commas) as written there."""
        return ", ".join(self._there(part.strip()) for part in text.split(","))

    def _there(self, text: str) -> str:
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return text
        day = dates.format_date(at, format="medium", locale=self.locale)
        offset = f"{at:%z}"
        return f"{day}, {at:%H:%M} (UTC{offset[:3]}:{offset[3:]})" if offset else f"{day}, {at:%H:%M}"

    def window(self, text: str) -> str:
        """A call window as the permit has it (``Mon 09:00-18:00``) with the weekday in this language."""
        parts = [part.strip() for part in text.split(",")]
        return ", ".join(self._window(part) for part in parts)

    def _window(self, text: str) -> str:
        day, _, hours = text.partition(" ")
        if day not in ENGLISH_DAYS:
            return text
        return f"{self.weekday(ENGLISH_DAYS.index(day))} {hours.replace('-', '–')}"

    def weekday(self, day: int) -> str:
        """The short name of a weekday; Monday is 0."""
        return str(dates.get_day_names("abbreviated", context="stand-alone", locale=self.locale)[day])

    def weekday_long(self, day: int) -> str:
        """The name of a weekday; Monday is 0."""
        return str(dates.get_day_names("wide", context="stand-alone", locale=self.locale)[day])

    def size(self, size_bytes: float) -> str:
        """A file size in MB or GB (powers of ten)."""
        if size_bytes >= 1e9:
            return f"{self.number(round(size_bytes / 1e9, 1))} GB"
        if size_bytes >= 1e6:
            return f"{self.number(round(size_bytes / 1e6, 1))} MB"
        return f"{self.number(max(1, round(size_bytes / 1e3)))} kB"

    def phone(self, number: str) -> str:
        """An E.164 number in groups; anything else, such as a masked number, as it is."""
        return _grouped(number)

    def listing(self, words: list[str]) -> str:
        """``a, b and c``."""
        if len(words) < 2:
            return "".join(words)
        return self.gettext("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])

    def _local(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self.zone)


@lru_cache(4096)
def _grouped(number: str) -> str:
    import phonenumbers  # a large room nobody enters before there is a number to show

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def timer(seconds: float) -> str:
    """A running time as ``m:ss`` or ``h:mm:ss``; the same in both languages, and in ``live.js``."""
    whole = max(0, int(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def preferred(header: str, default: str) -> str:
    """The language an ``Accept-Language`` header (RFC 9110 §12.5.4) likes best among ours."""
    best, best_weight = default, 0.0
    for part in header.split(",")[:20]:
        tag, _, weight_text = part.partition(";q=")
        code = tag.strip().lower().split("-")[0]
        try:
            weight = float(weight_text) if weight_text else 1.0
        except ValueError:
            continue
        if code in LANGUAGES and weight > best_weight:
            best, best_weight = code, weight
    return best


class Languages:
    """The two languages in the box's time zone, with the sentences the scripts need."""

    def __init__(self, zone: str, default: str) -> None:
        try:
            local: tzinfo = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            local = UTC
        self.default = default if default in LANGUAGES else "en"
        self._by_code = {
            "de": Language("de", sentences.catalogue(CATALOGUE), local),
            "en": Language("en", gettext.NullTranslations(), local),
        }

    def get(self, code: str | None) -> Language:
        """The language with this code, or the box's."""
        return self._by_code.get(code or "", self._by_code[self.default])

    @cached_property
    def for_scripts(self) -> Mapping[str, str]:
        """Per language, as JSON: sentence -> translation, or [one, many] for plurals."""
        found = sentences.of_scripts(HERE / "static")
        return {
            code: json.dumps({s[0]: _both(language, s) for s in found}, ensure_ascii=False)
            for code, language in self._by_code.items()
        }


def _both(language: Language, sentence: tuple[str, ...]) -> str | list[str]:
    if len(sentence) == 1:
        return language.gettext(sentence[0])
    return [language.catalogue.ngettext(sentence[0], sentence[1], count) for count in (1, 2)]
