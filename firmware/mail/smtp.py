"""One delivery over SMTP (RFC 5321): blocking, in a worker thread, within one time-out, to the configured server only.

What the server says becomes an ``Outcome``: taken, not now, or never. A login or a certificate that is refused is "not
now", because a person can mend it while the message waits.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage

from firmware.typed import Secret

_FINAL = 500
_LOGIN = frozenset({530, 534, 535, 538})
"""The server wants another login (RFC 4954 §6): for a person to mend, not the end of a message."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes out. ``security``: ``starttls``, ``tls`` or ``none``; ``timeout_s`` for each answer."""

    host: str
    port: int
    security: str
    user: str = ""
    password: Secret = field(default_factory=Secret)
    ca_file: str = ""
    timeout_s: float = 20.0
    name: str = "strowger.invalid"
    """What we call ourselves (EHLO)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. ``code`` is SMTP's, None without an answer; ``final``: it makes no sense to try again."""

    taken: bool
    code: int | None
    error: str = ""
    final: bool = False


def deliver(server: Server, message: EmailMessage, recipient: str) -> Outcome:
    """Hand the message to the server for one recipient."""
    try:
        with contextlib.closing(_Connection(server)) as connection:
            return connection.send(message, recipient)
    except smtplib.SMTPRecipientsRefused as refused:
        code, said = refused.recipients[recipient]
        return _refused(code, said, final=_is_final(code))
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        return _refused(refused.smtp_code, refused.smtp_error, final=_is_final(refused.smtp_code))
    except smtplib.SMTPResponseException as refused:
        return _refused(refused.smtp_code, refused.smtp_error, final=False)
    except (smtplib.SMTPException, ssl.SSLError, OSError) as error:
        return Outcome(False, None, f"{type(error).__name__}: {error}"[:200])


def _is_final(code: int) -> bool:
    return code >= _FINAL and code not in _LOGIN


def _refused(code: int, said: bytes | str, *, final: bool) -> Outcome:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Outcome(False, code, " ".join(text.split())[:200], final)


class _Connection:
    """One session with the server, from the greeting to the end."""

    def __init__(self, server: Server) -> None:
        self._server = server
        if server.security == "tls":
            self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, server.name, timeout=server.timeout_s, context=_context(server)
            )
        else:
            self._smtp = smtplib.SMTP(server.host, server.port, server.name, timeout=server.timeout_s)

    def send(self, message: EmailMessage, recipient: str) -> Outcome:
        """Encrypt, log in, hand over."""
        server = self._server
        if server.security == "starttls":
            self._smtp.starttls(context=_context(server))
        if server.user and server.security != "none":
            self._smtp.login(server.user, server.password.reveal())
        self._smtp.send_message(message, to_addrs=[recipient])
        return Outcome(True, 250)

    def close(self) -> None:
        """Say goodbye; the message is taken or not, whatever the server answers now."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            self._smtp.quit()
        self._smtp.close()


def _context(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca_file or None)
