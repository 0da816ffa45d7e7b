"""Who may import whom, read from the source with ``ast``: what ``test_import_law`` holds the project to.

Imports that only a type checker follows (``if TYPE_CHECKING:``) bind nobody at run time and are left out of the
rules about foreign libraries, but not out of those about our own rooms.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

OURS = ("board", "dsp", "firmware", "web_ui")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module: ``a.b`` for ``import a.b``, and also ``a.b.c`` for ``from a.b import c``."""

    module: str
    line: int
    typing_only: bool

    def below(self, *packages: str) -> bool:
        """Whether the module is one of these or inside one of them."""
        return any(self.module == package or self.module.startswith(f"{package}.") for package in packages)


@dataclass(frozen=True, slots=True)
class Room:
    """Files (glob from the root) that may import of ours only what is below ``sees``, and nothing of ``never``."""

    files: str
    sees: tuple[str, ...]
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Owner:
    """A foreign library and the files (globs) that alone may import it."""

    library: str
    files: tuple[str, ...]


UNCLEAN = ("asyncio", "sqlite3", "time", "logging", "threading", "socket", "subprocess")
_PURE_SEES = (
    "firmware.model",
    "firmware.pacing",
    "firmware.compliance",
    "firmware.campaigns",
    "firmware.rulebook",
)

ROOMS = (
    Room("board/*", ("board",)),
    Room("dsp/*", ("dsp",)),
    Room("dsp/line/*", ("dsp",), UNCLEAN),
    Room(
        "web_ui/*",
        (
            "web_ui",
            "firmware.model",
            "firmware.store.reports",
            "firmware.papers.tables",
            "firmware.papers.files",
        ),
    ),
    Room("firmware/model.py", (), UNCLEAN),
    Room("firmware/pacing/*", _PURE_SEES, UNCLEAN),
    Room("firmware/compliance/*", _PURE_SEES, UNCLEAN),
    Room("firmware/campaigns/*", _PURE_SEES, UNCLEAN),
    Room("firmware/rulebook/*", _PURE_SEES, UNCLEAN),
    Room("firmware/scripts/*", ("firmware.model", "firmware.scripts", "firmware.compliance"), UNCLEAN),
    Room("firmware/callbacks/*", ("firmware.model", "firmware.callbacks"), UNCLEAN),
    Room("firmware/inbound/*", ("firmware.model", "firmware.inbound", "firmware.compliance"), UNCLEAN),
    Room(
        "firmware/simulate/*",
        (*_PURE_SEES, "firmware.simulate", "firmware.typed", "firmware.rules", "firmware.clock"),
    ),
    Room("firmware/network/plan.py", ("firmware.model", "firmware.network", "firmware.compliance"), UNCLEAN),
    Room("firmware/calls/call.py", ("firmware.model", "firmware.calls"), UNCLEAN),
    Room("firmware/calls/happenings.py", ("firmware.model", "firmware.calls"), UNCLEAN),
    Room("firmware/calls/machines.py", ("firmware.model", "firmware.calls"), UNCLEAN),
    Room("firmware/calls/parties.py", ("firmware.model", "firmware.calls"), UNCLEAN),
    Room("firmware/calls/agent.py", ("firmware.model", "firmware.calls"), UNCLEAN),
    Room(
        "firmware/store/*",
        (
            "firmware.model",
            "firmware.store",
            "firmware.campaigns",
            "firmware.callbacks",
            "firmware.inbound.happenings",
            "firmware.rulebook",
            "firmware.scripts",
        ),
    ),
)

OWNERS = (
    Owner("pjsua2", ("firmware/trunks/sip.py", "firmware/trunks/_sip_*.py")),
    Owner("_pjsua2", ()),
    Owner("sqlite3", ("firmware/store/*",)),
    Owner("sqlite_utils", ("firmware/store/*",)),
    Owner("tflite_runtime", ("dsp/model.py",)),
    Owner("ai_edge_litert", ("dsp/model.py",)),
    Owner("torch", ("dsp/training/*",)),
    Owner("tensorflow", ("dsp/training/*",)),
    Owner("serial", ("board/*",)),
    Owner("periphery", ("board/*",)),
    Owner("bottle", ("web_ui/*",)),
    Owner("waitress", ("web_ui/*",)),
    Owner("holidays", ("firmware/compliance/holiday_tables.py",)),
    Owner("fpdf", ("firmware/papers/pdf.py", "firmware/papers/tables_pdf.py")),
    Owner("phonenumbers", ("firmware/compliance/*", "web_ui/language.py")),
    Owner("systemd", ("firmware/journal.py",)),
    Owner("time", ("firmware/clock.py", "firmware/run/*", "board/*", "dsp/training/*", "web_ui/*")),
    Owner("firmware.service", ("firmware/cli.py",)),
    Owner("firmware.run", ("firmware/run/*", "firmware/cli.py")),
)

_ASKS_THE_TIME = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}


def imports_of(source: str, file: str) -> Iterator[Import]:
    """Every import of a file (its path from the root), wherever it stands."""
    tree = ast.parse(source)
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in node.body
        for inner in ast.walk(child)
    }
    for node in ast.walk(tree):
        for module in _modules(node, file):
            yield Import(module, getattr(node, "lineno", 0), id(node) in typing_only)


def _modules(node: ast.AST, file: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            package = Path(file).parent.parts[: len(Path(file).parent.parts) - node.level + 1]
            base = ".".join((*package, base)).rstrip(".")
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)


def breaches(source: str, file: str) -> list[str]:
    """What a file does that the law forbids, as ``file:line: words``."""
    found = set(_breaches(list(imports_of(source, file)), file))
    if fnmatch(file, "firmware/*") and not fnmatch(file, "firmware/run/*") and file != "firmware/clock.py":
        found |= {
            f"{file}:{node.lineno}: asks the machine what time it is"
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call) and _asks_the_time(node)
        }
    return sorted(found)


def _breaches(imports: list[Import], file: str) -> Iterator[str]:
    for room in (room for room in ROOMS if fnmatch(file, room.files)):
        for each in imports:
            if each.below(*OURS) and not _visible(each, room):
                yield f"{file}:{each.line}: {room.files} may not see {each.module}"
            if each.below(*room.never) and not each.typing_only:
                yield f"{file}:{each.line}: {room.files} may not use {each.module}"
    for owner in OWNERS:
        if not any(fnmatch(file, pattern) for pattern in owner.files):
            for each in imports:
                if each.below(owner.library) and not each.typing_only:
                    yield f"{file}:{each.line}: {owner.library} belongs to {' '.join(owner.files) or 'nobody'}"


def _visible(each: Import, room: Room) -> bool:
    """``from firmware import model`` names ``firmware`` on its way to something visible."""
    return each.below(*room.sees) or any(seen.startswith(f"{each.module}.") for seen in room.sees)


def _asks_the_time(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and (function.value.id, function.attr) in _ASKS_THE_TIME
    )
