"""Backups made with the real age, broken in every way a medium breaks, and put back on this box and on a new one."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from firmware.backup import age, archive, maker
from firmware.backup.errors import BackupFailed
from firmware.backup.maker import SUFFIX
from firmware.backup.order import Order
from firmware.backup.restore import restore
from firmware.store import copies, opening, opt_outs
from firmware.store.store import Store
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, number

RELEASED = Path(__file__).parents[1] / "store" / "released" / "v1.sql"


@pytest.fixture(scope="module")
def keys() -> dict[str, str]:
    """Public and secret of the box, of the safe, and of a stranger."""
    made = {who: age.new_key() for who in ("box", "safe", "stranger")}
    return {
        f"{who}_{half}": key
        for who, pair in made.items()
        for half, key in zip(("public", "secret"), pair, strict=True)
    }


@pytest.fixture
def state(tmp_path: Path, keys: dict[str, str]) -> Path:
    """A box with some life in it."""
    state = tmp_path / "state"
    (state / "backup").mkdir(parents=True)
    (state / "backup" / "box.key").write_text(keys["box_secret"] + "\n")
    with closing(opening.open_writer(state / "strowger.db")) as conn:
        campaign = new_campaign(conn, new_list(conn, 20))
        claim(conn, campaign, 3)
    for name in (
        "dnc/1-7.bin",
        "recordings/a.wav",
        "uploads/half.csv",
        "speech/x.wav",
        "speech/recordings/hello.wav",
        "ballast",
    ):
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        (state / name).write_bytes(name.encode() * 100)
    (state / "opt-outs.journal").write_bytes(line(1))
    return state


def line(n: int) -> bytes:
    return opt_outs.encode(opt_outs.OptOut(NOW + n, "added", 1, "Opt-outs", number(n), "test"))


def order(state: Path, keys: dict[str, str], **more: Any) -> Order:
    medium = state.parent / "medium"
    medium.mkdir(exist_ok=True)
    usual: dict[str, Any] = {
        "state": str(state),
        "folder": str(medium),
        "box": "Büro Süd",
        "recipients": (keys["box_public"], keys["safe_public"]),
        "secret_file": str(state / "backup" / "box.key"),
        "config": "",
        "recordings": False,
        "keep_days": 14,
        "at": NOW,
        "own_disk": True,
    }
    return Order(**{**usual, **more})


def made(wanted: Order) -> Path:
    return Path(wanted.folder) / maker.make(wanted).file


def failure(wanted: Order) -> str:
    with pytest.raises(BackupFailed) as caught:
        maker.make(wanted)
    assert not list(Path(wanted.state).glob("backup/scratch"))
    return caught.value.key


def contacts_in(database: Path) -> int:
    with closing(sqlite3.connect(database)) as conn:
        return int(conn.execute("SELECT count(*) FROM contact").fetchone()[0])


# -- what can go wrong while one is made ------------------------------------------------------------------------


def test_a_medium_that_is_not_there(state: Path, keys: dict[str, str]) -> None:
    assert failure(order(state, keys, folder=str(state.parent / "nowhere"))) == "backup_no_folder"


def test_a_folder_on_the_box_itself_is_no_medium(state: Path, keys: dict[str, str]) -> None:
    assert failure(order(state, keys, own_disk=False)) == "backup_same_disk"


def test_a_key_that_is_none(state: Path, keys: dict[str, str]) -> None:
    wanted = order(state, keys, recipients=("age1nonsense",))
    assert failure(wanted) == "age_failed"
    assert list(Path(wanted.folder).iterdir()) == []


def test_what_age_never_took_does_not_hide_why(tmp_path: Path) -> None:
    """It has gone before all was written: the rest lies in a buffer that nobody can empty."""

    def write() -> None:
        with (tmp_path / "file").open("wb") as file, age.encrypting(file, ("age1nonsense",)) as stream:
            while True:
                stream.write(bytes(1000))

    with pytest.raises(BackupFailed) as caught:
        write()
    assert caught.value.key == "age_failed"


def test_a_backup_its_own_box_cannot_open_is_none(state: Path, keys: dict[str, str]) -> None:
    assert failure(order(state, keys, recipients=(keys["safe_public"],))) == "key_other"


def test_what_an_earlier_attempt_left_is_no_obstacle(state: Path, keys: dict[str, str]) -> None:
    scratch = state / "backup" / "scratch"
    scratch.mkdir()
    (scratch / "strowger.db").write_bytes(b"half")
    assert made(order(state, keys)).exists()


# -- what is in it ----------------------------------------------------------------------------------------------


def test_everything_that_must_survive_is_in_it(state: Path, keys: dict[str, str], tmp_path: Path) -> None:
    settings = tmp_path / "strowger.toml"
    settings.write_text('[box]\nname = "Büro Süd"\n')
    wanted = order(state, keys, config=str(settings))
    file = made(wanted)
    assert file.name == "buro_sud-20260528T202640Z.strowger.age"
    assert file.stat().st_mode & 0o077 == 0
    manifest = maker.try_out(file, keys["safe_secret"], tmp_path / "tried")
    assert set(manifest.files) == {
        *("state/strowger.db", "state/opt-outs.journal", "state/dnc/1-7.bin", "config/strowger.toml"),
        "state/speech/recordings/hello.wav",
    }
    assert (manifest.counts["contact"], manifest.counts["attempt"], manifest.box) == (20, 3, "Büro Süd")
    assert b"Person 1" not in file.read_bytes()


def test_recordings_only_where_they_are_wanted(state: Path, keys: dict[str, str], tmp_path: Path) -> None:
    manifest = maker.try_out(
        made(order(state, keys, recordings=True)), keys["box_secret"], tmp_path / "tried"
    )
    assert "state/recordings/a.wav" in manifest.files


def test_a_database_in_use_is_copied_as_of_one_moment(
    state: Path, keys: dict[str, str], tmp_path: Path
) -> None:
    with closing(opening.open_writer(state / "strowger.db")) as conn:
        conn.execute("BEGIN IMMEDIATE")
        new_list(conn, 5, 100)
        file = made(order(state, keys))
        conn.execute("COMMIT")
    assert maker.try_out(file, keys["box_secret"], tmp_path / "tried").counts["contact"] == 20


def test_old_ones_go_but_never_the_newest_nor_another_boxs(state: Path, keys: dict[str, str]) -> None:
    files = [made(order(state, keys, at=NOW + day * 86_400)) for day in (0, 1, 2)]
    other = files[0].with_name(f"buro-20200101T000000Z{SUFFIX}")
    other.write_bytes(b"another box's")
    late = maker.make(order(state, keys, at=NOW + 16 * 86_400, keep_days=15))
    assert late.removed == 1
    assert [file.exists() for file in files] == [False, True, True]
    assert other.exists()


# -- what a medium does to it --------------------------------------------------------------------------------------


def broken(file: Path, secret: str, folder: Path) -> str:
    with pytest.raises(BackupFailed) as caught:
        maker.try_out(file, secret, folder)
    return caught.value.key


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
def test_a_torn_file(state: Path, keys: dict[str, str], tmp_path: Path, share: float) -> None:
    file = made(order(state, keys))
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    assert broken(file, keys["box_secret"], tmp_path / "tried") in ("age_failed", "backup_torn")


@pytest.mark.parametrize("at", [10, 400, -300])
def test_a_flipped_bit(state: Path, keys: dict[str, str], tmp_path: Path, at: int) -> None:
    file = made(order(state, keys))
    content = bytearray(file.read_bytes())
    content[at] ^= 0x10
    file.write_bytes(content)
    assert broken(file, keys["box_secret"], tmp_path / "tried") in ("age_failed", "backup_torn")


def test_a_strangers_key(state: Path, keys: dict[str, str], tmp_path: Path) -> None:
    assert broken(made(order(state, keys)), keys["stranger_secret"], tmp_path / "tried") == "key_other"


@pytest.mark.parametrize("secret", ["", "AGE-SECRET-KEY-1NONSENSE", "age1xyz"])
def test_a_key_with_a_wrong_letter(secret: str) -> None:
    with pytest.raises(BackupFailed) as caught:
        age.public_of(secret)
    assert caught.value.key == "key_wrong"


# -- what somebody may have put into it -------------------------------------------------------------------------------


def tarred(*members: tuple[tarfile.TarInfo, bytes], manifest: dict[str, Any] | None = None) -> io.BytesIO:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w|gz") as tar:
        for member, content in members:
            member.size = len(content) if member.isreg() else 0
            tar.addfile(member, io.BytesIO(content))
        if manifest is not None:
            text = json.dumps(manifest).encode()
            last = tarfile.TarInfo(archive.MANIFEST)
            last.size = len(text)
            tar.addfile(last, io.BytesIO(text))
    return io.BytesIO(stream.getvalue())


def told(**more: Any) -> dict[str, Any]:
    usual = {
        "made_at": NOW,
        "box": "b",
        "version": "1",
        "schema": "v1",
        "counts": {},
        "head": "",
        "files": {},
    }
    return {**usual, "format": 1, **more}


def link() -> tarfile.TarInfo:
    member = tarfile.TarInfo("state/strowger.db")
    member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    ("stream", "key"),
    [
        (tarred((tarfile.TarInfo("../escaped"), b"x"), manifest=told()), "backup_strange"),
        (tarred((tarfile.TarInfo("/etc/escaped"), b"x"), manifest=told()), "backup_strange"),
        (tarred((tarfile.TarInfo("elsewhere/x"), b"x"), manifest=told()), "backup_strange"),
        (tarred((link(), b""), manifest=told()), "backup_strange"),
        (tarred((tarfile.TarInfo("state/x"), b"x"), manifest=told()), "backup_changed"),
        (
            tarred((tarfile.TarInfo("state/x"), b"x"), manifest=told(files={"state/x": [1, "0"]})),
            "backup_changed",
        ),
        (tarred(manifest=told(files={"state/x": [1, "0"]})), "backup_changed"),
        (tarred(manifest=told(format=2)), "backup_too_new"),
        (tarred((tarfile.TarInfo("state/x"), b"x")), "backup_torn"),
        (io.BytesIO(b"nonsense" * 100), "backup_torn"),
        (io.BytesIO(b""), "backup_torn"),
    ],
)
def test_an_archive_is_not_trusted(stream: io.BytesIO, key: str, tmp_path: Path) -> None:
    stream.seek(0)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    with pytest.raises(BackupFailed) as caught:
        archive.unpack(stream, folder)
    assert caught.value.key == key
    assert not (tmp_path / "escaped").exists()


def test_a_database_with_fewer_rows_than_were_counted_is_no_backup(
    state: Path, keys: dict[str, str], tmp_path: Path
) -> None:
    facts = copies.copy(state / "strowger.db", tmp_path / "copy.db")
    counts = {**facts.counts, "contact": 21}
    manifest = archive.Manifest(NOW, "b", "1", facts.schema, counts, facts.head)
    file = tmp_path / f"short{SUFFIX}"
    with file.open("wb") as sealed, age.encrypting(sealed, (keys["box_public"],)) as stream:
        archive.write(stream, {archive.DATABASE: tmp_path / "copy.db"}, manifest)
    assert broken(file, keys["box_secret"], tmp_path / "tried") == "backup_database"


# -- putting back --------------------------------------------------------------------------------------------------


def test_on_a_new_box_with_the_recovery_key(state: Path, keys: dict[str, str], tmp_path: Path) -> None:
    file, fresh = made(order(state, keys)), tmp_path / "fresh"
    done = restore(file, keys["safe_secret"], fresh)
    assert contacts_in(fresh / "strowger.db") == done.manifest.counts["contact"] == 20
    assert (fresh / "dnc" / "1-7.bin").read_bytes() == (state / "dnc" / "1-7.bin").read_bytes()
    assert (fresh / "opt-outs.journal").read_bytes() == line(1)
    assert not list(fresh.glob("*.new"))


async def test_on_the_same_box_what_was_there_is_kept_and_opt_outs_since_then_count(
    state: Path, keys: dict[str, str]
) -> None:
    file = made(order(state, keys))
    with closing(opening.open_writer(state / "strowger.db")) as conn:
        new_list(conn, 7, 100)
    with (state / "opt-outs.journal").open("ab") as journal:
        journal.write(line(5))
    done = restore(file, keys["box_secret"], state)
    assert contacts_in(state / "strowger.db") == 20
    assert contacts_in(done.kept / "strowger.db") == 27
    store = Store(state / "strowger.db", state / "opt-outs.journal", lambda error: None)
    await store.open()
    sql = "SELECT entry % 1000000000000000 FROM dnc_entry ORDER BY 1"
    listed = await store.do(lambda conn: [f"+{each}" for (each,) in conn.execute(sql)])
    await store.close()
    assert listed == [number(1), number(5)]


def test_not_while_the_service_runs(state: Path, keys: dict[str, str]) -> None:
    file = made(order(state, keys))
    lock = opt_outs.Journal(state / "opt-outs.journal")
    lock.open()
    with pytest.raises(BackupFailed) as caught:
        restore(file, keys["box_secret"], state)
    lock.close()
    assert caught.value.key == "backup_service_runs"
    assert not list(state.glob("before-restore-*"))


def test_a_bad_file_changes_nothing(state: Path, keys: dict[str, str]) -> None:
    file = made(order(state, keys))
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BackupFailed):
        restore(file, keys["box_secret"], state)
    assert contacts_in(state / "strowger.db") == 20
    assert not list(state.glob("before-restore-*"))


def test_a_box_whose_database_is_damaged(state: Path, keys: dict[str, str]) -> None:
    file = made(order(state, keys))
    (state / "strowger.db").write_bytes(b"nonsense" * 1000)
    restore(file, keys["box_secret"], state)
    assert contacts_in(state / "strowger.db") == 20
    opening.open_writer(state / "strowger.db").close()


def test_a_backup_of_the_first_released_schema(state: Path, keys: dict[str, str], tmp_path: Path) -> None:
    (state / "strowger.db").unlink()
    with closing(sqlite3.connect(state / "strowger.db")) as conn:
        conn.executescript(RELEASED.read_text())
        conn.execute(f"PRAGMA application_id = {opening.APPLICATION_ID}")
        people = conn.execute("SELECT count(*) FROM contact").fetchone()[0]
        counts = {"contact": people}
        files = {archive.DATABASE: state / "strowger.db"}
        manifest = archive.Manifest(NOW, "old", "0.1", "v1", counts, "")
    file = tmp_path / f"old{SUFFIX}"
    with file.open("wb") as sealed, age.encrypting(sealed, (keys["box_public"],)) as stream:
        archive.write(stream, files, manifest)
    fresh = tmp_path / "fresh"
    assert restore(file, keys["box_secret"], fresh).manifest.schema == "v1"
    assert contacts_in(fresh / "strowger.db") == people > 0
