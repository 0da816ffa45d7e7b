"""A campaign's settings as the JSON that is stored, and back.

No judgement here: what was stored must always be readable. Keys this version does not know are left alone, keys
that are missing take the default, so that settings written by an older version stay good.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from firmware.model import (
    CallWindow,
    CampaignSettings,
    ContactListId,
    DiallingMode,
    Disposition,
    OnCorrection,
    PersonAction,
    PreviewOffer,
    Purpose,
    RetryRule,
    UserId,
    VerdictAction,
    WrapUpCode,
)
from firmware.store.words import canonical

_NAMES = frozenset(f.name for f in fields(CampaignSettings))


def to_json(settings: CampaignSettings) -> str:
    """Canonical JSON of every setting."""
    value = {name: getattr(settings, name) for name in _NAMES}
    value["windows"] = [_members(window) for window in settings.windows]
    value["retry"] = {str(word): _members(rule) for word, rule in settings.retry.items()}
    value["wrap_up_codes"] = [_members(code) for code in settings.wrap_up_codes]
    value["dnc_list_ids"] = list(settings.dnc_list_ids)
    value["agent_ids"] = list(settings.agent_ids)
    value["rules"] = dict(settings.rules)
    return canonical(value)


def _members(value: CallWindow | RetryRule | WrapUpCode) -> dict[str, Any]:
    """As ``asdict``, without its deep copies: this runs with every claim."""
    return {name: getattr(value, name) for name in value.__slots__}


def from_json(text: str) -> CampaignSettings:
    """Read what ``to_json`` of this or an earlier version wrote."""
    value: dict[str, Any] = {k: v for k, v in json.loads(text).items() if k in _NAMES}
    readers: dict[str, Callable[[Any], Any]] = {
        "contact_list_id": lambda v: None if v is None else ContactListId(v),
        "mode": DiallingMode,
        "preview_offer": PreviewOffer,
        "windows": lambda v: tuple(CallWindow(**window) for window in v),
        "retry": lambda v: {Disposition(word): RetryRule(**rule) for word, rule in v.items()},
        "wrap_up_codes": lambda v: tuple(_code(code) for code in v),
        "dnc_list_ids": tuple,
        "agent_ids": lambda v: tuple(UserId(user) for user in v),
        "purpose": Purpose,
        **dict.fromkeys(("on_machine", "on_screen", "on_music", "on_silence"), VerdictAction),
        "on_correction": OnCorrection,
        "on_person": PersonAction,
    }
    return CampaignSettings(**{k: readers[k](v) if k in readers else v for k, v in value.items()})


def _code(value: dict[str, Any]) -> WrapUpCode:
    return WrapUpCode(**{**value, "disposition": Disposition(value["disposition"])})
