"""What a box's scripts tell its boot loader, on files of a test's own; on a Raspberry Pi, where it is asked by RAUC as
well: a version is tried once, and kept only when it is marked good.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

IMAGE = Path(__file__).resolve().parents[3] / "image"
SCRIPT = IMAGE / "arm64/overlay/usr/lib/strowger/loader"
BOOTS_A = (IMAGE / "arm64/autoboot.txt").read_text("ascii")
BOOTS_B = "[all]\ntryboot_a_b=1\nboot_partition=3\n[tryboot]\nboot_partition=2\n"


class Board:
    """The script with its paths turned to a folder, and the part of the firmware that decides which slot starts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("boot/autoboot", "sys/module/strowger_tryboot/parameters", "data/system", "proc", "bin"):
            (folder / name).mkdir(parents=True)
        self.autoboot = folder / "boot/autoboot/autoboot.txt"
        self.autoboot.write_text(BOOTS_A, "ascii")
        self.flag = folder / "sys/module/strowger_tryboot/parameters/wanted"
        self.flag.write_text("N\n")
        self.script = folder / "loader"
        text = SCRIPT.read_text("utf-8")
        for top in ("boot", "sys", "data", "proc"):
            text = text.replace(f"/{top}/", f"{folder}/{top}/")
        self.script.write_text(text, "utf-8")
        self.start()

    def start(self, *, fails: bool = False) -> str:
        """Power comes: the firmware reads ``autoboot.txt`` and forgets its flag; the slot that starts."""
        tried = self.flag.read_text().strip() == "Y"
        section = self.autoboot.read_text("ascii").split("[tryboot]")[tried]
        slot = {"2": "A", "3": "B"}[section.partition("boot_partition=")[2][0]]
        self.flag.write_text("N\n")
        if fails:
            return self.start()
        (self.folder / "proc/cmdline").write_text(f"console=tty0 rauc.slot={slot} ro\n")
        return slot

    def ask(self, *words: str, fails: bool = False) -> str:
        ways = {**os.environ, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["sh", str(self.script), *words], env=ways, capture_output=True, text=True, check=False
        )
        assert (done.returncode != 0) == fails, done.stderr
        return done.stdout.strip()

    def installed(self, slot: str) -> None:
        """What RAUC asks for while it installs."""
        self.ask("set-state", slot, "bad")
        self.ask("set-primary", slot)

    def cut_at(self, tool: str) -> None:
        """The power fails as soon as a tool is called."""
        path = self.folder / "bin" / tool
        path.write_text("#!/bin/sh\nkill -9 $PPID\n")
        path.chmod(0o755)


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path)


def test_what_no_boot_loader_is_asked_is_refused(board: Board) -> None:
    board.ask("explode", fails=True)
    board.ask("set-state", "B", "well", fails=True)
    assert board.autoboot.read_text() == BOOTS_A


def test_without_the_firmware_there_is_nothing_to_try_with(board: Board) -> None:
    board.flag.unlink()
    board.ask("set-primary", "B", fails=True)
    assert board.ask("get-primary") == "A"
    board.ask("set-primary", "A")


def test_a_fresh_box_boots_its_first_slot_and_marking_it_good_writes_nothing(board: Board) -> None:
    before = board.autoboot.stat().st_mtime_ns
    assert (board.ask("get-primary"), board.ask("get-current")) == ("A", "A")
    board.ask("set-state", "A", "good")
    assert board.autoboot.stat().st_mtime_ns == before
    assert board.ask("get-state", "A") == "good"


def test_an_installed_slot_is_asked_for_by_the_flag_alone(board: Board) -> None:
    board.ask("set-state", "B", "bad")
    assert board.ask("get-state", "B") == "bad"
    board.ask("set-primary", "B")
    assert (board.ask("get-primary"), board.ask("get-state", "B")) == ("B", "good")
    assert (board.flag.read_text().strip(), board.autoboot.read_text()) == ("Y", BOOTS_A)


