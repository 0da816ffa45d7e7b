"""A copy of the set-up in a folder of its own, run with a cache and a PATH of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass
class Checkout:
    """Copies of image/setup and firmware/trunks/native below `root`, and stand-ins for programs of the machine."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for folder in ("image/setup", "firmware/trunks/native"):
            shutil.copytree(REPOSITORY / folder, self.repository / folder)
        self.programs.mkdir()

    @property
    def repository(self) -> Path:
        return self.root / "repository"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def programs(self) -> Path:
        return self.root / "programs"

    def stand_in(self, name: str, script: str) -> None:
        """Put a program of this name in front of the machine's own; what it was called with is noted."""
        program = self.programs / name
        program.write_text(f'#!/bin/bash\necho "{name} $*" >>"{self.root}/calls"\n{script}\n')
        program.chmod(0o755)

    @property
    def calls(self) -> list[str]:
        """What the stand-ins were called with."""
        noted = self.root / "calls"
        return noted.read_text().splitlines() if noted.exists() else []

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a script of the repository; both its outputs come back."""
        environment = os.environ | {
            "STROWGER_CACHE": str(self.cache),
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "PJPROJECT_TARBALL": "",
        }
        return subprocess.run(
            [str(self.repository / script), *arguments],
            capture_output=True, text=True, check=False, timeout=120, env=environment | self.environment,
        )  # fmt: skip
