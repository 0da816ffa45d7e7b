"""Mail: what a server can do to it, the queue over a restart, and what a message looks like on the wire."""

from __future__ import annotations

import email
import email.policy
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firmware.clock import FakeClock
from firmware.mail import message, schedule
from firmware.mail.sender import ALARM_AFTER_S, MailSender
from firmware.mail.smtp import Server
from firmware.store import mail
from firmware.store.mail import File, Mail, NewMail
from firmware.store.store import Store
from firmware.typed import Secret
from tests.unit.mail.smtp_server import Habits, SmtpServer

NOW = 1_780_000_000.0
FROM = "box@office.example"
TO = "chef@office.example"

Serving = Callable[[Habits], SmtpServer]


@pytest.fixture
def serving() -> Iterator[Serving]:
    running: list[SmtpServer] = []

    def serve(habits: Habits) -> SmtpServer:
        running.append(SmtpServer(habits))
        return running[-1]

    yield serve
    for each in running:
        each.stop()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(tmp_path / "strowger.db", tmp_path / "j", pytest.fail, ballast_bytes=0)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate of 127.0.0.1, and a server's context with it."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", str(key), "-out", str(cert), "-days", "30", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def plain(server: SmtpServer, timeout_s: float = 30.0) -> Server:
    return Server("127.0.0.1", server.port, "none", timeout_s=timeout_s)


def sender(store: Store, clock: FakeClock, server: Server) -> MailSender:
    return MailSender(clock, store, server, FROM, "Strowger")


async def queued(store: Store, *recipients: str, file: File | None = None) -> list[int]:
    mails = [NewMail("report", each, "Zahlen für März", "Guten Tag", 1) for each in recipients or (TO,)]
    return await store.do(lambda conn: mail.enqueue(conn, mails, NOW, file))


async def stored(store: Store, number: int) -> Mail:
    found = await store.do(lambda conn: mail.get(conn, number))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("habits", "code", "state"),
    [
        (Habits(recipient_code=550), 550, "failed"),
        (Habits(recipient_code=451), 451, "waiting"),
        (Habits(data_code=452), 452, "waiting"),
        (Habits(data_code=554), 554, "failed"),
        (Habits(drop_at="MAIL"), None, "waiting"),
        (Habits(drop_at="end"), None, "waiting"),
        (Habits(hang_at="connect"), None, "waiting"),
        (Habits(hang_at="RCPT"), None, "waiting"),
    ],
    ids=lambda each: str(each) if not isinstance(each, Habits) else "",
)
async def test_what_a_server_refuses(
    store: Store, serving: Serving, habits: Habits, code: int | None, state: str
) -> None:
    server, clock = serving(habits), FakeClock(NOW)
    (number,) = await queued(store)
    # Only a server that hangs is waited for in vain; whoever answers may take as long as a busy machine needs.
    tried = sender(store, clock, plain(server, timeout_s=0.5 if habits.hang_at else 30.0))
    assert await tried.round() == 1
    await tried.stop()
    found = await stored(store, number)
    assert (found.state, found.tries) == (state, 1)
    if code is not None:
        assert found.code == code
    assert found.error
    assert server.taken == []
    if state == "waiting":
        tried = sender(store, clock, plain(server))
        assert await tried.round() == 0
        server.habits = Habits()
        await clock.advance(schedule.FIRST_PAUSE_S)
        assert await tried.round() == 1
        assert (await stored(store, number)).state == "sent"
        assert [each.recipients for each in server.taken] == [[TO]]
        await tried.stop()


async def test_a_server_that_is_not_there_is_an_alarm_after_an_hour(store: Store, serving: Serving) -> None:
    server, clock = serving(Habits()), FakeClock(NOW)
    there = plain(server)
    server.stop()
    (number,) = await queued(store)
    tried = sender(store, clock, there)
    await tried.round()
    assert tried.failing == ""
    await clock.advance(ALARM_AFTER_S)
    await tried.round()
    assert "Refused" in tried.failing
    await clock.advance(schedule.TRIED_FOR_S)
    await tried.round()
    assert (await stored(store, number)).state == "failed"
    await tried.stop()


