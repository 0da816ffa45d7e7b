"""Writes the commented example of the settings file from ``shape``, so that both always agree.

``python -m firmware.config.example > firmware/config/example.toml`` renews the copy in the repository.
"""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from firmware.config.shape import Config, InboundConfig, LineConfig, TrunkConfig
from firmware.typed import REQUIRED, Field, Secret, fields_of

_WIDTH = 100
_COMMENT_COLUMN = 36
_HEAD = """\
Settings of the box. Every value below is the default; an empty file means the same.
Mistakes are all reported at once when the service starts, by section and key.
"""
_TRUNK_HEAD = """\
A trunk is a way out through a telephone provider or a gateway; there may be several.
"""
_LINE_HEAD = """\
A line is an analog telephone line on a voice modem; there may be several, of one trunk or of many.
"""
_INBOUND_HEAD = """\
Who takes calls that come in; there may be several. Without any such calls are refused, and kept as missed.
"""
_SAMPLES: dict[str, object] = {"name": "provider", "host": "sip.example.org"}
_LINE_SAMPLES: dict[str, object] = {"name": "line1", "port": "/dev/serial/by-id/usb-modem-if00"}
_INBOUND_SAMPLES: dict[str, object] = {"name": "office"}


def text() -> str:
    """The example file; reading it gives the defaults (the trunk and the line in it are commented out)."""
    config = Config()
    names = (section.name for section in fields(Config))
    lists = {
        "trunks": _entries("trunk", TrunkConfig, _TRUNK_HEAD, _SAMPLES),
        "lines": _entries("line", LineConfig, _LINE_HEAD, _LINE_SAMPLES),
        "inbound": _entries("inbound", InboundConfig, _INBOUND_HEAD, _INBOUND_SAMPLES),
    }
    sections = (lists.get(name) or _section(name, getattr(config, name)) for name in names)
    return "\n\n".join((_comment(_HEAD), *sections)) + "\n"


def _section(name: str, values: object) -> str:
    entries = (_entry(entry, getattr(values, entry.name)) for entry in fields_of(type(values)))
    return "\n".join((f"[{name}]", *entries))


def _entries(name: str, kind: type, head: str, samples: Mapping[str, object]) -> str:
    entries = [
        _entry(entry, samples[entry.name] if entry.default is REQUIRED else entry.default, "# ")
        for entry in fields_of(kind)
    ]
    return "\n".join((_comment(head), f"# [[{name}]]", *entries))


def _entry(entry: Field, value: object, prefix: str = "") -> str:
    line = f"{prefix}{entry.name} = {_toml(value)}"
    return f"{line:<{_COMMENT_COLUMN}}  # {entry.doc}"


def _comment(words: str) -> str:
    wrapped = (textwrap.wrap(line, _WIDTH) for line in words.splitlines())
    return "\n".join(f"# {line}" for lines in wrapped for line in lines)


def _toml(value: object) -> str:
    """TOML and JSON write the values we have the same way; paths and secrets are texts."""
    if isinstance(value, Path):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, Secret):
        return json.dumps(value.reveal())
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    sys.stdout.write(text())
