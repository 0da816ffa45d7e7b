"""The campaign form: from settings to fields and from fields back to the settings the service checks.

Pure. What a field may hold is the service's word; here only the shape is changed: minutes to ``hh:mm``, seconds to
hours, per cent to a share. What cannot be read is passed on as typed, so that the service refuses it by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from firmware.model import CallWindow, CampaignSettings, PersonAction
from web_ui.language import N_, Language

HOUR_S = 3600.0
PAIRS = 2
"""Call windows a day that the form offers at least."""
RETRIED = (
    "busy",
    "no_answer",
    "machine",
    "unreachable",
    "failed",
    "silence",
    "rejected",
    "hung_up",
    "abandoned",
)
"""Dispositions whose retry rule can be set, in the order of the form."""

_RETRY_ROWS = (*RETRIED, "interrupted", "callback")
MACHINE_FIELDS = (
    (
        "on_machine",
        N_("Answering machine"),
        N_("A machine found out before an agent is connected is treated the same."),
        ("hang_up", "message", "agent", "flow"),
    ),
    (
        "on_screen",
        N_("Call screening"),
        N_(
            "An assistant that asks who calls and why. The present model does not tell it from other announcements."
        ),
        ("agent", "message", "flow", "hang_up"),
    ),
    ("on_music", N_("Music"), N_("On hold, or a tune instead of a voice."), ("agent", "flow", "hang_up")),
    (
        "on_silence",
        N_("Silence"),
        N_("Hanging up here means: told who called, then hung up."),
        ("hang_up", "agent", "flow"),
    ),
    (
        "on_correction",
        N_("An agent talks, and it turns out to be a machine"),
        N_(
            "In about 2 of 100 calls with persons the box is wrong here: let it only tell, unless you know your calls."
        ),
        ("tell", "hang_up", "message"),
    ),
)
"""Settings of what is done with verdicts: label, hint, and what may be chosen."""
Window = tuple[str, str]


def clock_time(minute: int) -> str:
    """Minutes of a day as ``hh:mm``; the end of the day as 23:59, which time fields can show."""
    minute = min(minute, 24 * 60 - 1)
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minutes(text: str) -> int | None:
    """``hh:mm`` as minutes of the day, 23:59 as the end of the day; None when it is no time."""
    hours, mark, rest = text.partition(":")
    if not mark or not (hours.isascii() and hours.isdigit() and rest[:2].isascii() and rest[:2].isdigit()):
        return None
    minute = int(hours) * 60 + int(rest[:2])
    if not 0 <= minute < 24 * 60:
        return None
    return 24 * 60 if minute == 24 * 60 - 1 else minute


def week(windows: Sequence[Any]) -> list[list[Window]]:
    """Seven days of from-to pairs, each day with as many pairs as the fullest has, at least ``PAIRS``."""
    days: list[list[Window]] = [[] for _ in range(7)]
    for window in windows:
        days[window.weekday].append((clock_time(window.start_min), clock_time(window.end_min)))
    most = max(PAIRS, *(len(day) for day in days))
    return [day + [("", "")] * (most - len(day)) for day in days]


def read_week(text: Callable[[str], str], ticked: Callable[[str], bool]) -> list[dict[str, Any]]:
    """Call windows from the fields ``day-<n>``, ``from-<n>-<pair>``, ``to-<n>-<pair>``."""
    found = []
    for day in range(7):
        if not ticked(f"day-{day}"):
            continue
        for pair in range(10):
            start, end = text(f"from-{day}-{pair}"), text(f"to-{day}-{pair}")
            if start or end:
                found.append({"weekday": day, "start_min": _start(start), "end_min": minutes(end)})
    return found


def _start(text: str) -> int | None:
    minute = minutes(text)
    return 24 * 60 - 1 if minute == 24 * 60 else minute


def as_number(text: str, factor: float = 1.0) -> Any:
    """A number typed with a comma or a point, times ``factor``; anything else as typed."""
    try:
        value = float(text.replace(" ", "").replace(",", "."))
    except ValueError:
        return text
    value = round(value * factor, 6)
    return int(value) if value == int(value) else value


def read(text: Callable[[str], str], texts: Callable[[str], list[str]]) -> dict[str, Any]:
    """The settings as JSON from a form; ``text`` gives one field, ``texts`` all values of a repeated one."""

    def ticked(name: str) -> bool:
        return bool(text(name))

    list_id = text("contact_list_id")
    settings: dict[str, Any] = {
        "name": text("name"),
        "contact_list_id": int(list_id) if list_id.isascii() and list_id.isdigit() else None,
        "trunk": text("trunk"),
        "caller_id": text("caller_id"),
        "country": text("country"),
        "default_zone": text("default_zone"),
        "windows": read_week(text, ticked),
        "first_day": text("first_day"),
        "last_day": text("last_day"),
        "max_attempts": as_number(text("max_attempts")),
        "min_gap_s": as_number(text("min_gap_h"), HOUR_S),
        "ring_timeout_s": as_number(text("ring_timeout_s")),
        "hold_s": as_number(text("hold_s")),
        "wrap_up_limit_s": as_number(text("wrap_up_limit_s")),
        "automatic_wrap_up_code": text("automatic_wrap_up_code"),
        "abandon_target": as_number(text("abandon_target_pc"), 0.01),
        "amd_enabled": ticked("amd_enabled"),
        "amd_sensitivity": text("amd_sensitivity"),
        "record_calls": ticked("record_calls"),
        "record_on_request": ticked("record_on_request"),
        "dnc_list_ids": [int(each) for each in texts("dnc_list_ids") if each.isdigit()],
        "agent_ids": [int(each) for each in texts("agent_ids") if each.isdigit()],
    }
    if text("mode"):
        settings |= _how_dialled(text, ticked)
    if text("with_machines"):
        settings |= _machines(text)
    if text("max_attempts_number"):
        settings["max_attempts_number"] = as_number(text("max_attempts_number"))
    if text("other_number_gap_min"):
        settings["other_number_gap_s"] = as_number(text("other_number_gap_min"), 60.0)
    if text("purpose"):
        settings |= {
            "purpose": text("purpose"),
            "rule_pack": text("rule_pack"),
            "rules": _json_object(text("rules")),
        }
    if ticked("with_retry"):
        settings["retry"] = read_retry(text)
    if ticked("with_codes"):
        settings["wrap_up_codes"] = read_codes(text)
    if not settings["automatic_wrap_up_code"]:
        del settings["automatic_wrap_up_code"]
    return settings


def _machines(text: Callable[[str], str]) -> dict[str, Any]:
    """What is done when no person answers."""
    return {
        **{name: text(name) for name, *_ in MACHINE_FIELDS},
        "drop_text": text("drop_text"),
        "drop_file": text("drop_file").strip().removesuffix(".wav"),
        "drop_wait_s": as_number(text("drop_wait_s")),
        "audit_share": as_number(text("audit_share_pc"), 0.01),
    }


def _json_object(text: str) -> Any:
    """What the form carries along unseen; what is not JSON is passed on for the service to refuse."""
    try:
        return json.loads(text or "{}")
    except ValueError:
        return text


def _how_dialled(text: Callable[[str], str], ticked: Callable[[str], bool]) -> dict[str, Any]:
    """The dialling mode and what belongs to it."""
    return {
        "mode": text("mode"),
        "preview_offer": text("preview_offer"),
        "preview_countdown_s": as_number(text("preview_countdown_s")),
        "preview_limit_s": as_number(text("preview_limit_s")),
        "preview_skip": ticked("preview_skip"),
        "skip_delay_s": as_number(text("skip_delay_h"), HOUR_S),
        "owner_field": text("owner_field"),
        "manual_dialling": ticked("manual_dialling"),
        "preview_after": as_number(text("preview_after")),
        "preview_field": text("preview_field"),
        "message_text": " ".join(text("message_text").split()),
        "on_person": text("on_person") or PersonAction.FLOW.value,
        "agent_key": ticked("agent_key"),
        "agent_key_to": text("agent_key_to"),
        "abandon_text": " ".join(text("abandon_text").split()),
        "caller_name": text("caller_name"),
        "call_reason": text("call_reason"),
        "opt_out_number": text("opt_out_number"),
        "lines_per_agent": as_number(text("lines_per_agent")),
        "max_lines": as_number(text("max_lines")),
        "weight": as_number(text("weight")),
    }


def read_retry(text: Callable[[str], str]) -> dict[str, Any]:
    """Retry rules from the fields ``retry-<disposition>-h`` and ``-n``; a row without a number is no rule."""
    return {
        word: {
            "delay_s": as_number(text(f"retry-{word}-h"), HOUR_S),
            "max_attempts": as_number(text(f"retry-{word}-n")),
        }
        for word in _RETRY_ROWS
        if text(f"retry-{word}-n")
    }


def read_codes(text: Callable[[str], str]) -> list[dict[str, Any]]:
    """Wrap-up codes from the fields ``code-<digit>-de``, ``-en``, ``-disposition``; a row without a label is none."""
    return [
        {
            "code": text(f"code-{digit}") or f"code_{digit}",
            "digit": digit,
            "label_en": text(f"code-{digit}-en") or text(f"code-{digit}-de"),
            "label_de": text(f"code-{digit}-de") or text(f"code-{digit}-en"),
            "disposition": text(f"code-{digit}-disposition"),
        }
        for digit in range(1, 10)
        if text(f"code-{digit}-en") or text(f"code-{digit}-de")
    ]


def fields_of(settings: CampaignSettings) -> dict[str, Any]:
    """What the form shows for these settings."""
    return {
        "name": settings.name,
        "contact_list_id": settings.contact_list_id,
        "trunk": settings.trunk,
        "caller_id": settings.caller_id,
        "country": settings.country,
        "default_zone": settings.default_zone,
        "week": week(settings.windows),
        "first_day": settings.first_day,
        "last_day": settings.last_day,
        "max_attempts": settings.max_attempts,
        "min_gap_h": plain(settings.min_gap_s / HOUR_S),
        "max_attempts_number": settings.max_attempts_number,
        "other_number_gap_min": plain(settings.other_number_gap_s / 60.0),
        "ring_timeout_s": plain(settings.ring_timeout_s),
        "hold_s": plain(settings.hold_s),
        "wrap_up_limit_s": plain(settings.wrap_up_limit_s),
        "automatic_wrap_up_code": settings.automatic_wrap_up_code,
        "abandon_target_pc": plain(settings.abandon_target * 100),
        "amd_enabled": settings.amd_enabled,
        "amd_sensitivity": settings.amd_sensitivity,
        "record_calls": settings.record_calls,
        "record_on_request": settings.record_on_request,
        "dnc_list_ids": list(settings.dnc_list_ids),
        "agent_ids": list(settings.agent_ids),
        "purpose": settings.purpose.value,
        "rule_pack": settings.rule_pack,
        "rules": json.dumps(dict(settings.rules), sort_keys=True),
        "mode": settings.mode.value,
        "preview_offer": settings.preview_offer.value,
        "preview_countdown_s": plain(settings.preview_countdown_s),
        "preview_limit_s": plain(settings.preview_limit_s),
        "preview_skip": settings.preview_skip,
        "skip_delay_h": plain(settings.skip_delay_s / HOUR_S),
        "owner_field": settings.owner_field,
        "manual_dialling": settings.manual_dialling,
        "preview_after": settings.preview_after,
        "preview_field": settings.preview_field,
        **{name: getattr(settings, name).value for name, *_ in MACHINE_FIELDS},
        "drop_text": settings.drop_text,
        "drop_file": settings.drop_file,
        "drop_wait_s": plain(settings.drop_wait_s),
        "audit_share_pc": plain(settings.audit_share * 100),
        "message_text": settings.message_text,
        "on_person": settings.on_person.value,
        "agent_key": settings.agent_key,
        "agent_key_to": settings.agent_key_to,
        "abandon_text": settings.abandon_text,
        "caller_name": settings.caller_name,
        "call_reason": settings.call_reason,
        "opt_out_number": settings.opt_out_number,
        "lines_per_agent": plain(settings.lines_per_agent),
        "max_lines": settings.max_lines,
        "weight": settings.weight,
        "retry": {
            disposition.value: (plain(rule.delay_s / HOUR_S), str(rule.max_attempts))
            for disposition, rule in settings.retry.items()
        },
        "codes": {code.digit: code for code in settings.wrap_up_codes},
    }


def typed_again(
    shown: Mapping[str, Any], text: Callable[[str], str], texts: Callable[[str], list[str]]
) -> dict[str, Any]:
    """``shown`` with what somebody typed laid over it, for a form that comes back with its mistakes."""
    typed: dict[str, Any] = dict(shown)
    for name, value in shown.items():
        if isinstance(value, bool):
            typed[name] = bool(text(name))
        elif name in ("dnc_list_ids", "agent_ids"):
            typed[name] = [int(each) for each in texts(name) if each.isdigit()]
        elif name not in ("week", "retry", "codes"):
            typed[name] = text(name)
    pairs = len(shown["week"][0])
    typed["week"] = [
        [(text(f"from-{d}-{p}"), text(f"to-{d}-{p}")) if text(f"day-{d}") else ("", "") for p in range(pairs)]
        for d in range(7)
    ]
    if text("with_retry"):
        words = {word: (text(f"retry-{word}-h"), text(f"retry-{word}-n")) for word in _RETRY_ROWS}
        typed["retry"] = {word: pair for word, pair in words.items() if any(pair)}
    if text("with_codes"):
        typed["codes"] = {code["digit"]: SimpleNamespace(**code) for code in read_codes(text)}
    return typed


def plain(value: float) -> str:
    """A number for a number field: no separators, no needless decimals."""
    return f"{round(value, 4):g}"


def week_words(windows: Sequence[CallWindow], language: Language) -> list[tuple[str, str]]:
    """Call windows in words: days with the same hours stand together."""
    hours: dict[int, str] = {}
    for window in windows:
        pair = f"{clock_time(window.start_min)}–{clock_time(window.end_min)}"
        hours[window.weekday] = f"{hours[window.weekday]}, {pair}" if window.weekday in hours else pair
    found: list[tuple[list[int], str]] = []
    for day in sorted(hours):
        if found and found[-1][1] == hours[day] and found[-1][0][-1] == day - 1:
            found[-1][0].append(day)
        else:
            found.append(([day], hours[day]))
    return [(_span(days, language), text) for days, text in found]


def _span(days: list[int], language: Language) -> str:
    first, last = language.weekday(days[0]), language.weekday(days[-1])
    return first if len(days) == 1 else f"{first}–{last}"
