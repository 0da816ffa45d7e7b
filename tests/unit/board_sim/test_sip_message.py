"""SIP parsing: what RFC 4475 warns of, said again in our own messages, and anything a socket can bring."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.sim.sip_address import parse_name_addr, parse_uri, parse_via
from board.sim.sip_message import BadMessage, Request, Response, parse, respond, split_commas

GOOD = (
    "INVITE sip:+4930@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5;branch=z9hG4bKa\r\nFrom: <sip:a@b>;tag=1\r\n"
    "To: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 7 INVITE\r\nContent-Length: 4\r\n\r\nbody"
)


def changed(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new, 1).encode()


def read(data: bytes) -> Request | Response:
    made = parse(data)
    assert made is not None
    return made


def test_a_request_is_read_and_written_back() -> None:
    request = read(GOOD.encode())
    assert isinstance(request, Request)
    assert (request.method, request.uri, request.cseq, request.body) == (
        "INVITE",
        "sip:+4930@127.0.0.1",
        (7, "INVITE"),
        b"body",
    )
    assert request.encode() == GOOD.encode()


def test_a_tortuous_but_valid_message_is_read() -> None:
    text = (
        "INVITE sip:vivekg@chair;unknownparam SIP/2.0\r\n"
        "TO :\r\n sip:vivekg@chair ;   tag    = 1918181833n\r\n"
        'f: "J Rosenberg \\\\\\"" <sip:j@example>\r\n  ;\r\n  tag = 98asjd8\r\n'
        "MaX-fOrWaRdS: 0068\r\nCall-ID: 0ha0isnda977644900765@192.0.2.1\r\n"
        "cseq: 0009\r\n  INVITE\r\nVia  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\n"
        "v:  SIP  / 2.0  / TCP     host ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
        " SIP  /    2.0   / UDP  192.168.255.111   ; branch= z9hG4bK30239\r\n"
        "s :\r\nl: 3\r\nUnknownHeader: a;b=;;,c\r\n\r\nabc"
    )
    request = read(text.encode())
    assert parse_name_addr(request.headers.get("To")).tag == "1918181833n"
    assert parse_name_addr(request.headers.get("From")).tag == "98asjd8"
    assert [parse_via(v).branch for v in request.headers.all("Via")] == [
        "390skdjuw",
        "z9hG4bK9ikj8",
        "z9hG4bK30239",
    ]
    assert request.cseq == (9, "INVITE")
    assert request.body == b"abc"


@pytest.mark.parametrize(
    ("data", "status", "answerable"),
    [
        (changed("Content-Length: 4", "Content-Length: 9999"), 400, True),
        (changed("Content-Length: 4", "Content-Length: -4"), 400, True),
        (changed("Content-Length: 4", "Content-Length: 4²"), 400, True),
        (changed("CSeq: 7 INVITE", "CSeq: 36893488147419103232 INVITE"), 400, True),
        (changed("CSeq: 7 INVITE", "CSeq: 2147483648 INVITE"), 400, True),
        (changed("CSeq: 7 INVITE", "CSeq: INVITE"), 400, True),
        (changed("CSeq: 7 INVITE", "CSeq: 7 OPTIONS"), 400, True),
        (changed("SIP/2.0\r\nVia", "SIP/7.0\r\nVia"), 505, True),
        (changed("SIP/2.0\r\nVia", "HTTP/1.1\r\nVia"), 400, True),
        (changed("sip:+4930@127.0.0.1", "<sip:+4930@127.0.0.1>"), 400, True),
        (changed("sip:+4930@127.0.0.1", "sip:a b@127.0.0.1"), 400, True),
        (changed("INVITE sip", "INV\x00ITE sip"), 400, True),
        (changed("INVITE sip:", "  INVITE  sip:"), 400, True),
        (changed("To: <sip:c@d>", "To: <sip:c@d>\r\nTo: <sip:c@d>"), 400, True),
        (changed("To: <sip:c@d>", "no colon here\r\nTo: <sip:c@d>"), 400, True),
        (changed("Call-ID: x\r\n", ""), 400, False),
        (changed("CSeq: 7 INVITE\r\n", ""), 400, False),
        (b"\x16\x03\x01\x00\xa5", 400, False),
        (b"SIP/2.0 999 Huh\r\n\r\n", 400, False),
        (b"SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n", 400, False),
    ],
)
def test_what_is_wrong_is_said_and_answered_if_it_can_be(data: bytes, status: int, answerable: bool) -> None:
    with pytest.raises(BadMessage) as caught:
        parse(data)
    assert caught.value.status == status
    assert (caught.value.request is not None) is answerable


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\0\0\0\0", b" \t\r\n"])
def test_keep_alives_are_nothing(data: bytes) -> None:
    assert parse(data) is None


def test_a_body_longer_than_stated_is_cut() -> None:
    assert read(changed("body", "body and more")).body == b"body"


def test_bytes_that_are_no_utf8_survive() -> None:
    data = GOOD.encode().replace(b"<sip:a@b>", b'"\xff\xfe" <sip:a@b>')
    assert read(data).encode() == data


def test_a_response_mirrors_the_request() -> None:
    request = read(changed("To: <sip:c@d>", "Record-Route: <sip:p;lr>\r\nTo: <sip:c@d>"))
    assert isinstance(request, Request)
    ok, trying, busy = (
        respond(request, 200, to_tag="t"),
        respond(request, 100, to_tag="t"),
        respond(request, 486, to_tag="t"),
    )
    assert ok.headers.get("To") == "<sip:c@d>;tag=t"
    assert ok.headers.get("Record-Route") == "<sip:p;lr>"
    assert trying.headers.get("To") == "<sip:c@d>"
    assert not busy.headers.has("Record-Route")
    assert respond(request, 299).reason == "Unknown"


def test_commas_in_quotes_and_brackets_do_not_separate() -> None:
    value = '"Watson, T. \\" , " <sip:w,x@a>;q=0.7, <sip:b;p="a,b">, sip:c'
    assert split_commas(value) == ['"Watson, T. \\" , " <sip:w,x@a>;q=0.7', '<sip:b;p="a,b">', "sip:c"]


@pytest.mark.parametrize(
    ("text", "user", "address"),
    [
        (
            "sip:%2B493023125000;phone-context=x@127.0.0.1:5070;transport=udp",
            "+493023125000",
            ("127.0.0.1", 5070),
        ),
        ("SIPS:alice:secret@[::1]:7?Subject=x", "alice", ("::1", 7)),
        ("sip:127.0.0.1", "", ("127.0.0.1", 5060)),
        ("tel:+49-30-23125;x=1", "+49-30-23125", ("", 5060)),
    ],
)
def test_addresses_are_taken_apart(text: str, user: str, address: tuple[str, int]) -> None:
    assert (parse_uri(text).user, parse_uri(text).address) == (user, address)


@pytest.mark.parametrize("text", ["", "sip:", "nonsense", "sip:a@b:99999", "sip:a@b:port"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a URI"):
        parse_uri(text)


@pytest.mark.parametrize("text", ["", '"open <sip:a@b>', "Alice <sip:a@b", "<>;tag=1"])
def test_what_is_no_name_addr_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unbalanced|no address"):
        parse_name_addr(text)


@given(st.binary(max_size=600))
def test_no_datagram_breaks_the_parser(data: bytes) -> None:
    try:
        parse(data)
    except BadMessage:
        return


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=3))
def test_no_damage_to_a_good_message_breaks_the_parser(at: int, junk: bytes) -> None:
    data = GOOD.encode()
    try:
        parse(data[:at] + junk + data[at + len(junk) :])
    except BadMessage:
        return


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers_of_addresses(text: str) -> None:
    for reader in (parse_uri, parse_name_addr, parse_via):
        try:
            reader(text)
        except ValueError:
            continue
