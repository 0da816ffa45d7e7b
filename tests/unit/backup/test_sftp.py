"""Backups on a server: what its address may be, whom the box believes, and a real OpenSSH that it is tried against."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firmware.backup import age, maker, sftp
from firmware.backup.errors import BackupFailed
from firmware.backup.keeper import Keeper
from firmware.backup.maker import SUFFIX
from firmware.backup.order import Order
from firmware.backup.sftp import Server, Session, server_of
from firmware.clock import FakeClock
from firmware.config import BackupConfig, BoxConfig, Config, PathsConfig
from firmware.config.shape import BackupConfig as Shape
from firmware.model import Problem
from firmware.store import opening
from firmware.typed import fields_of, read_table
from tests.unit.backup.server import WHY_NOT, SshServer

NOW = 1_790_000_000.0
real = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


def key_of(doing: object) -> str:
    """The key of what goes wrong."""
    with pytest.raises(BackupFailed) as failed:
        doing()  # type: ignore[operator]
    return failed.value.key


# -- pure --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "server"),
    [
        ("sftp://backup@nas/a", Server("backup", "nas", 22, "/a")),
        ("sftp://b@192.0.2.1:2222/a/b/", Server("b", "192.0.2.1", 2222, "/a/b")),
        ("sftp://b@[2001:db8::1]:22/a", Server("b", "2001:db8::1", 22, "/a")),
        ("sftp://b@nas/~/backups", Server("b", "nas", 22, "backups")),
        ("sftp://b@nas/~", Server("b", "nas", 22, ".")),
        ("sftp://b@nas/Büro Süd", Server("b", "nas", 22, "/Büro Süd")),
        ("/media/backup", None),
        ("", None),
    ],
)
def test_an_address_names_a_server_and_a_folder_none(folder: str, server: Server | None) -> None:
    assert server_of(folder) == server
    assert mistakes(folder) == []


@pytest.mark.parametrize(
    "folder",
    [
        "sftp://nas/a", "sftp://b@nas", "sftp://b@nas/", "sftp://b:secret@nas/a", "sftp://-oProxyCommand=x@nas/a",
        "sftp://b@-oProxyCommand=x/a", "sftp://b@nas:0/a", "sftp://b@nas:70000/a", 'sftp://b@nas/a"b', "sftp://b@nas/a*",
        "sftp://b@nas/a\nrm x", "sftp://b@nas/a\\b", "sftp:///a", "sftp:b@nas", "sftp://b@na s/a", "sftp://b@nas/a//b",
    ],
)  # fmt: skip
def test_what_could_mean_something_else_to_sftp_is_no_address(folder: str) -> None:
    assert mistakes(folder) == ["malformed"]


def mistakes(folder: str) -> list[str]:
    problems: list[Problem] = []
    read_table({"folder": folder}, fields_of(Shape), str, problems)
    return [each.key for each in problems]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("No ED25519 host key is known for nas and you have requested strict checking.\nHost key verification failed.",
         "backup_host_unknown"),
        ("@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.", "backup_host_changed"),
        ("b@nas: Permission denied (publickey,password).\nConnection closed", "backup_key_refused"),
        ("ssh: Could not resolve hostname nas: Name or service not known\nConnection closed", "backup_name_unknown"),
        ("ssh: connect to host nas port 22: Connection refused\nConnection closed", "backup_unreachable"),
        ("ssh: connect to host nas port 22: Connection timed out", "backup_unreachable"),
        ("ssh: connect to host nas port 22: No route to host", "backup_unreachable"),
        ("subsystem request failed on channel 0\nConnection closed", "backup_no_sftp"),
        ("realpath /a: No such file", "backup_remote_folder"),
        ('dest open "/a/x.partial": Permission denied', "backup_remote_denied"),
        ('remote open("/a/x.partial"): Permission denied', "backup_remote_denied"),
        ('write remote "/a/x.partial": Failure', "backup_remote_full"),
        ('write remote "/a/x.partial": No space left on device', "backup_remote_full"),
        ("client_loop: send disconnect: Broken pipe", "backup_unreachable"),
        ("Something new", "backup_remote"),
        ("", "backup_remote"),
    ],
)  # fmt: skip
def test_what_sftp_says_has_a_meaning(said: str, key: str) -> None:
    assert sftp.TOOL.meaning(said) == key


def test_known_hosts_is_read_as_far_as_it_is_whole(tmp_path: Path) -> None:
    server = Server("b", "nas", 2222, "/a")
    assert sftp.trusted(tmp_path, server) == ""
    for torn in (
        "",
        "nas",
        "[nas]:2222 ssh-ed25519",
        "[nas]:2222 ssh-ed25519 %%%",
        "# [nas]:2222 x AAAA",
        "ü",
    ):
        (tmp_path / sftp.KNOWN).write_text(torn)
        assert sftp.trusted(tmp_path, server) == ""
    (tmp_path / sftp.KNOWN).write_text("x y\n[nas]:2222 ssh-ed25519 AAAA\n")
    assert sftp.trusted(tmp_path, server).startswith("SHA256:")
    assert sftp.trusted(tmp_path, replace(server, host="other")) == "", "another server is another server"
    assert sftp.trusted(tmp_path, replace(server, port=22)) == ""


# -- against a server --------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SshServer]:
    made = SshServer(tmp_path / "server")
    try:
        yield made.start()
    finally:
        made.stop()


def believe(server: SshServer, folder: Path) -> Session:
    """A session with a server whose fingerprint was compared and that lets the box in."""
    there = server_of(server.address)
    assert there is not None
    server.let_in(sftp.public_key(folder))
    sftp.trust(folder, there, sftp.shown_by(there).fingerprint)
    return Session(there, folder)


@real
def test_a_server_is_believed_once_its_fingerprint_was_compared_and_no_other_afterwards(
    server: SshServer, tmp_path: Path
) -> None:
    there, keys, scratch = server_of(server.address), tmp_path / "keys", tmp_path / "scratch"
    assert there is not None
    session = Session(there, keys)
    assert key_of(lambda: session.try_out(scratch)) == "backup_host_unknown"
    shown = sftp.shown_by(there).fingerprint
    assert key_of(lambda: sftp.trust(keys, there, f"SHA256:{'A' * 43}")) == "backup_host_changed"
    assert sftp.trusted(keys, there) == ""
    sftp.trust(keys, there, shown)
    assert sftp.trusted(keys, there) == shown
    assert key_of(lambda: session.try_out(scratch)) == "backup_key_refused"
    line = sftp.public_key(keys)
    assert line.startswith("ssh-ed25519 ")
    assert sftp.public_key(keys) == line, "made once"
    assert (keys / sftp.KEY).stat().st_mode & 0o777 == 0o600
    server.let_in(line)
    session.try_out(scratch)
    assert list(server.files.iterdir()) == []
    server.stop()
    assert key_of(lambda: session.try_out(scratch)) == "backup_unreachable"
    assert key_of(lambda: sftp.shown_by(there)) == "backup_unreachable"
    server.new_key()
    server.start()
    assert key_of(lambda: session.try_out(scratch)) == "backup_host_changed"


@real
def test_a_folder_that_is_not_there_and_a_server_without_sftp(server: SshServer, tmp_path: Path) -> None:
    session = believe(server, tmp_path / "keys")
    server.files.rmdir()
    assert key_of(lambda: session.try_out(tmp_path / "scratch")) == "backup_remote_folder"
    other = SshServer(tmp_path / "other", sftp=False)
    try:
        plain = believe(other.start(), tmp_path / "other-keys")
        assert key_of(lambda: plain.try_out(tmp_path / "scratch")) == "backup_no_sftp"
    finally:
        other.stop()


@pytest.fixture
def box(tmp_path: Path, server: SshServer) -> Order:
    """An order for a box whose backups go to the server."""
    state = tmp_path / "state"
    (state / "backup").mkdir(parents=True)
    public, secret = age.new_key()
    (state / "backup/box.key").write_text(secret + "\n")
    opening.open_writer(state / "strowger.db").close()
    believe(server, state / "backup")
    secret_file = str(state / "backup/box.key")
    return Order(str(state), server.address, "Büro", (public,), secret_file, "", False, 14, NOW)


@real
def test_a_backup_is_brought_there_fetched_back_and_tried(
    server: SshServer, box: Order, tmp_path: Path
) -> None:
    old, young, torn = "buro-20200101T000000Z", "buro-20260920T000000Z", "buro-20260101T000000Z"
    for name in (
        f"{old}{SUFFIX}",
        f"{young}{SUFFIX}",
        f"{torn}{SUFFIX}.partial",
        f"nord-{old}{SUFFIX}",
        "mine.txt",
    ):
        (server.files / name).write_text("x")
    account = maker.make(box)
    assert account.removed == 1
    here = {path.name for path in server.files.iterdir()}
    assert here == {account.file, f"{young}{SUFFIX}", f"nord-{old}{SUFFIX}", "mine.txt"}
    assert (server.files / account.file).stat().st_size == account.size
    assert not (Path(box.state) / "backup/scratch").exists()
    secret = age.read_key(Path(box.secret_file))
    assert maker.try_out(server.files / account.file, secret, tmp_path / "tried").box == "Büro"


@real
def test_what_comes_back_is_what_counts(
    server: SshServer, box: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that loses a part of the file is found out on the same night, and the old ones stay."""
    put = Session.put

    def torn(session: Session, file: Path) -> None:
        put(session, file)
        kept = server.files / file.name
        kept.write_bytes(kept.read_bytes()[:-100])

    old = server.files / f"buro-20200101T000000Z{SUFFIX}"
    old.write_text("x")
    monkeypatch.setattr(Session, "put", torn)
    assert key_of(lambda: maker.make(box)) in {"age_failed", "backup_torn"}
    assert old.exists()


