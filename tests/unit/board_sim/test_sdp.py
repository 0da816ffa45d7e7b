"""Offers and answers (RFC 3264), as other makers write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.sim.sdp import BadSdp, Direction, Writer, parse, pick

OFFER = b"""v=0\r
o=- 3906 3906 IN IP4 127.0.0.1\r
s=pjmedia\r
b=AS:117\r
t=0 0\r
a=X-nat:0\r
m=audio 4000 RTP/AVP 8 0 96 120\r
c=IN IP4 127.0.0.1\r
b=TIAS:96000\r
a=rtcp:4001 IN IP4 127.0.0.1\r
a=sendrecv\r
a=rtpmap:8 PCMA/8000\r
a=rtpmap:0 PCMU/8000\r
a=rtpmap:96 opus/48000/2\r
a=rtpmap:120 telephone-event/8000\r
a=fmtp:120 0-16\r
m=text 4002 RTP/AVP 99 100\r
c=IN IP4 127.0.0.1\r
a=rtpmap:99 t140/1000\r
"""


def test_an_offer_is_read() -> None:
    offer = parse(OFFER)
    assert (offer.host, offer.port, offer.event_type, offer.direction) == (
        "127.0.0.1",
        4000,
        120,
        Direction.SENDRECV,
    )
    assert offer.codecs == (("PCMA", 8), ("PCMU", 0))


def test_the_answer_keeps_the_order_of_the_media_and_refuses_text() -> None:
    offer = parse(OFFER)
    answer = (
        Writer("127.0.0.1", 20000, 7).answer(offer, pick(offer), Direction.SENDRECV).decode().split("\r\n")
    )
    assert [line for line in answer if line.startswith("m=")] == [
        "m=audio 20000 RTP/AVP 8 120",
        "m=text 0 RTP/AVP 99 100",
    ]
    assert "a=rtpmap:120 telephone-event/8000" in answer
    assert "o=- 7 1 IN IP4 127.0.0.1" in answer


def test_audio_in_second_place_is_answered_there() -> None:
    swapped = (
        b"v=0\nc=IN IP4 127.0.0.1\nm=text 4002 RTP/AVP 99\nm=audio 0 RTP/AVP 0\nm=audio 4000 RTP/AVP 0\n"
    )
    offer = parse(swapped)
    answer = parse(Writer("127.0.0.1", 20000, 7).answer(offer, pick(offer), Direction.SENDRECV))
    assert (answer.media[0], answer.media[1], answer.audio_at) == (
        "m=text 0 RTP/AVP 99",
        "m=audio 0 RTP/AVP 0",
        2,
    )


def test_our_liking_goes_before_the_offers() -> None:
    assert pick(parse(OFFER), ["PCMU"]) == ("PCMU", 0)
    assert pick(parse(OFFER), ["G722"]) == ("PCMA", 8)


def test_dynamic_types_and_odd_case_are_understood() -> None:
    offer = parse(
        b"v=0\nc=IN IP4 127.0.0.1\nm=audio 4000 RTP/AVP 111\na=rtpmap:111 pcmu/8000/1\na=inactive\n"
    )
    assert (offer.codecs, offer.event_type, offer.direction) == ((("PCMU", 111),), -1, Direction.INACTIVE)


def test_the_medias_direction_goes_before_the_sessions() -> None:
    offer = parse(b"v=0\nc=IN IP4 127.0.0.1\na=sendonly\nm=audio 4000 RTP/AVP 0\na=recvonly\n")
    assert offer.direction is Direction.RECVONLY


def test_the_old_hold_is_noticed() -> None:
    assert parse(OFFER.replace(b"c=IN IP4 127.0.0.1", b"c=IN IP4 0.0.0.0")).held


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"INVITE", 400),
        (b"v=0\nnonsense\n", 400),
        (b"v=0\nc=IN IP4 127.0.0.1\nm=audio 70000 RTP/AVP 0\n", 400),
        (b"v=0\nc=IN IP4 127.0.0.1\nm=audio x RTP/AVP 0\n", 400),
        (b"v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP zero\n", 400),
        (b"v=0\nm=audio 9 RTP/AVP 0\n", 400),
        (b"v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 96\na=rtpmap:x PCMU/8000\n", 400),
        (b"v=0\nc=IN IP4 host.invalid\nm=audio 9 RTP/AVP 0\n", 488),
        (b"v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/SAVPF 0\n", 488),
        (b"v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 3\n", 488),
        (b"v=0\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\na=rtpmap:0 PCMU/16000\n", 488),
        (b"v=0\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 31\n", 488),
    ],
)
def test_what_suits_nobody_is_refused(body: bytes, status: int) -> None:
    with pytest.raises(BadSdp) as caught:
        parse(body)
    assert caught.value.status == status


@given(st.binary(max_size=400))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    try:
        parse(b"v=0\n" + body)
    except BadSdp:
        return


@given(st.sampled_from(list(Direction)))
def test_no_direction_is_answered_with_more_than_it_allows(offered: Direction) -> None:
    assert not offered.answered.sends or offered in (Direction.SENDRECV, Direction.RECVONLY)
