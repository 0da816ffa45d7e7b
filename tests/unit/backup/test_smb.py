"""Backups on a share: what its address may be, whose password goes where, and a real Samba that it is tried against."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firmware.backup import age, maker, smb
from firmware.backup.maker import SUFFIX
from firmware.backup.order import Order
from firmware.backup.smb import FILE, TOOL, Session, Share, share_of
from firmware.store import opening
from tests.unit.backup.smb_server import PASSWORD, WHY_NOT, SmbServer, serving
from tests.unit.backup.test_sftp import kept_on, key_of, mistakes

NOW = 1_790_000_000.0
real = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


# -- pure --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "share"),
    [
        ("smb://backup@nas/a", Share("", "backup", "nas", 445, "a", "")),
        ("smb://b@192.0.2.1:4455/a/b/c/", Share("", "b", "192.0.2.1", 4455, "a", "b\\c")),
        ("smb://b@[2001:db8::1]/a", Share("", "b", "2001:db8::1", 445, "a", "")),
        (
            "smb://OFFICE;anna.b@nas/Daten$/Büro Süd",
            Share("OFFICE", "anna.b", "nas", 445, "Daten$", "Büro Süd"),
        ),
        ("sftp://b@nas/a", None),
        ("/media/backup", None),
        ("", None),
    ],
)
def test_an_address_names_a_share_and_a_folder_none(folder: str, share: Share | None) -> None:
    assert share_of(folder) == share
    assert mistakes(folder) == []


@pytest.mark.parametrize(
    "folder",
    [
        "smb://nas/a", "smb://b@nas", "smb://b@nas/", "smb://b:secret@nas/a", "smb://b%secret@nas/a", "smb://-A@nas/a",
        "smb://b@-A/a", "smb://b@nas:0/a", "smb://b@nas:70000/a", 'smb://b@nas/a"b', "smb://b@nas/a*", "smb://b@nas/a;rm",
        "smb://b@nas/a\ndel x", "smb://b@nas/a\\b", "smb:///a", "smb:b@nas", "smb://b@na s/a", "smb://b@nas/a//b",
        "smb://b@nas/a/../b", "smb://b@nas/a/..", "smb://D;;b@nas/a", "smb://b\\c@nas/a", "smb://b@nas/a!b",
    ],
)  # fmt: skip
def test_what_could_mean_something_else_to_smbclient_is_no_address(folder: str) -> None:
    assert mistakes(folder) == ["malformed"]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("do_connect: Connection to nas failed (Error NT_STATUS_UNSUCCESSFUL)", "backup_name_unknown"),
        ("do_connect: Connection to nas failed (Error NT_STATUS_NOT_FOUND)", "backup_name_unknown"),
        ("do_connect: Connection to nas failed (Error NT_STATUS_CONNECTION_REFUSED)", "backup_unreachable"),
        ("do_connect: Connection to nas failed (Error NT_STATUS_IO_TIMEOUT)", "backup_unreachable"),
        ("do_connect: Connection to nas failed (Error NT_STATUS_HOST_UNREACHABLE)", "backup_unreachable"),
        ("protocol negotiation failed: NT_STATUS_IO_TIMEOUT", "backup_unreachable"),
        ("protocol negotiation failed: NT_STATUS_CONNECTION_DISCONNECTED", "backup_smb1"),
        ("protocol negotiation failed: NT_STATUS_INVALID_NETWORK_RESPONSE", "backup_smb1"),
        ("session setup failed: NT_STATUS_LOGON_FAILURE", "backup_password_refused"),
        ("Bad SMB2 signature for message\nsession setup failed: NT_STATUS_ACCESS_DENIED", "backup_password_refused"),
        ("session setup failed: NT_STATUS_ACCOUNT_LOCKED_OUT", "backup_account_shut"),
        ("session setup failed: NT_STATUS_PASSWORD_EXPIRED", "backup_account_shut"),
        ("tree connect failed: NT_STATUS_BAD_NETWORK_NAME", "backup_share_unknown"),
        ("tree connect failed: NT_STATUS_ACCESS_DENIED", "backup_share_denied"),
        ("NT_STATUS_OBJECT_PATH_NOT_FOUND opening remote file \\a\\x.partial", "backup_remote_folder"),
        ("NT_STATUS_OBJECT_NAME_NOT_FOUND listing \\a\\*", "backup_remote_folder"),
        ("NT_STATUS_ACCESS_DENIED opening remote file \\a\\x.partial", "backup_remote_denied"),
        ("NT_STATUS_MEDIA_WRITE_PROTECTED opening remote file \\a\\x.partial", "backup_remote_denied"),
        ("cli_push returned NT_STATUS_DISK_FULL", "backup_remote_full"),
        ("cli_push returned NT_STATUS_QUOTA_EXCEEDED", "backup_remote_full"),
        ("cli_push returned NT_STATUS_CONNECTION_RESET", "backup_unreachable"),
        ("NT_STATUS_NEW", "backup_remote"),
        ("", "backup_remote"),
    ],
)  # fmt: skip
def test_what_smbclient_says_has_a_meaning(said: str, key: str) -> None:
    assert TOOL.meaning(said) == key


def test_a_password_is_kept_for_one_user_of_one_server(tmp_path: Path) -> None:
    share = Share("OFFICE", "anna", "nas", 445, "a", "")
    session = Session(share, tmp_path / "keys")
    assert session.lacks() == "backup_no_password"
    session.set_password("geheim")
    file = tmp_path / "keys" / FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert session.lacks() == ""
    assert session.facts()["has_password"] is True
    assert "geheim" not in str(session.facts())
    assert Session(replace(share, name="b", path="c"), tmp_path / "keys").lacks() == ""
    for other in (
        replace(share, host="evil"), replace(share, port=446), replace(share, user="b"), replace(share, domain=""),
    ):  # fmt: skip
        stranger = Session(other, tmp_path / "keys")
        assert key_of(lambda: stranger.names()) == stranger.lacks() == "backup_no_password"  # noqa: B023
    for torn in ("", "server", "password = geheim\n"):
        file.write_text(torn)
        assert session.lacks() == "backup_no_password"
    file.write_bytes(b"\xff")
    assert session.lacks() == "backup_no_password"


def test_the_password_stands_in_no_command_line_and_no_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the program is told is written down by a program in its place."""
    stand_in = tmp_path / "bin" / "smbclient"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\n{{ printf "%s\\n" "$@"; env; cat; }} > "{tmp_path}/told"\n')
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stand_in.parent}:{os.environ['PATH']}")
    session = Session(Share("", "b", "nas", 445, "a", "c"), tmp_path)
    session.set_password("geheim")
    session.names()
    told = (tmp_path / "told").read_text()
    assert "client min protocol=SMB2_02" in told
    assert "geheim" not in told
    monkeypatch.setenv("PATH", str(tmp_path))
    assert key_of(session.names) == "backup_no_smbclient"


