"""Runs every measurement and prints one table: ``python -m tests.bench [--quick] [--json] [name ...]``.

Each ``bench_*.py`` runs in a process of its own, so that none inherits another's memory or threads and one that fails
leaves the others their turn. The figures belong to the machine named above the table.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

Figures = list[tuple[str, str]]

_FOLDER = Path(__file__).resolve().parent
_MODEL_FILES = ("/proc/device-tree/model", "/sys/class/dmi/id/product_name")
_LONGEST_S = 1800


def machine() -> Figures:
    """What the figures were measured on."""
    return [
        ("machine", f"{platform.node()} ({_model() or platform.machine()})"),
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("system", f"Linux {platform.release()}, Python {platform.python_version()}"),
        ("date", datetime.now().astimezone().isoformat(timespec="minutes")),
    ]


def measure(name: str, quick: bool) -> Figures:
    """One module's figures, or why there are none."""
    command = [sys.executable, "-m", "tests.bench", "--one", name, *(["--quick"] if quick else [])]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=_LONGEST_S, check=False)
    except subprocess.TimeoutExpired:
        return [(name, f"not measured: not done after {_LONGEST_S} s")]
    if done.returncode:
        return [(name, f"not measured: ended with status {done.returncode}")]
    return [(str(what), str(figure)) for what, figure in json.loads(done.stdout.splitlines()[-1])]


def names() -> list[str]:
    """Every measurement there is."""
    return sorted(path.stem for path in _FOLDER.glob("bench_*.py"))


def main(arguments: Sequence[str]) -> int:
    """Measure and print; the status is 1 if something could not be measured."""
    chosen = _arguments(arguments)
    if chosen.one:
        module = importlib.import_module(f"tests.bench.{chosen.one}")
        sys.stdout.write("\n" + json.dumps(module.main(chosen.quick)) + "\n")
        return 0
    head = machine()
    _show(head, chosen.json)
    figures: Figures = []
    for name in chosen.names or names():
        found = measure(name, chosen.quick)
        _show(found, chosen.json)
        figures += found
    if chosen.json:
        sys.stdout.write(json.dumps(dict(head + figures), ensure_ascii=False, indent=1) + "\n")
    return int(any(figure.startswith("not measured") for _, figure in figures))


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"which to run: {', '.join(names())}")
    parser.add_argument("--quick", action="store_true", help="smaller runs, to see that they work")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    parser.add_argument("--one", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    for name in [*chosen.names, *([chosen.one] if chosen.one else [])]:
        if name not in names():
            parser.error(f"there is no measurement {name}; there are: {', '.join(names())}")
    return chosen


def _show(figures: Figures, silent: bool) -> None:
    if not silent:
        for what, figure in figures:
            sys.stdout.write(f"{what:<38} {figure}\n")
        sys.stdout.flush()


def _model() -> str:
    for file in map(Path, _MODEL_FILES):
        if file.is_file():
            return file.read_text(encoding="utf-8", errors="replace").strip("\0 \n")
    return ""


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() in ("model name", "Model"):
            return value.strip()
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