def test_a_version_marked_good_is_the_one_that_boots_from_then_on(board: Board) -> None:
    board.installed("B")
    assert board.start() == "B"
    assert board.autoboot.read_text() == BOOTS_A
    board.ask("set-state", "B", "good")
    board.ask("proven", "B")
    assert board.autoboot.read_text() == BOOTS_B
    assert [board.start(), board.ask("get-primary")] == ["B", "B"]
    board.installed("A")
    assert [board.start(fails=True), board.autoboot.read_text()] == ["B", BOOTS_B]


def test_a_version_that_does_not_start_is_tried_once(board: Board) -> None:
    board.installed("B")
    assert [board.start(fails=True), board.start()] == ["A", "A"]
    assert board.ask("get-primary") == "A"


def test_a_version_that_fails_its_proof_is_left_with_the_next_boot(board: Board) -> None:
    board.installed("B")
    board.start()
    board.ask("set-state", "B", "bad")
    assert [board.start(), board.ask("get-state", "B")] == ["A", "bad"]


def test_the_version_to_go_back_to_is_not_taken_away_during_a_trial(board: Board) -> None:
    board.installed("B")
    board.start()
    board.ask("set-state", "A", "bad", fails=True)
    assert board.ask("get-state", "A") == "good"


def test_a_wish_can_be_taken_back(board: Board) -> None:
    board.installed("B")
    board.ask("set-primary", "A")
    assert (board.ask("get-primary"), board.start()) == ("A", "A")


@pytest.mark.parametrize("tool", ["sync", "dd"])
def test_power_that_fails_while_a_version_is_marked_good_leaves_a_box_that_boots(
    board: Board, tool: str
) -> None:
    board.installed("B")
    board.start()
    board.cut_at(tool)
    board.ask("set-state", "B", "good", fails=True)
    assert board.autoboot.read_text() == BOOTS_A
    (board.folder / "bin" / tool).unlink()
    assert board.start() == "A"


def test_the_file_is_overwritten_where_it_lies_within_one_sector(board: Board) -> None:
    """No new name and no new length: the file system's own tables have nothing to lose."""
    board.installed("B")
    board.start()
    before = board.autoboot.stat()
    board.ask("set-state", "B", "good")
    after = board.autoboot.stat()
    assert (after.st_ino, after.st_size) == (before.st_ino, before.st_size)
    assert after.st_size <= 512


@pytest.mark.parametrize("rest", [None, "", "[all]\nboot_part", "\0" * 66])
def test_a_file_that_was_lost_is_made_anew_by_a_good_version(board: Board, rest: str | None) -> None:
    (board.folder / "proc/cmdline").write_text("rauc.slot=B\n")
    board.autoboot.unlink() if rest is None else board.autoboot.write_text(rest)
    assert board.ask("get-primary") == "B"
    board.ask("set-state", "B", "good")
    assert board.autoboot.read_text() == BOOTS_B


@pytest.mark.parametrize(
    ("words", "told"),
    [(("proven", "A"), "A_PROVEN=1 A_BOOTS="), (("forget", "B"), "B_PROVEN=0 B_BOOTS=")],
)
def test_grub_is_told_what_works_and_what_is_overwritten(
    tmp_path: Path, words: tuple[str, str], told: str
) -> None:
    tool = tmp_path / "grub-editenv"
    tool.write_text(f'#!/bin/sh\necho "$*" >{tmp_path}/told\n')
    tool.chmod(0o755)
    text = (IMAGE / "overlay/usr/lib/strowger/loader").read_text("utf-8")
    (tmp_path / "loader").write_text(text.replace("/usr/local/bin/grub-editenv", str(tool)), "utf-8")
    subprocess.run(["sh", str(tmp_path / "loader"), *words], check=True)
    assert (tmp_path / "told").read_text() == f"/boot/efi/EFI/debian/grubenv set {told}\n"


@pytest.mark.parametrize(
    ("script", "words"), [("trial", "loader proven"), ("before-install", "loader forget")]
)
def test_the_scripts_of_a_box_tell_it(script: str, words: str) -> None:
    text = (IMAGE / "overlay/usr/lib/strowger" / script).read_text("utf-8")
    assert f"/usr/lib/strowger/{words} " in text
    assert "grub" not in text
