"""What strangers get from the edge: nothing. Real Kamailio, a few lines of raw SIP on the other side."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from firmware.edge.edge import Edge
from firmware.edge.phone_book import ha1
from firmware.edge.plan import Plan
from tests.peers.conftest import DOMAIN
from tests.peers.loops import Loop
from tests.peers.processes import Kamailio, eventually
from tests.peers.wire import Message, Stranger

pytestmark = pytest.mark.peers

OFFER = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.3\r\ns=-\r\nc=IN IP4 127.0.0.3\r\nt=0 0\r\n"
    "m=audio 40000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)


class Service:
    """Stands where the service would be and sees what reaches it."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", port))
        self._socket.setblocking(False)
        self.seen: list[Message] = []

    def look(self) -> list[Message]:
        while True:
            try:
                data, source = self._socket.recvfrom(1 << 16)
            except BlockingIOError:
                return self.seen
            self.seen.append(Message.of(data, source))

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def service(plan: Plan) -> Iterator[Service]:
    stand_in = Service(plan.service_port)
    yield stand_in
    stand_in.close()


@pytest.fixture
def stranger(kamailio: Kamailio) -> Iterator[Stranger]:
    one = Stranger(kamailio.address)
    yield one
    one.close()


@pytest.fixture
def anyone(kamailio: Kamailio) -> Iterator[Callable[[str], Stranger]]:
    made: list[Stranger] = []

    def make(host: str) -> Stranger:
        made.append(Stranger(kamailio.address, host))
        return made[-1]

    yield make
    for one in made:
        one.close()


def phone_of(edge: Edge, loop: Loop, user: str = "p7k2", secret: str = "correct") -> None:
    pushes = edge.book.pushes
    loop.call(lambda: edge.want_phones({user: ha1(user, DOMAIN, secret)}))
    eventually(lambda: user in edge.phones and user in edge.book._pushed and edge.book.pushes >= pushes)


def test_wrong_password_five_times_is_a_ban_and_the_ban_ends(
    edge: Edge, loop: Loop, stranger: Stranger, anyone: Callable[[str], Stranger]
) -> None:
    phone_of(edge, loop)
    for _ in range(4):
        refused = stranger.register("p7k2", "wrong")
        assert refused is not None
        assert refused.code == 401
    assert stranger.register("p7k2", "wrong") is None, "the fifth is not even answered"
    assert stranger.register("p7k2", "correct") is None, "nor is the right one, from there"
    other = anyone("127.0.0.4").register("p7k2", "correct")
    assert other is not None
    assert other.code == 200, "others are not touched"
    eventually(
        lambda: (back := stranger.register("p7k2", "correct")) and back.code == 200, 15, "the ban ends"
    )


def test_unknown_and_known_users_get_the_same_answer(edge: Edge, loop: Loop, stranger: Stranger) -> None:
    phone_of(edge, loop)
    known, unknown = stranger.register("p7k2", "wrong"), stranger.register("nobody", "wrong")
    assert known is not None
    assert unknown is not None
    assert known.first == unknown.first
    different = {name for name in known.headers if known.headers[name] != unknown.headers.get(name)}
    assert different <= {"via", "from", "to", "call-id", "www-authenticate"}
    first, second = (m.headers["www-authenticate"].split("nonce")[0] for m in (known, unknown))
    assert first == second


def test_a_right_password_in_between_forgives(edge: Edge, loop: Loop, stranger: Stranger) -> None:
    phone_of(edge, loop)
    for _ in range(3):
        for _ in range(3):
            stranger.register("p7k2", "wrong")
        good = stranger.register("p7k2", "correct")
        assert good is not None
        assert good.code == 200


def test_a_challenge_made_for_one_address_is_worth_nothing_from_another(
    edge: Edge, loop: Loop, stranger: Stranger, anyone: Callable[[str], Stranger]
) -> None:
    phone_of(edge, loop)
    uri = f"sip:{DOMAIN}"
    challenge = stranger.ask(stranger.request("REGISTER", uri, user="p7k2"))
    assert challenge is not None
    thief = anyone("127.0.0.5")
    for _ in range(8):  # more than enough for a ban, were these counted as wrong passwords
        stolen = thief.credentials(challenge, "REGISTER", uri, "p7k2", "correct")
        answer = thief.ask(thief.request("REGISTER", uri, user="p7k2", extra=stolen))
        assert answer is not None
        assert answer.code == 401


@pytest.mark.parametrize("agent", ["friendly-scanner", "sipcli/v1.8", "VaxSIPUserAgent/3.1", "sipvicious"])
def test_scanners_are_not_answered(edge: Edge, stranger: Stranger, agent: str) -> None:
    assert stranger.ask(stranger.request("OPTIONS", f"sip:100@{DOMAIN}", agent=agent), 0.3) is None
    assert stranger.ask(stranger.request("REGISTER", f"sip:{DOMAIN}"), 0.3) is None, "nor what follows"


def test_strangers_options_are_not_answered(edge: Edge, stranger: Stranger) -> None:
    assert stranger.ask(stranger.request("OPTIONS", f"sip:{DOMAIN}"), 0.3) is None


def test_invites_of_strangers_never_reach_the_service(
    edge: Edge, stranger: Stranger, service: Service
) -> None:
    for number in range(100):
        answer = stranger.ask(stranger.request("INVITE", f"sip:{number}@{DOMAIN}", body=OFFER))
        assert answer is not None
        assert answer.code == 407
    for target in (f"sip:00{number}@{DOMAIN}" for number in range(20)):
        stranger.send(stranger.request("MESSAGE", target))
        stranger.send(stranger.request("SUBSCRIBE", target))
    assert service.look() == []