async def test_mail_that_waits_outlives_the_service(tmp_path: Path, serving: Serving) -> None:
    first = Store(tmp_path / "strowger.db", tmp_path / "j", pytest.fail, ballast_bytes=0)
    await first.open()
    await queued(first, file=File("a.pdf", "application/pdf", b"%PDF-1"))
    await first.close()
    server = serving(Habits())
    second = Store(tmp_path / "strowger.db", tmp_path / "j", pytest.fail, ballast_bytes=0)
    await second.open()
    tried = sender(second, FakeClock(NOW + 60), plain(server))
    assert await tried.round() == 1
    await tried.stop()
    await second.close()
    assert b"a.pdf" in server.taken[0].content


async def test_several_share_a_file_until_the_last_has_it(store: Store, serving: Serving) -> None:
    server, clock = serving(Habits()), FakeClock(NOW)
    content = bytes(range(256)) * 20
    numbers = await queued(
        store, "a@b.example", "c@d.example", file=File("ü.xlsx", "application/x-test", content)
    )
    tried = sender(store, clock, plain(server))
    await tried.round()
    await tried.stop()
    assert [(await stored(store, each)).state for each in numbers] == ["sent", "sent"]
    assert await store.do(lambda conn: conn.execute("SELECT count(*) FROM mail_file").fetchone()) == (0,)
    read = email.message_from_bytes(server.taken[0].content, policy=email.policy.default)
    (attached,) = read.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("ü.xlsx", content)
    assert (read["Subject"], read["From"], read["To"]) == (
        "Zahlen für März",
        f"Strowger <{FROM}>",
        "a@b.example",
    )
    assert (
        server.taken[1].content.split(b"Message-ID: ")[1] != server.taken[0].content.split(b"Message-ID: ")[1]
    )


async def test_the_same_message_has_the_same_id_in_every_try(store: Store, serving: Serving) -> None:
    (number,) = await queued(store)
    found = await stored(store, number)
    ids = {message.build(replace(found, tries=n), None, FROM, "Strowger")["Message-ID"] for n in range(3)}
    assert len(ids) == 1


@pytest.mark.parametrize("from_start", [False, True])
async def test_a_login_over_tls(
    store: Store, serving: Serving, certificate: tuple[Path, ssl.SSLContext], from_start: bool
) -> None:
    authority, context = certificate
    server = serving(Habits(login=("box", "geheim"), context=context, tls_from_start=from_start))
    security = "tls" if from_start else "starttls"
    right = Server("127.0.0.1", server.port, security, "box", Secret("geheim"), str(authority), 30.0)
    clock = FakeClock(NOW)
    (number,) = await queued(store)
    for wrong, code in ((replace(right, password=Secret("falsch")), 535), (replace(right, ca_file=""), None)):
        tried = sender(store, clock, wrong)
        await tried.round()
        await tried.stop()
        found = await stored(store, number)
        assert (found.state, found.code) == ("waiting", code)
        await clock.advance(schedule.LONGEST_PAUSE_S)
    tried = sender(store, clock, right)
    await tried.round()
    await tried.stop()
    assert [(each.encrypted, each.user) for each in server.taken] == [(True, "box")]


async def test_no_password_goes_in_the_clear(store: Store, serving: Serving) -> None:
    server = serving(Habits(login=("box", "geheim")))
    clock = FakeClock(NOW)
    (number,) = await queued(store)
    for security in ("none", "starttls"):
        bare = Server("127.0.0.1", server.port, security, "box", Secret("geheim"), "", 30.0)
        tried = sender(store, clock, bare)
        await tried.round()
        await tried.stop()
        await clock.advance(schedule.LONGEST_PAUSE_S)
    assert (await stored(store, number)).tries == 2
    assert server.taken == []


@pytest.mark.parametrize(
    "text", ["", "x", "a@", "@b", "a b@c.example", "a@b\r\nBcc: x@y", "a@b.example, c@d.example", "ä@b.example",
             "a@-b.example", "<a@b.example>", "x" * 250 + "@b.example"],
)  # fmt: skip
def test_what_is_no_address(text: str) -> None:
    assert not message.is_address(text)


def test_no_text_becomes_a_header(tmp_path: Path) -> None:
    found = Mail(
        1, NOW, "report", 1, TO, "A\r\nBcc: evil@x.example", "b", "waiting", 0, None, NOW, None, None, ""
    )
    built = message.build(found, None, FROM, "Box\nX: y").as_bytes()
    assert b"\nBcc" not in built
    assert b"\nX:" not in built


def test_pauses_grow_to_an_hour() -> None:
    assert [schedule.pause_s(n) for n in (1, 2, 3, 9, 99)] == [30, 90, 270, 3600, 3600]
    assert schedule.next_try(1, NOW, NOW + schedule.TRIED_FOR_S) is None
