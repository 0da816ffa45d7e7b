"""SIP by the letter, seen from a socket: repetitions, ACK, CANCEL, BYE, refusals (RFC 3261 §8-17)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from board.sim import plan
from board.sim.exchange import Exchange, Settings
from board.sim.sip_address import parse_name_addr
from board.sim.sip_message import Request, Response
from board.sim.sip_transactions import Timers
from tests.unit.board_sim.support import SDP, Peer, make_voices, message, peer

NUMBER = "+493023125900"
QUICK = {"post_dial_s": 0, "ring_s": 0, "hello_after_s": 0}
T1_S = 0.02


def settings(tmp_path: Path, what: object) -> Settings:
    return Settings(
        plan=plan.read({"numbers": {NUMBER: what}}),
        voices=make_voices(tmp_path),
        timers=Timers(T1_S, 0.08, 0.1),
    )


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[tuple[Exchange, Peer]]:
    async with (
        Exchange(settings(tmp_path, {"behaviour": "busy", "post_dial_s": 0})) as exchange,
        peer(("127.0.0.1", exchange.port)) as caller,
    ):
        yield exchange, caller


@pytest.fixture
async def ringing(tmp_path: Path) -> AsyncIterator[tuple[Exchange, Peer]]:
    async with (
        Exchange(settings(tmp_path, {"behaviour": "no_answer", "post_dial_s": 0})) as exchange,
        peer(("127.0.0.1", exchange.port)) as caller,
    ):
        yield exchange, caller


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[tuple[Exchange, Peer]]:
    """Answers at once and says nothing."""
    async with (
        Exchange(settings(tmp_path, {"behaviour": "silence", **QUICK})) as exchange,
        peer(("127.0.0.1", exchange.port)) as caller,
    ):
        yield exchange, caller


def ack(response: Response, branch: str = "z9hG4bK-ack", body: str = "") -> str:
    return message("ACK", branch=branch, to_tag=parse_name_addr(response.headers.get("To")).tag, body=body)


def within(method: str, response: Response, *, seq: int = 2, body: str = "", extra: str = "") -> str:
    tag = parse_name_addr(response.headers.get("To")).tag
    return message(method, branch=f"z9hG4bK-{method}-{seq}", seq=seq, to_tag=tag, body=body, extra=extra)


async def answered(caller: Peer) -> Response:
    caller.send(message("INVITE", body=SDP))
    response = await caller.response(200)
    caller.send(ack(response))
    return response


async def test_a_refusal_is_repeated_until_the_ack(busy: tuple[Exchange, Peer]) -> None:
    exchange, caller = busy
    caller.send(message("INVITE", body=SDP))
    first = await caller.response(486)
    assert (await caller.response(486)).encode() == first.encode()
    assert first.headers.get("Reason") == "Q.850;cause=17"
    caller.send(ack(first, branch="z9hG4bK-1"))
    assert (await exchange.wait_for("ended")).figures["status"] == 486
    caller.send(message("OPTIONS", branch="z9hG4bK-o", seq=9))
    await caller.response(200, method="OPTIONS")
    assert caller.inbox.qsize() <= 1  # one more 486 may have crossed our ACK


async def test_a_repeated_invite_is_the_same_call(busy: tuple[Exchange, Peer]) -> None:
    exchange, caller = busy
    for _ in range(3):
        caller.send(message("INVITE", body=SDP))
    caller.send(ack(await caller.response(486), branch="z9hG4bK-1"))
    await exchange.wait_for("ended")
    assert [one.event for one in exchange.witness.events].count("invite") == 1
    assert len(exchange.calls) == 1


async def test_a_200_is_repeated_until_the_ack_and_the_call_hung_up_without_it(
    quiet: tuple[Exchange, Peer],
) -> None:
    exchange, caller = quiet
    caller.send(message("INVITE", body=SDP))
    first = await caller.response(200)
    for _ in range(3):
        assert (await caller.response(200)).encode() == first.encode()
    bye = await caller.request("BYE")
    assert bye.call_id == first.call_id
    assert (await exchange.wait_for("no_ack")).number == NUMBER


async def test_the_ack_stops_the_repetition(quiet: tuple[Exchange, Peer]) -> None:
    exchange, caller = quiet
    response = await answered(caller)
    callee = exchange.calls[0]
    await asyncio.wait_for(asyncio.shield(callee.call.confirmed), 5)
    caller.send(within("BYE", response))
    assert (await caller.response(200, method="BYE")).cseq == (2, "BYE")
    assert (await exchange.wait_for("ended")).figures["by"] == "caller"


async def test_cancel_is_answered_and_ends_the_invite_with_487(ringing: tuple[Exchange, Peer]) -> None:
    exchange, caller = ringing
    caller.send(message("INVITE", body=SDP))
    await caller.response(180)
    caller.send(message("CANCEL"))
    finals = {(await caller.response()).cseq[1], (await caller.response()).cseq[1]}
    assert finals == {"CANCEL", "INVITE"}
    assert (await exchange.wait_for("cancelled")).number == NUMBER
    assert (await exchange.wait_for("ended")).figures["status"] == 487


async def test_cancel_of_nothing_is_481(ringing: tuple[Exchange, Peer]) -> None:
    _, caller = ringing
    caller.send(message("CANCEL"))
    assert (await caller.response()).status == 481


async def test_cancel_after_the_answer_changes_nothing(quiet: tuple[Exchange, Peer]) -> None:
    exchange, caller = quiet
    response = await answered(caller)
    caller.send(message("CANCEL"))
    assert (await caller.response(200, method="CANCEL")).status == 200
    caller.send(within("BYE", response))
    await caller.response(200, method="BYE")
    assert (await exchange.wait_for("ended")).figures["how"] == "bye"


async def test_a_bye_of_ours_is_repeated_until_it_is_answered(tmp_path: Path) -> None:
    async with (
        Exchange(settings(tmp_path, {"behaviour": "immediate_hang_up", **QUICK})) as exchange,
        peer(("127.0.0.1", exchange.port)) as caller,
    ):
        await answered(caller)
        first = await caller.request("BYE")
        again = await caller.request("BYE")
        assert first.encode() == again.encode()
        assert first.uri == f"sip:tester@127.0.0.1:{caller.port}"
        await exchange.wait_for("bye_lost")


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        (message("OPTIONS"), 200),
        (message("REGISTER"), 405),
        (message("FROBNICATE"), 405),
        (message("BYE", to_tag="nobody"), 481),
        (message("BYE"), 481),
        (message("INVITE", uri="nobodyKnowsThisScheme:x"), 416),
        (message("INVITE", extra="Require: 100rel\n"), 420),
        (message("INVITE", uri="sip:127.0.0.1"), 484),
        (message("INVITE").replace("Contact: <sip:tester@127.0.0.1:{port}>\n", ""), 400),
        (message("INVITE").replace("From: <sip:", "From: <sip:b@d:badport;"), 400),
        (message("INVITE", body="v=0\nnonsense\n"), 400),
        (message("INVITE", body=SDP.replace("RTP/AVP 0 8", "RTP/AVP 3 18")), 488),
        (message("INVITE", body=SDP.replace("RTP/AVP", "RTP/SAVP")), 488),
    ],
)
async def test_what_we_do_not_do_is_refused(
    quiet: tuple[Exchange, Peer], request_text: str, status: int
) -> None:
    _, caller = quiet
    caller.send(request_text)
    assert (await caller.response()).status == status


async def test_a_required_extension_is_named_in_the_refusal(quiet: tuple[Exchange, Peer]) -> None:
    _, caller = quiet
    caller.send(message("INVITE", extra="Require: 100rel, precondition\n"))
    assert (await caller.response(420)).headers.all("Unsupported") == ["100rel", "precondition"]


async def test_rubbish_is_survived(quiet: tuple[Exchange, Peer]) -> None:
    exchange, caller = quiet
    good = message("INVITE", body=SDP).replace("{port}", str(caller.port)).replace("\n", "\r\n").encode()
    rubbish = [bytes([n]) * n for n in range(1, 200)] + [good[:n] for n in range(0, len(good), 7)]
    for junk in rubbish:
        caller.send(junk)
    caller.send(b"INVITE \xff\xff SIP/2.0\r\n" + good.partition(b"\r\n")[2])
    caller.send(message("OPTIONS", call_id="after", branch="z9hG4bK-after"))
    while b"Call-ID: after" not in await asyncio.wait_for(caller.inbox.get(), 5):
        pass  # answers to rubbish that could be answered
    assert exchange.malformed > 100
    assert exchange.faults == 0


async def test_responses_go_where_rport_says(quiet: tuple[Exchange, Peer]) -> None:
    _, caller = quiet
    caller.send(message("OPTIONS").replace("127.0.0.1:{port};branch", "192.0.2.1:9;branch"))
    via = (await caller.response(200)).headers.get("Via")
    assert f"rport={caller.port}" in via
    assert "received=127.0.0.1" in via


async def test_record_route_becomes_the_route_of_our_requests(tmp_path: Path) -> None:
    async with (
        Exchange(settings(tmp_path, {"behaviour": "immediate_hang_up", **QUICK})) as exchange,
        peer(("127.0.0.1", exchange.port)) as caller,
        peer(("127.0.0.1", exchange.port)) as proxy,
    ):
        routes = f"Record-Route: <sip:127.0.0.1:{proxy.port};lr>\nRecord-Route: <sip:127.0.0.1:9;lr;x=1>\n"
        caller.send(message("INVITE", body=SDP, extra=routes))
        response = await caller.response(200)
        assert len(response.headers.all("Record-Route")) == 2
        caller.send(ack(response))
        bye = await proxy.request("BYE")
        assert bye.headers.all("Route") == [f"<sip:127.0.0.1:{proxy.port};lr>", "<sip:127.0.0.1:9;lr;x=1>"]
        assert bye.uri == f"sip:tester@127.0.0.1:{caller.port}"


async def test_hold_and_unhold_are_answered_as_rfc_3264_says(quiet: tuple[Exchange, Peer]) -> None:
    exchange, caller = quiet
    response = await answered(caller)
    wanted = [
        ("sendonly", "recvonly"),
        ("inactive", "inactive"),
        ("recvonly", "sendonly"),
        ("sendrecv", "sendrecv"),
    ]
    versions = []
    for seq, (offer, direction) in enumerate(wanted, 2):
        caller.send(within("INVITE", response, seq=seq, body=f"{SDP}a={offer}\n"))
        reply = await caller.response(200)
        while reply.cseq[0] != seq:
            reply = await caller.response(200)
        text = reply.body.decode()
        assert f"a={direction}\r\n" in text
        versions.append(text.split("\r\n")[1].split()[2])
        caller.send(within("ACK", response, seq=seq))
    assert versions == sorted(set(versions))
    assert [one.figures["held"] for one in exchange.witness.events if one.event == "reinvited"] == [
        True,
        True,
        False,
        False,
    ]


async def test_the_old_way_to_hold_stops_our_audio(quiet: tuple[Exchange, Peer]) -> None:
    exchange, caller = quiet
    response = await answered(caller)
    caller.send(within("INVITE", response, body=SDP.replace("IN IP4 127.0.0.1\nt", "IN IP4 0.0.0.0\nt")))
    while (await caller.response(200)).cseq[0] != 2:
        pass
    assert exchange.calls[0].media.held
    assert not exchange.calls[0].media.stream.sending


async def test_an_unusable_reoffer_leaves_the_call_up(quiet: tuple[Exchange, Peer]) -> None:
    exchange, caller = quiet
    response = await answered(caller)
    caller.send(within("INVITE", response, body=SDP.replace("RTP/AVP 0 8", "RTP/AVP 18")))
    assert (await caller.response(488)).cseq[0] == 2
    caller.send(within("BYE", response, seq=3))
    assert (await caller.response(200, method="BYE")).status == 200
    assert exchange.faults == 0


async def test_a_call_without_an_offer_gets_ours_and_the_ack_answers_it(quiet: tuple[Exchange, Peer]) -> None:
    exchange, caller = quiet
    caller.send(message("INVITE"))
    response = await caller.response(200)
    assert b"m=audio" in response.body
    assert b"a=rtpmap:8 PCMA/8000" in response.body
    caller.send(ack(response, body=SDP.replace("RTP/AVP 0 8", "RTP/AVP 8")))
    await asyncio.wait_for(asyncio.shield(exchange.calls[0].call.confirmed), 5)
    assert exchange.calls[0].media.stream.mouth.codec == "PCMA"


async def test_a_call_whose_ack_answers_nothing_usable_is_hung_up(quiet: tuple[Exchange, Peer]) -> None:
    _, caller = quiet
    caller.send(message("INVITE"))
    caller.send(ack(await caller.response(200)))
    assert "488" in (await caller.request("BYE")).headers.get("Reason")


async def test_requests_out_of_order_are_500(quiet: tuple[Exchange, Peer]) -> None:
    _, caller = quiet
    response = await answered(caller)
    caller.send(within("INFO", response, seq=7))
    assert (await caller.response(method="INFO")).status == 200
    caller.send(within("INFO", response, seq=5))
    assert (await caller.response(method="INFO")).status == 500


async def test_a_lost_bye_is_never_answered(tmp_path: Path) -> None:
    what = {"behaviour": "lost_bye", **QUICK, "patience_s": 0.3, "ask_again_s": 0.1}
    async with (
        Exchange(settings(tmp_path, what)) as exchange,
        peer(("127.0.0.1", exchange.port)) as caller,
    ):
        response = await answered(caller)
        await exchange.wait_for("spoke")
        caller.send(within("BYE", response))
        caller.send(within("BYE", response))
        heard = await exchange.wait_for("bye_received")
        assert heard.figures == {"answered": False}
        assert (await exchange.wait_for("ended")).figures["how"] == "vanished"
        caller.send(within("BYE", response))
        caller.send(message("OPTIONS", branch="z9hG4bK-o", call_id="other"))
        seen: list[Request | Response] = []
        while not seen or seen[-1].call_id != "other":
            seen.append(await caller.receive())
        assert not [one for one in seen if one.cseq[1] == "BYE"]


async def test_more_calls_than_there_are_lines_get_503(tmp_path: Path) -> None:
    full = Settings(voices=make_voices(tmp_path), max_calls=0)
    async with Exchange(full) as exchange, peer(("127.0.0.1", exchange.port)) as caller:
        caller.send(message("INVITE", body=SDP))
        response = await caller.response()
        assert (response.status, response.headers.get("Retry-After")) == (503, "1")


async def test_stopping_hangs_up_on_everybody(tmp_path: Path) -> None:
    exchange = Exchange(settings(tmp_path, {"behaviour": "silence", **QUICK}))
    await exchange.start()
    async with peer(("127.0.0.1", exchange.port)) as caller:
        await answered(caller)
        await asyncio.wait_for(asyncio.shield(exchange.calls[0].call.confirmed), 5)
        caller.send(message("INVITE", "+493023125005", call_id="two", branch="z9hG4bK-2", body=SDP))
        await exchange.wait_for("ringing", number="+493023125005")
        await exchange.stop()
        assert (await caller.request("BYE")).method == "BYE"
        assert (await caller.response(503)).call_id == "two"
    assert exchange.active == []
