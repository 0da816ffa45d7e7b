"""Caller ID as a modem prints it: an FSK message or DTMF keys in, lines of `NAME = value` out (V.253 §8.2)."""

from __future__ import annotations


def lines(message: bytes, *, spaced: bool) -> list[str]:
    """The lines of a message as it was on the wires, type to checksum or keys; none if the sum is wrong."""
    if message[:1] in (b"A", b"B", b"D") or message[-1:] in (b"C", b"#"):
        fields = [("NMBR", message.decode("ascii", "replace").strip("ABCD#"))]
    elif len(message) < 4 or sum(message) & 0xFF:
        fields = []
    elif message[0] == 0x04:
        body = message[2:-1].decode("ascii", "replace")
        fields = [("DATE", body[:4]), ("TIME", body[4:8]), ("NMBR", body[8:])]
    else:
        fields = _parameters(message[2:-1])
    sign = " = " if spaced else "="
    return [f"{name}{sign}{value}" for name, value in fields]


def _parameters(body: bytes) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    while len(body) >= 2:
        kind, length = body[0], body[1]
        text, body = body[2 : 2 + length].decode("latin-1"), body[2 + length :]
        if kind == 0x01:
            fields += [("DATE", text[:4]), ("TIME", text[4:8])]
        elif kind in (0x02, 0x04):
            fields.append(("NMBR", text))
        elif kind in (0x07, 0x08):
            fields.append(("NAME", text))
    return fields
