"""The box's settings file: strict TOML, with every mistake reported at once.

``load(path: Path | None) -> Config`` (``None``: all defaults) raises ``OperatorError`` whose problems name
``[section] key`` and the line. ``Config`` mirrors the file: ``config.box.name``, ``config.sip.port``,
``config.trunks`` (a tuple of ``TrunkConfig``), ``config.lines`` (of ``LineConfig``), ``config.trunk(name)``,
``config.paths.database`` and its siblings. An empty file is a valid box without a trunk. Passwords are ``Secret``:
``trunk.password.reveal()``; their ``repr`` shows nothing. ``ports.taken(ports.claims(config))`` tells which
ports another program holds.
"""

from firmware.config.reader import load
from firmware.config.shape import (
    BackupConfig,
    BoardConfig,
    BoxConfig,
    Config,
    DiallingConfig,
    EdgeConfig,
    InboundConfig,
    LineConfig,
    MailConfig,
    PathsConfig,
    PowerConfig,
    SipConfig,
    TrunkConfig,
    WebConfig,
    WebhooksConfig,
)
from firmware.typed import Secret

__all__ = [
    "BackupConfig",
    "BoardConfig",
    "BoxConfig",
    "Config",
    "DiallingConfig",
    "EdgeConfig",
    "InboundConfig",
    "LineConfig",
    "MailConfig",
    "PathsConfig",
    "PowerConfig",
    "Secret",
    "SipConfig",
    "TrunkConfig",
    "WebConfig",
    "WebhooksConfig",
    "load",
]