# -- against a server --------------------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SmbServer]:
    with serving(tmp_path / "server") as started:
        yield started


def session_of(address: str, folder: Path, password: str = PASSWORD) -> Session:
    """A session with a share whose password was typed."""
    share = share_of(address)
    assert share is not None
    session = Session(share, folder)
    session.set_password(password)
    return session


@real
def test_whatever_fails_has_a_word_of_its_own(server: SmbServer, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"

    def tried(path: str = "backup", password: str = PASSWORD) -> str:
        return key_of(lambda: session_of(server.address(path), tmp_path / "keys", password).try_out(scratch))

    assert tried(password="wrong") == "backup_password_refused"
    assert tried("nothing") == "backup_share_unknown"
    assert tried("shut") == "backup_share_denied"
    assert tried("shown") == "backup_remote_denied"
    assert tried("backup/nothing") == "backup_remote_folder"
    (server.files / "a file").touch()
    assert tried("backup/a file") == "backup_remote_folder"
    unknown = session_of("smb://b@nas.invalid/a", tmp_path / "keys")
    assert key_of(lambda: unknown.try_out(scratch)) == "backup_name_unknown"
    server.shut_out()
    assert tried() == "backup_account_shut"
    server.stop()
    assert tried() == "backup_unreachable"
    assert [path.name for path in server.files.iterdir()] == ["a file"]


@real
def test_smb_1_is_not_spoken(tmp_path: Path) -> None:
    with serving(tmp_path / "old", "NT1-NT1") as old:
        session = session_of(old.address(), tmp_path / "keys")
        assert key_of(lambda: session.try_out(tmp_path / "scratch")) == "backup_smb1"


@real
def test_what_does_not_fit_is_told_and_taken_away(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(5_000_000))
    with serving(tmp_path / "small", most=4_000_000) as small:
        session = session_of(small.address(), tmp_path / "keys")
        session.try_out(tmp_path / "scratch")
        assert key_of(lambda: session.put(file)) == "backup_remote_full"
        assert session.names() == [".", ".."]


@contextlib.contextmanager
def listened_to(port: int, heard: bytearray) -> Iterator[int]:
    """A port in front of another one, with somebody who writes down what goes through."""

    def pass_on(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):  # either of them has gone
            while chunk := source.recv(65_536):
                heard.extend(chunk)
                sink.sendall(chunk)
            sink.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with contextlib.suppress(OSError):  # the front is shut
            while True:
                caller, _ = front.accept()
                with caller, socket.create_connection(("127.0.0.1", port)) as behind:
                    answers = threading.Thread(target=pass_on, args=(behind, caller))
                    answers.start()
                    pass_on(caller, behind)
                    answers.join()

    with socket.create_server(("127.0.0.1", 0)) as front:
        listening = threading.Thread(target=serve)
        listening.start()
        try:
            yield front.getsockname()[1]
        finally:
            front.shutdown(socket.SHUT_RDWR)
            listening.join()


@real
@pytest.mark.parametrize(("protocols", "plain"), [("SMB2_02-SMB3", False), ("SMB2_02-SMB2_10", True)])
def test_what_is_sent_is_encrypted_where_the_server_can(tmp_path: Path, protocols: str, plain: bool) -> None:
    heard = bytearray()
    file = tmp_path / "file"
    file.write_bytes(b"nobody else's business" * 100)
    with serving(tmp_path / "server", protocols) as server, listened_to(server.port, heard) as port:
        address = server.address().replace(str(server.port), str(port))
        session_of(address, tmp_path / "keys").put(file)
        assert (server.files / "file").read_bytes() == file.read_bytes()
    assert (b"nobody else's business" in heard) is plain
    assert b"\xffSMB" not in heard


@pytest.fixture
def box(tmp_path: Path, server: SmbServer) -> Order:
    """An order for a box whose backups go to a folder of the share."""
    state = tmp_path / "state"
    (state / "backup").mkdir(parents=True)
    public, secret = age.new_key()
    (state / "backup/box.key").write_text(secret + "\n")
    opening.open_writer(state / "strowger.db").close()
    (server.files / "Büro Süd").mkdir()
    address = server.address("backup/Büro Süd")
    session_of(address, state / "backup")
    secret_file = str(state / "backup/box.key")
    return Order(str(state), address, "Büro", (public,), secret_file, "", False, 14, NOW)


@real
def test_a_backup_is_brought_there_fetched_back_and_tried(
    server: SmbServer, box: Order, tmp_path: Path
) -> None:
    there = server.files / "Büro Süd"
    old, young, torn = "buro-20200101T000000Z", "buro-20260920T000000Z", "buro-20260101T000000Z"
    for name in (
        f"{old}{SUFFIX}",
        f"{young}{SUFFIX}",
        f"{torn}{SUFFIX}.partial",
        f"nord-{old}{SUFFIX}",
        "mine of 2026.txt",
    ):
        (there / name).write_text("x")
    account = maker.make(box)
    assert account.removed == 1
    here = {path.name for path in there.iterdir()}
    assert here == {account.file, f"{young}{SUFFIX}", f"nord-{old}{SUFFIX}", "mine of 2026.txt"}
    assert (there / account.file).stat().st_size == account.size
    assert not (Path(box.state) / "backup/scratch").exists()
    secret = age.read_key(Path(box.secret_file))
    assert maker.try_out(there / account.file, secret, tmp_path / "tried").box == "Büro"
    assert not any(FILE in str(path) for path in (tmp_path / "tried").rglob("*")), "no password in a backup"


@real
def test_what_comes_back_is_what_counts(
    server: SmbServer, box: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that loses a part of the file is found out on the same night, and the old ones stay."""
    put = Session.put

    def torn(session: Session, file: Path) -> None:
        put(session, file)
        kept = server.files / "Büro Süd" / file.name
        kept.write_bytes(kept.read_bytes()[:-100])

    old = server.files / "Büro Süd" / f"buro-20200101T000000Z{SUFFIX}"
    old.write_text("x")
    monkeypatch.setattr(Session, "put", torn)
    assert key_of(lambda: maker.make(box)) in {"age_failed", "backup_torn"}
    assert old.exists()


@real
def test_a_night_without_password_or_server_is_told_and_made_up_for(server: SmbServer, box: Order) -> None:
    (Path(box.state) / "backup" / smb.FILE).unlink()

    async def scene() -> None:
        keeper = await kept_on(box.folder, box)

        async def made() -> str:
            assert keeper.make()
            while keeper.running:
                await asyncio.sleep(0.01)
            return keeper.last.key

        assert keeper.worry() == ("backup_no_password", {})
        assert await made() == "backup_no_password"
        assert isinstance(keeper.server, Session)
        keeper.server.set_password(PASSWORD)
        await keeper.look_anew()
        await keeper.try_server()
        server.stop()
        assert await made() == "backup_unreachable"
        assert keeper.worry() == ("backup_failed", {"reason": "backup_unreachable"})
        server.start()
        assert await made() == ""
        assert keeper.worry() == ("", {})
        assert PASSWORD not in str(keeper.state())
        await keeper.stop()

    asyncio.run(scene())