async def kept_on(address: str, box: Order) -> Keeper:
    """A keeper with a recovery key, whose backups go to a server."""
    paths = PathsConfig(Path(box.state), Path(box.state))
    keeper = Keeper(FakeClock(NOW), Config(BoxConfig(), paths, backup=BackupConfig(address)))
    await keeper.start()
    await keeper.new_recovery_key()
    return keeper


@real
def test_a_server_that_is_away_for_a_night_is_told_and_made_up_for(server: SshServer, box: Order) -> None:
    async def scene() -> None:
        keeper = await kept_on(server.address, box)
        assert keeper.worry() == ("", {})
        server.stop()
        for wanted in ("backup_unreachable", ""):
            assert keeper.make()
            while keeper.running:
                await asyncio.sleep(0.01)
            assert keeper.last.key == wanted
            if wanted:
                assert keeper.worry() == ("backup_failed", {"reason": wanted})
                server.start()
        assert keeper.worry() == ("", {})
        await keeper.stop()

    asyncio.run(scene())


@real
def test_without_a_person_who_has_compared_it_no_server_gets_a_backup(server: SshServer, box: Order) -> None:
    (Path(box.state) / "backup" / sftp.KNOWN).unlink()

    async def scene() -> None:
        keeper = await kept_on(server.address, box)
        assert keeper.worry() == ("backup_host_unknown", {})
        keeper.make()
        while keeper.running:
            await asyncio.sleep(0.01)
        assert keeper.last.key == "backup_host_unknown"
        there = keeper.server
        assert isinstance(there, Session)
        there.trust(there.look())
        await keeper.look_anew()
        assert keeper.state()["server"]["fingerprint"].startswith("SHA256:")
        await keeper.try_server()
        await keeper.stop()

    asyncio.run(scene())
