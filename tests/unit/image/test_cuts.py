"""What judges power cuts is judged: disks and records made here, whole and with the faults it has to find."""

from __future__ import annotations

import shutil
import struct
import subprocess
import uuid
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from firmware.model import HangupCause
from firmware.trunks.simulated import FarEnd
from tests.image import cut_records
from tests.image.cut_dialling import Seen, seen
from tests.image.cut_disk import Disk, Files, Loader, Torn, environment, partitions
from tests.image.cut_records import TRUNK
from tests.scenario.box import Box, number, refused

GAP_S = 3600.0


def block(**values: str) -> bytes:
    """A GRUB environment."""
    lines = "".join(f"{name}={value}\n" for name, value in values.items())
    return f"# GRUB Environment Block\n{lines}".encode().ljust(1024, b"#")


def table(**parts: tuple[int, int]) -> bytes:
    """The first 64 sectors of a disk with partitions of so many sectors (first, last)."""
    entries = b""
    for label, (first, last) in parts.items():
        kinds = uuid.uuid4().bytes_le + uuid.uuid4().bytes_le
        entries += kinds + struct.pack("<QQQ", first, last, 0) + label.encode("utf-16-le").ljust(72, b"\0")
    entries = entries.ljust(128 * 128, b"\0")
    head = b"EFI PART" + struct.pack("<III", 0x10000, 92, 0) + b"\0" * 52
    head += struct.pack("<QIII", 2, 128, 128, zlib.crc32(entries))
    head = head[:16] + struct.pack("<I", zlib.crc32(head)) + head[20:]
    return (bytes(512) + head.ljust(512, b"\0") + entries).ljust(64 * 512, b"\0")


def test_a_partition_table_is_read_and_a_torn_one_refused() -> None:
    made = table(esp=(64, 127), data=(128, 1023))
    assert partitions(made) == {"esp": (64 * 512, 64 * 512), "data": (128 * 512, 896 * 512)}
    for at in (512, 600, 1030):
        with pytest.raises(Torn):
            partitions(made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :])


@pytest.mark.parametrize(
    ("values", "order"),
    [
        ({"ORDER": "A B", "A_OK": "1", "A_PROVEN": "1", "B_OK": "0"}, ["A"]),
        ({"ORDER": "B A", "A_OK": "1", "A_PROVEN": "1", "B_OK": "1", "B_PROVEN": "0"}, ["B", "A"]),
        ({"ORDER": "B A", "A_OK": "1", "A_PROVEN": "1", "B_OK": "1", "B_BOOTS": "xxx"}, ["A"]),
        ({"ORDER": "B A", "A_OK": "1", "B_OK": "1", "B_PROVEN": "1", "B_BOOTS": "xxx"}, ["B", "A"]),
    ],
)
def test_the_slots_are_tried_as_the_boot_loader_does(values: dict[str, str], order: list[str]) -> None:
    assert Loader(environment(block(**values))).order == order


@pytest.mark.parametrize("torn", [b"", block(ORDER="A B")[:1000], b"\0" * 1024])
def test_a_torn_environment_holds_nothing(torn: bytes) -> None:
    assert environment(torn) == {}


@pytest.mark.skipif(
    not shutil.which("qemu-img") or not shutil.which("debugfs"), reason="qemu-utils or e2fsprogs"
)
def test_files_are_taken_from_a_disk_nobody_has_mounted(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/own").write_text("mine")
    data = tmp_path / "data.ext4"
    subprocess.run(["truncate", "-s", "8M", str(data)], check=True)
    subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", str(tmp_path / "in"), str(data)], check=True)
    raw = tmp_path / "disk.img"
    raw.write_bytes(table(data=(64, 64 + 16383)) + data.read_bytes())
    files = Files(Disk(raw, tmp_path / "read", "raw").part("data"))
    assert files.take("/own", tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"
    assert not files.take("/another", tmp_path / "out")


def test_what_the_screen_tells_is_believed_as_far_as_it_is_whole() -> None:
    told = '{"t": 1.5, "call_id": "UID@box", "number": "+493023125100", "event": "invite", "nth": 1}'
    shown = f"row 1.\r\nrow 2.\r\n{told}\r\nresult UID contacted.\r\n{told[:40]}\r\nrow 3"
    assert seen(shown) == Seen(2, (("UID", "+493023125100"),), (("UID", "contacted"),))


async def cut_off(folder: Path, gap_s: float = GAP_S) -> tuple[Path, Seen]:
    """A box that dialled five people and lost its power: its database, and what its far end had seen of it."""
    away = refused(0.2, 486, HangupCause.BUSY)
    far_ends = {number(4): FarEnd(answers_after_s=None)}
    box = Box(folder, lambda route, count: far_ends.get(route.address, away), trunk=TRUNK)
    box.outside.trunks = {TRUNK.name: True}
    await box.service.start()
    (anna,) = await box.hire("Anna")
    listed = await box.import_list([number(index) for index in range(1, 31)])
    await box.run_campaign(listed, [anna], trunk=TRUNK.name, caller_id=TRUNK.caller_ids[0], min_gap_s=gap_s)
    await box.ready(anna)
    await box.clock.advance(6.0)
    calls = tuple((str(placed.leg), placed.route.address) for placed in box.media.placed)
    calls = tuple((uid, called) for uid, called in calls if called.startswith("+"))
    await box.media.stop()
    await box.service.control.stop()
    await box.service.store.close()
    return folder / "state" / "strowger.db", Seen(0, calls)


async def test_records_are_held_against_what_was_seen(tmp_path: Path) -> None:
    file, known = await cut_off(tmp_path / "box")
    (uid, called), *_ = known.calls
    with closing(cut_records.opened(file)) as conn:
        assert cut_records.counts(conn).contacts == 30
        assert cut_records.judge(conn, known) == []
        assert {number for _, number in known.calls} == cut_records.called(conn)
        for seen_too, said in (
            (Seen(0, (("0" * 26, called),)), "not on record"),
            (Seen(0, ((uid, number(30)),)), "the call was to"),
            (Seen(0, ((uid, called), (uid, called))), "one attempt made 2 calls"),
            (Seen(0, (), ((uid, "sold"),)), "result is lost"),
        ):
            (found,) = cut_records.judge(conn, seen_too)
            assert said in found


async def test_records_that_were_changed_are_found_out(tmp_path: Path) -> None:
    file, known = await cut_off(tmp_path / "box")
    with closing(cut_records.opened(file)) as conn:
        for (name,) in conn.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            conn.execute(f"drop trigger {name}")
        first, second = (uid for uid, _ in known.calls[:2])
        conn.execute(
            "update attempt set number = (select number from attempt where uid = ?) where uid = ?",
            (first, second),
        )
        found = cut_records.judge(conn, known)
    assert any("within the gap" in each for each in found)
    assert any("chain of permits" in each for each in found)


async def test_after_the_recovery_only_others_are_dialled(tmp_path: Path) -> None:
    file, known = await cut_off(tmp_path / "box")
    again = await cut_records.dialled_after(file, tmp_path / "again")
    assert again
    assert not {called for _, called in known.calls} & set(again)


async def test_a_box_that_forgot_a_call_is_seen_to_make_it_again(tmp_path: Path) -> None:
    file, known = await cut_off(tmp_path / "box", gap_s=1.0)
    again = await cut_records.dialled_after(file, tmp_path / "again")
    assert {called for _, called in known.calls} & set(again)
