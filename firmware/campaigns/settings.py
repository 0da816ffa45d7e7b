"""A campaign's settings: from a JSON object to ``CampaignSettings`` with every mistake at once, and back.

The object's keys are the field names of ``CampaignSettings``; what is left out takes its default. Each problem
names its place (``windows[2].end_min``). Whether lists and agents of these ids exist is the store's to say.

The limits, with their sources:

* ``ring_timeout_s`` 15..60: an unanswered call ended before 15 s of ringing counts as abandoned or as a nuisance (US
  47 CFR 64.1200(a)(6) and 16 CFR 310.4(b)(4)(ii): 15 s or four rings; Ofcom, persistent misuse statement: 15 s).
* ``hold_s`` 0..2: a person must reach an agent or a message within two seconds (US 16 CFR 310.4(b)(4)(iii), Ofcom).
* ``abandon_target`` 0..0.05: the laws that name a figure say 3 %; beyond 5 % nobody steers, they only count.
* ``max_attempts`` 1..30: the German trade code's ceiling for one campaign [Branchenkodex CCV/DDV].
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from typing import Any

from firmware.campaigns import defaults
from firmware.campaigns.checker import Checker
from firmware.campaigns.parts import AMD_SENSITIVITIES, read_codes, read_retry, read_windows
from firmware.campaigns.rule_settings import PACK_NAMES, check_rules, read_rules
from firmware.campaigns.texts import settings_problem
from firmware.compliance import term
from firmware.compliance.numbers import known_country, normalise
from firmware.model import (
    CampaignSettings,
    ContactListId,
    DiallingMode,
    OnCorrection,
    OperatorError,
    PersonAction,
    PreviewOffer,
    Problem,
    Purpose,
    UserId,
    VerdictAction,
)

_DAY_S = 86400.0
DROP_NAME = re.compile(r"[0-9a-z][0-9a-z_-]{0,59}")
"""Names of recordings in the folder of messages."""

KEY_TARGET = re.compile(r"(agent|destination):[1-9][0-9]{0,9}")
"""Whom key 2 reaches, where that is not whoever is free."""
KNOWN = tuple(each.name for each in fields(CampaignSettings))
"""Every setting there is."""


def from_json(
    raw: Mapping[str, Any], trunks: Mapping[str, Collection[str]] | None = None
) -> CampaignSettings:
    """Return the settings ``raw`` describes. Raises ``OperatorError`` with every problem.

    ``trunks`` maps each trunk's name to the numbers it may show; None leaves trunk and caller ID unchecked, as for
    settings read back from the store.
    """
    settings, problems = check(raw, trunks)
    if settings is None:
        raise OperatorError(*problems)
    return settings


def check(
    raw: Mapping[str, Any], trunks: Mapping[str, Collection[str]] | None = None
) -> tuple[CampaignSettings | None, list[Problem]]:
    """Do what ``from_json`` does, but return the problems (and then no settings) instead of raising."""
    if not isinstance(raw, Mapping):
        return None, [settings_problem("", "not_an_object")]
    checker = Checker(raw)
    checker.only(KNOWN)
    settings = _read(checker)
    _check_country(checker, settings.country)
    _check_code(checker, settings)
    _check_message(checker, settings)
    _check_term(checker, settings)
    if not checker.problems:
        check_rules(checker, settings)
    if trunks is not None:
        _check_trunk(checker, settings, trunks)
    return (None if checker.problems else settings), checker.problems


def to_json(settings: CampaignSettings) -> dict[str, Any]:
    """Return the object that ``from_json`` reads back to the same settings."""
    plain: dict[str, Any] = asdict(settings)
    plain["retry"] = {disposition.value: asdict(rule) for disposition, rule in settings.retry.items()}
    plain["mode"] = settings.mode.value
    plain["preview_offer"] = settings.preview_offer.value
    plain["purpose"] = settings.purpose.value
    for name in ("on_machine", "on_screen", "on_music", "on_silence", "on_correction", "on_person"):
        plain[name] = getattr(settings, name).value
    plain["rules"] = dict(settings.rules)
    for name in ("windows", "wrap_up_codes", "agent_ids", "dnc_list_ids"):
        plain[name] = list(plain[name])
    for code in plain["wrap_up_codes"]:
        code["disposition"] = code["disposition"].value
    return plain


def _read(checker: Checker) -> CampaignSettings:
    plain = CampaignSettings(name="")
    list_id = checker.optional_id("contact_list_id")
    country = checker.text("country", plain.country, longest=2).upper()
    return CampaignSettings(
        name=checker.text("name", None, longest=120),
        contact_list_id=None if list_id is None else ContactListId(list_id),
        mode=checker.choice("mode", DiallingMode, plain.mode),
        caller_id=_number(checker, "caller_id", country),
        country=country,
        trunk=checker.text("trunk", plain.trunk, longest=64, empty=True),
        windows=read_windows(checker, "windows", defaults.WINDOWS),
        default_zone=checker.zone("default_zone", plain.default_zone),
        max_attempts=checker.whole("max_attempts", plain.max_attempts, 1, 30),
        min_gap_s=checker.number("min_gap_s", plain.min_gap_s, 0, 90 * _DAY_S),
        max_attempts_number=checker.whole("max_attempts_number", plain.max_attempts_number, 0, 30),
        other_number_gap_s=checker.number("other_number_gap_s", plain.other_number_gap_s, 0, 90 * _DAY_S),
        ring_timeout_s=checker.number("ring_timeout_s", plain.ring_timeout_s, 15, 60),
        hold_s=checker.number("hold_s", plain.hold_s, 0, 2),
        wrap_up_limit_s=checker.number("wrap_up_limit_s", plain.wrap_up_limit_s, 1, 3600),
        automatic_wrap_up_code=checker.text(
            "automatic_wrap_up_code", plain.automatic_wrap_up_code, longest=40
        ),
        abandon_target=checker.number("abandon_target", plain.abandon_target, 0, 0.05),
        amd_enabled=checker.flag("amd_enabled", plain.amd_enabled),
        amd_sensitivity=checker.one_of("amd_sensitivity", AMD_SENSITIVITIES, plain.amd_sensitivity),
        on_machine=checker.choice("on_machine", VerdictAction, plain.on_machine),
        on_screen=checker.choice("on_screen", VerdictAction, plain.on_screen),
        on_music=checker.choice("on_music", VerdictAction, plain.on_music),
        on_silence=checker.choice("on_silence", VerdictAction, plain.on_silence),
        on_correction=checker.choice("on_correction", OnCorrection, plain.on_correction),
        drop_text=checker.text("drop_text", plain.drop_text, longest=2000, empty=True),
        drop_file=checker.text("drop_file", plain.drop_file, longest=60, empty=True),
        drop_wait_s=checker.number("drop_wait_s", plain.drop_wait_s, 5, 120),
        audit_share=checker.number("audit_share", plain.audit_share, 0, 0.5),
        record_calls=checker.flag("record_calls", plain.record_calls),
        record_on_request=checker.flag("record_on_request", plain.record_on_request),
        dnc_list_ids=checker.ids("dnc_list_ids"),
        retry=read_retry(checker, "retry", defaults.RETRY),
        wrap_up_codes=read_codes(checker, "wrap_up_codes", defaults.WRAP_UP_CODES),
        agent_ids=tuple(UserId(each) for each in checker.ids("agent_ids")),
        preview_offer=checker.choice("preview_offer", PreviewOffer, plain.preview_offer),
        preview_countdown_s=checker.number("preview_countdown_s", plain.preview_countdown_s, 0, 600),
        preview_limit_s=checker.number("preview_limit_s", plain.preview_limit_s, 15, 3600),
        preview_skip=checker.flag("preview_skip", plain.preview_skip),
        skip_delay_s=checker.number("skip_delay_s", plain.skip_delay_s, 0, 90 * _DAY_S),
        owner_field=checker.text("owner_field", plain.owner_field, longest=60, empty=True),
        manual_dialling=checker.flag("manual_dialling", plain.manual_dialling),
        preview_after=checker.whole("preview_after", plain.preview_after, 0, 30),
        preview_field=checker.text("preview_field", plain.preview_field, longest=60, empty=True),
        on_person=checker.choice("on_person", PersonAction, plain.on_person),
        message_text=checker.text("message_text", plain.message_text, longest=2000, empty=True),
        agent_key=checker.flag("agent_key", plain.agent_key),
        agent_key_to=checker.text("agent_key_to", plain.agent_key_to, longest=30, empty=True),
        lines_per_agent=checker.number("lines_per_agent", plain.lines_per_agent, 1, 5),
        max_lines=checker.whole("max_lines", plain.max_lines, 0, 1000),
        weight=checker.whole("weight", plain.weight, 1, 10),
        rule_pack=checker.one_of("rule_pack", PACK_NAMES, plain.rule_pack),
        rules=read_rules(checker, "rules"),
        purpose=checker.choice("purpose", Purpose, plain.purpose),
        abandon_text=checker.text("abandon_text", plain.abandon_text, longest=1000, empty=True),
        caller_name=checker.text("caller_name", plain.caller_name, longest=120, empty=True),
        call_reason=checker.text("call_reason", plain.call_reason, longest=200, empty=True),
        opt_out_number=_number(checker, "opt_out_number", country),
        first_day=_day(checker, "first_day"),
        last_day=_day(checker, "last_day"),
        days_zone=checker.zone("days_zone", "", empty=True),
    )


def _number(checker: Checker, name: str, country: str) -> str:
    text = checker.text(name, "", longest=40, empty=True)
    if not text:
        return ""
    number = normalise(text, country)
    if isinstance(number, str):
        return number
    if number.key != "unknown_country":
        checker.problems.append(Problem(name, number.key, number.text, number.figures))
    return text


def _day(checker: Checker, name: str) -> str:
    text = checker.text(name, "", longest=40, empty=True)
    if text and term.day(text) is None:
        checker.problem(name, "no_day", value=text)
    return text


def _check_term(checker: Checker, settings: CampaignSettings) -> None:
    first, last = term.day(settings.first_day), term.day(settings.last_day)
    if first and last and last < first:
        checker.problem("last_day", "last_day_first", first=settings.first_day, last=settings.last_day)


def _check_country(checker: Checker, country: str) -> None:
    if country and not known_country(country):
        checker.problem("country", "unknown_country", text=country)


def _check_code(checker: Checker, settings: CampaignSettings) -> None:
    code = settings.automatic_wrap_up_code
    if settings.wrap_up_codes and code not in {each.code for each in settings.wrap_up_codes}:
        checker.problem("automatic_wrap_up_code", "no_such_code", value=code)


def _check_message(checker: Checker, settings: CampaignSettings) -> None:
    """What is to be left must be there, and its name must be one; only what speaks and ends can be waited for."""
    if settings.agent_key_to and not KEY_TARGET.fullmatch(settings.agent_key_to):
        checker.problem("agent_key_to", "no_key_target", value=settings.agent_key_to)
    if settings.drop_file and not DROP_NAME.fullmatch(settings.drop_file):
        checker.problem("drop_file", "no_message_name", value=settings.drop_file)
    machines = {settings.on_machine, settings.on_screen} & {VerdictAction.MESSAGE, VerdictAction.FLOW}
    if settings.hangs_up_on_people and not (settings.amd_enabled and machines):
        checker.problem("on_person", "hang_up_on_everybody")
    for name in ("on_music", "on_silence"):
        if getattr(settings, name) is VerdictAction.MESSAGE:
            checker.problem(name, "no_greeting_to_wait_for")
    wanted = (settings.on_machine, settings.on_screen, settings.on_correction)
    if not (settings.drop_text.strip() or settings.drop_file) and "message" in wanted:
        checker.problem("drop_text", "no_message_to_leave")
    for name in ("on_machine", "on_screen", "on_music", "on_silence"):
        if getattr(settings, name) is VerdictAction.FLOW and not settings.message_text.strip():
            checker.problem(name, "no_message_to_speak")


def _check_trunk(checker: Checker, settings: CampaignSettings, trunks: Mapping[str, Collection[str]]) -> None:
    """A number may be shown only where the trunk's provider has given the right to it [§120 TKG]."""
    if settings.trunk and settings.trunk not in trunks:
        checker.unknown("trunk", "unknown_trunk", settings.trunk, trunks)
        return
    names = [settings.trunk] if settings.trunk else list(trunks)
    allowed = sorted({number for name in names for number in trunks[name]})
    plain = {normalise(number, settings.country) for number in allowed if known_country(settings.country)}
    if settings.caller_id and settings.caller_id not in plain | set(allowed):
        checker.problem(
            "caller_id", "caller_id_not_allowed", value=settings.caller_id, possible=", ".join(allowed) or "-"
        )