def test_a_flood_from_one_address_is_ignored_and_others_are_served(
    plan: Plan, start_kamailio: Callable[[Plan], Kamailio]
) -> None:
    kamailio = start_kamailio(replace(plan, pike_requests=20, pike_window_s=1))
    noisy, quiet = Stranger(kamailio.address), Stranger(kamailio.address, "127.0.0.6")
    try:
        for _ in range(200):
            noisy.send(noisy.request("INVITE", f"sip:1@{DOMAIN}", body=OFFER))
        answered = 0
        while noisy.receive(0.2) is not None:
            answered += 1
        assert answered < 60
        served = quiet.ask(quiet.request("INVITE", f"sip:1@{DOMAIN}", body=OFFER))
        assert served is not None
        assert served.code == 407
    finally:
        noisy.close()
        quiet.close()


def test_the_box_relays_nothing_for_strangers(
    edge: Edge, stranger: Stranger, anyone: Callable[[str], Stranger], kamailio: Kamailio
) -> None:
    victim = anyone("127.0.0.9")
    host, port = kamailio.address
    route = f"Route: <sip:{host}:{port};lr>\r\n"
    for extra in ("", route, f"{route}Route: <sip:{victim.host}:{victim.port};lr>\r\n"):
        for tag in ("", "dialogue"):
            for method in ("INVITE", "BYE", "OPTIONS", "MESSAGE", "ACK"):
                uri = f"sip:someone@{victim.host}:{victim.port}"
                stranger.send(stranger.request(method, uri, extra=extra, to_tag=tag))
    while stranger.receive(0.3) is not None:
        pass
    assert victim.receive(0.5) is None


def test_a_phone_cannot_say_who_it_is(edge: Edge, loop: Loop, stranger: Stranger, service: Service) -> None:
    """The service learns the phone's name from the digest, whatever headers the phone sent."""
    phone_of(edge, loop)
    forged = (
        "X-Strowger-Phone: boss\r\nX-Strowger-Trunk: provider\r\nAlert-Info: <http://x>;info=alert-autoanswer\r\n"
        "P-Asserted-Identity: <sip:110@police.invalid>\r\n"
    )
    uri = f"sip:100@{DOMAIN}"
    challenge = stranger.ask(stranger.request("INVITE", uri, user="p7k2", body=OFFER, extra=forged))
    assert challenge is not None
    proof = stranger.credentials(challenge, "INVITE", uri, "p7k2", "correct")
    stranger.send(stranger.request("INVITE", uri, user="p7k2", body=OFFER, extra=forged + proof, cseq=2))
    invite = eventually(service.look)[0]
    assert invite.headers["x-strowger-phone"] == "p7k2"
    for gone in ("x-strowger-trunk", "alert-info", "p-asserted-identity", "proxy-authorization"):
        assert gone not in invite.headers


@pytest.mark.parametrize("header", ["Replaces: a@b;to-tag=1;from-tag=2", "Join: a@b;to-tag=1;from-tag=2"])
def test_nobody_takes_a_call_over_from_outside(
    edge: Edge, loop: Loop, stranger: Stranger, service: Service, header: str
) -> None:
    phone_of(edge, loop)
    uri = f"sip:100@{DOMAIN}"
    challenge = stranger.ask(stranger.request("INVITE", uri, user="p7k2", body=OFFER))
    assert challenge is not None
    extra = stranger.credentials(challenge, "INVITE", uri, "p7k2", "correct") + f"{header}\r\n"
    answer = stranger.ask(stranger.request("INVITE", uri, user="p7k2", body=OFFER, extra=extra, cseq=2))
    assert answer is not None
    assert answer.code == 403
    assert service.look() == []


def test_an_offer_with_more_media_lines_than_any_telephone_has_is_refused(
    edge: Edge, stranger: Stranger
) -> None:
    body = OFFER + "m=audio 40000 RTP/AVP 8\r\n" * 20
    answer = stranger.ask(stranger.request("INVITE", f"sip:100@{DOMAIN}", body=body))
    assert answer is not None
    assert answer.code == 488


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace("Call-ID:", "X-Nothing:"),
        lambda text: text.replace("CSeq: 1 INVITE", "CSeq: 1 BYE"),
        lambda text: text.replace("CSeq: 1", "CSeq: 99999999999999"),
        lambda text: text.replace("SIP/2.0\r\n", "SIP/7.0\r\n", 1),
        lambda text: text.replace("Max-Forwards: 70", "Max-Forwards: 0"),
        lambda text: text[: len(text) // 2],
        lambda text: "\x00" * 500,
        lambda text: text.replace("Content-Length: ", "Content-Length: 9"),
        lambda text: text.replace("test\r\n", "x" * 11900 + "\r\n"),
    ],
)
def test_damaged_messages_never_reach_the_service_and_harm_nobody(
    edge: Edge, stranger: Stranger, service: Service, damage: Callable[[str], str], kamailio: Kamailio
) -> None:
    stranger.send(damage(stranger.request("INVITE", f"sip:100@{DOMAIN}", body=OFFER)))
    while (answer := stranger.receive(0.3)) is not None:
        assert answer.code >= 400
    assert service.look() == []
    assert "result" in kamailio.ask("core.version")
