"""Presets of telephone providers, as data with their sources (``providers.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Provider:
    """What one provider wants to be set. ``looked_at``: the day somebody held it against ``source``, empty: nobody."""

    key: str
    name: str
    host: str
    register: bool
    source: str
    looked_at: str
    country: str = ""
    transport: str = "udp"
    port: int = 5060
    lines: int = 2


@cache
def providers() -> tuple[Provider, ...]:
    """All of them, ``other`` (nothing known) first."""
    text = files("firmware.config").joinpath("providers.toml").read_text("utf-8")
    return tuple(Provider(**entry) for entry in tomllib.loads(text)["provider"])
