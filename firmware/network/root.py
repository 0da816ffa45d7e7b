"""Root's part of the box's own address: ``python -m firmware.network.root boot|try|keep|return``.

The service leaves ``network-wanted`` and ``network-confirmed`` in its folder, and units start this; nothing it left is
believed without looking (``plan.from_text``). What is tried lies in ``/run`` alone, so whatever happens in between, a
restart is back at what was confirmed last: ``/data/network/kept``. Who may ask, and from which address somebody has
confirmed, is the service's to know.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from firmware.clock import SystemClock
from firmware.model import OperatorError
from firmware.network.plan import DEFAULT, TRIAL_S, Wanted, from_text, network_file, shown

OWN = Path("run/strowger-network")
"""Root's folder; ``told`` in it is what the service may read."""
WANTED, CONFIRMED = Path("run/strowger/network-wanted"), Path("run/strowger/network-confirmed")
KEPT = Path("data/network/kept")
SETTINGS = Path("run/systemd/network/70-strowger.network")
"""Before the image's 80-office.network, which goes on to hold for every other port."""
TIMER = "strowger-network-return.timer"
_MOST_BYTES = 4096
_CLOCK = SystemClock()
Run = Callable[[Sequence[str]], bool]
"""A command of the system; whether it went well."""


def _run(command: Sequence[str]) -> bool:
    return subprocess.run(command, check=False).returncode == 0


class Network:
    """Each act once; none of them at the same time as another (``lock``)."""

    def __init__(
        self, root: Path = Path("/"), run: Run = _run, now: Callable[[], float] = _CLOCK.utc
    ) -> None:
        """``root``: where the system's files are."""
        self._root, self._run, self._now = root, run, now

    # -- acts --------------------------------------------------------------------------------------------------

    def boot(self) -> None:
        """Before the network comes up: what was confirmed last. What cannot be read is as good as never set."""
        kept, outcome = self._kept()
        self._lay(kept)
        self._tell(kept, outcome=outcome)

    def try_(self) -> None:
        """Take what is wanted for three minutes."""
        text = self._take(self._root / WANTED)
        kept, _ = self._kept()
        try:
            wanted = from_text(text, self._ports())
        except (OperatorError, ValueError) as error:
            self._say(f"not tried: {error}")
            self._tell(kept, outcome="refused")
            return
        # The way back first: whatever goes wrong from here on, it is wound up.
        self._write(self._own / "trial", wanted.text())
        if not self._run(["systemctl", "restart", TIMER]):
            self._back(wanted, "failed")
            return
        self._lay(wanted)
        self._tell(kept, trial=wanted, until=self._now() + TRIAL_S)
        self._say(f"tries {wanted.address or 'DHCP'}")
        if not self._reload():
            self._back(wanted, "failed")

    def keep(self) -> None:
        """Somebody has confirmed: from now on, also after a restart."""
        (self._root / CONFIRMED).unlink(missing_ok=True)
        tried = self._trial()
        if tried is None:
            return
        self._write(self._root / KEPT, tried.text(), 0o600)
        self._run(["systemctl", "stop", TIMER])
        (self._own / "trial").unlink()
        self._tell(tried, outcome="kept")
        self._say(f"keeps {tried.address or 'DHCP'}")

    def return_(self) -> None:
        """Nobody has confirmed."""
        tried = self._trial()
        if tried is not None:
            self._back(tried, "returned")

    # -- below -------------------------------------------------------------------------------------------------

    @property
    def _own(self) -> Path:
        return self._root / OWN

    def _back(self, tried: Wanted, outcome: str) -> None:
        kept, _ = self._kept()
        self._lay(kept)
        (self._own / "trial").unlink()
        self._tell(kept, outcome=outcome, tried=tried)
        self._say(f"goes back to {kept.address or 'DHCP'}: {outcome}")
        self._run(["systemctl", "stop", TIMER])
        self._reload()

    def _reload(self) -> bool:
        """systemd-networkd takes up what changed for the ports it concerns; anew if it does not answer."""
        return self._run(["networkctl", "reload"]) or self._run(
            ["systemctl", "restart", "systemd-networkd.service"]
        )

    def _kept(self) -> tuple[Wanted, str]:
        file = self._root / KEPT
        try:
            return from_text(file.read_text("ascii")), ""
        except FileNotFoundError:
            return DEFAULT, ""
        except (OSError, OperatorError, ValueError) as error:
            self._say(f"{file} cannot be used: {error}")
            return DEFAULT, "unreadable"

    def _trial(self) -> Wanted | None:
        try:
            return from_text((self._own / "trial").read_text("ascii"))
        except FileNotFoundError:
            return None

    def _ports(self) -> list[str]:
        return sorted(each.name for each in (self._root / "sys/class/net").iterdir())

    def _lay(self, wanted: Wanted) -> None:
        """What systemd-networkd will find at its next look."""
        file = self._root / SETTINGS
        text = network_file(wanted)
        if text:
            self._write(file, text)
        else:
            file.unlink(missing_ok=True)

    def _take(self, file: Path) -> str:
        """What the service left, and away with it. The folder is the service's: no link is followed."""
        try:
            fd = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            self._say(f"{file}: {error}")
            text = b""
        else:
            with os.fdopen(fd, "rb") as opened:
                text = opened.read(_MOST_BYTES) if stat.S_ISREG(os.fstat(fd).st_mode) else b""
        file.unlink(missing_ok=True)
        return text.decode("ascii", "replace")

    def _tell(
        self,
        kept: Wanted,
        *,
        outcome: str = "",
        trial: Wanted | None = None,
        until: float = 0.0,
        tried: Wanted | None = None,
    ) -> None:
        told: dict[str, Any] = {"kept": shown(kept), "outcome": outcome}
        told["trial"] = None if trial is None else {**shown(trial), "until": until}
        told["tried"] = None if tried is None else shown(tried)
        self._write(self._own / "told", json.dumps(told))

    def _write(self, file: Path, text: str, mode: int = 0o644) -> None:
        """Whole or not at all, and durable."""
        file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        made = file.with_name(f".{file.name}.new")
        fd = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
        with os.fdopen(fd, "w", encoding="ascii") as opened:
            os.fchmod(fd, mode)
            opened.write(text)
            opened.flush()
            os.fsync(fd)
        made.replace(file)
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _say(self, text: str) -> None:
        sys.stderr.write(f"network: {text}\n")


@contextmanager
def one_at_a_time(root: Path = Path("/")) -> Iterator[None]:
    """The timer may run out just as somebody confirms."""
    folder = root / OWN
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(act: str) -> None:
    """One of the four."""
    network = Network()
    with one_at_a_time():
        {"boot": network.boot, "try": network.try_, "keep": network.keep, "return": network.return_}[act]()


if __name__ == "__main__":
    main(sys.argv[1])
