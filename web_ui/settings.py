"""The few settings the pages need, read from the box's TOML file.

The service checks the file strictly and reports every mistake; this reader takes its own values and leaves the rest
alone, so that a mistake elsewhere in the file never keeps the pages (which show the mistake) from starting.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware.model import Role

CHANGES = "settings.toml"
"""Below the state: what was set on the pages. The service writes it."""


@dataclass(frozen=True, slots=True)
class TrunkChoice:
    """A trunk as the campaign form offers it."""

    name: str
    caller_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the pages know of the machine they stand on."""

    box_name: str = "Strowger"
    language: str = "de"
    zone: str = "Europe/Berlin"
    country: str = "DE"
    state: Path = Path("/var/lib/strowger")
    runtime: Path = Path("/run/strowger")
    host: str = "127.0.0.1"
    port: int = 8080
    threads: int = 80
    names: tuple[str, ...] = ()
    """Host names people may use to reach the box, besides its addresses and its own name."""
    sip_domain: str = "strowger.invalid"
    edge_listen: tuple[str, ...] = ()
    trunks: tuple[TrunkChoice, ...] = ()
    second_factor: str = "optional"
    """Who must have one: ``optional`` (nobody), ``administrators`` or ``everybody``."""
    each_agent: bool = True
    """Reports may show figures of single agents."""

    def second_factor_wanted(self, roles: frozenset[Role]) -> bool:
        """Whether somebody in these roles must have a second factor."""
        return self.second_factor == "everybody" or (
            self.second_factor == "administrators" and Role.ADMINISTRATOR in roles
        )

    @property
    def database(self) -> Path:
        """The store, opened read-only."""
        return self.state / "strowger.db"

    @property
    def control_socket(self) -> Path:
        """Where the service listens."""
        return self.runtime / "control.sock"

    @property
    def uploads(self) -> Path:
        """Where uploaded files wait to be imported."""
        return self.state / "uploads"

    @property
    def recordings(self) -> Path:
        """Where recorded calls are."""
        return self.state / "recordings"

    @property
    def reports(self) -> Path:
        """Where the service leaves files for people, such as the damaged rows of an import."""
        return self.state / "reports"


def split_address(text: str) -> tuple[str, int]:
    """``HOST:PORT`` or ``[V6]:PORT`` as a pair; ValueError when it is neither."""
    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"not an address with a port: {text!r}")
    return host, int(port)


def _text(table: Mapping[str, Any], key: str, default: str) -> str:
    value = table.get(key, default)
    return value if isinstance(value, str) and value else default


def _trunks(tables: object) -> tuple[TrunkChoice, ...]:
    found = []
    for table in tables if isinstance(tables, list) else []:
        if isinstance(table, dict) and isinstance(table.get("name"), str):
            ids = table.get("caller_ids", [])
            found.append(TrunkChoice(table["name"], tuple(i for i in ids if isinstance(i, str))))
    return tuple(found)


def from_mapping(raw: Mapping[str, Any]) -> WebSettings:
    """Pick the pages' settings out of the whole configuration; ValueError for an unusable address."""
    box, paths, web = raw.get("box", {}), raw.get("paths", {}), raw.get("web", {})
    host, port = split_address(_text(web, "listen", "127.0.0.1:8080"))
    plain = WebSettings()
    return WebSettings(
        box_name=_text(box, "name", plain.box_name),
        language=_text(box, "language", plain.language),
        zone=_text(box, "zone", plain.zone),
        country=_text(box, "country", plain.country),
        state=Path(_text(paths, "state", str(plain.state))),
        runtime=Path(_text(paths, "runtime", str(plain.runtime))),
        host=host,
        port=port,
        threads=int(web.get("threads", plain.threads)),
        names=tuple(str(name).lower() for name in web.get("names", ())),
        sip_domain=_text(raw.get("sip", {}), "domain", plain.sip_domain),
        edge_listen=tuple(str(a) for a in raw.get("edge", {}).get("listen", ())),
        trunks=_trunks(raw.get("trunk")),
        second_factor=_text(web, "second_factor", plain.second_factor),
        each_agent=_text(web, "agent_figures", "each") == "each",
    )


def load(path: Path | None) -> WebSettings:
    """Read the settings; no file means the defaults. OSError, tomllib.TOMLDecodeError and ValueError pass through."""
    if path is None:
        return WebSettings()
    with path.open("rb") as file:
        raw = tomllib.load(file)
    return from_mapping(_with_changes(raw))


def _with_changes(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings file with what was set on the pages over it; what cannot be read there is left to the service."""
    file = Path(_text(raw.get("paths", {}), "state", str(WebSettings().state))) / CHANGES
    try:
        changed = tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return raw
    made = dict(raw)
    for name, table in changed.items():
        if isinstance(table, dict):
            made[name] = {**made.get(name, {}), **table}
        elif name == "trunk":
            mine = {entry.get("name"): entry for entry in table}
            below = [mine.pop(entry.get("name"), entry) for entry in made.get("trunk", [])]
            made[name] = [*below, *mine.values()]
    return made
