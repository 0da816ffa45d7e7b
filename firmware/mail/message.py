"""A queued message as RFC 5322 wants it, and which texts are addresses. Pure: the time is an argument.

Subjects and names come from people; the library folds and encodes them, and a line break in one is a space, so that no
text becomes a header.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from firmware.store.mail import File, Mail

_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
LONGEST_ADDRESS = 254
"""RFC 5321 §4.5.3.1.3, without the brackets."""


def is_address(text: str) -> bool:
    """Whether mail can be sent there: a dot-atom at a host (RFC 5322 §3.4.1), nothing more exotic."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def build(mail: Mail, file: File | None, sender: str, box: str) -> EmailMessage:
    """Return the message; the same id in every try."""
    message = EmailMessage(policy=SMTP)
    name, _, domain = sender.partition("@")
    message["From"] = Address(_line(box), name, domain)
    message["To"] = Address(addr_spec=mail.recipient)
    message["Subject"] = _line(mail.subject)
    message["Date"] = format_datetime(datetime.fromtimestamp(mail.made_at, UTC))
    message["Message-ID"] = f"<{int(mail.made_at)}.{mail.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    if file is not None:
        main, _, sub = file.kind.partition("/")
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return message


def _line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
