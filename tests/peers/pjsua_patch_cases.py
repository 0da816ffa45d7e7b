"""The cases of test_pjsua_patches: what a call slot, and a call's list of media, must survive."""

from __future__ import annotations

import gc
from functools import partial
from typing import Any

import pjsua2 as pj

from tests.peers import pjsua_bench
from tests.peers.pjsua_bench import Peer, endpoint, header, poll_until

TOO_MANY = 70010  # PJ_ETOOMANY
STATES = {
    pj.PJSIP_INV_STATE_CALLING: "CALLING",
    pj.PJSIP_INV_STATE_EARLY: "EARLY",
    pj.PJSIP_INV_STATE_CONNECTING: "CONNECTING",
    pj.PJSIP_INV_STATE_CONFIRMED: "CONFIRMED",
    pj.PJSIP_INV_STATE_DISCONNECTED: "DISCONNECTED",
}

States = list[tuple[str, str]]


class Call(pj.Call):  # type: ignore[misc]
    """A call that notes the states it goes through."""

    def __init__(self, account: pj.Account, name: str, seen: States) -> None:
        super().__init__(account)
        self.name = name
        self.seen = seen

    def onCallState(self, prm: pj.OnCallStateParam) -> None:  # noqa: N802 - the library's name
        self.seen.append((self.name, STATES[self.getInfo().state]))


class Office:
    """One account and one peer, and the states of every call between them."""

    def __init__(self) -> None:
        self.peer = Peer()
        self.seen: States = []
        self.account = pj.Account()
        config = pj.AccountConfig()
        config.idUri = "sip:box@127.0.0.1"
        self.account.create(config)

    def dial(self, name: str) -> tuple[Call, str]:
        """Place a call; return it with the INVITE that reached the peer."""
        before = len(self.peer.received)
        call = Call(self.account, name, self.seen)
        poll_until(lambda: self.slot_is_free(call, name), self.peer.listen)
        return call, self.peer.expect("INVITE", after=before)

    def slot_is_free(self, call: Call, name: str) -> bool:
        """Place the call, unless the call before still has the one slot there is."""
        try:
            call.makeCall(f"sip:{name}@127.0.0.1:{self.peer.port}", media(audio=1))
        except pj.Error as error:
            if error.status != TOO_MANY:
                raise
            return False
        return True

    def connect(self, name: str) -> tuple[Call, str]:
        """Place a call and answer it."""
        call, invite = self.dial(name)
        self.accept(invite)
        return call, invite

    def accept(self, invite: str) -> None:
        before = len(self.peer.received)
        self.peer.answer(invite, "200 OK", self.peer.description())
        self.peer.expect("ACK", after=before)

    def hang_up_by_peer(self, name: str, invite: str, cseq: int = 1) -> bool:
        """The peer ends the call: whether that was reported to us, once the BYE has been answered."""
        before = len(self.peer.received)
        self.peer.request("BYE", invite, cseq)
        self.peer.expect("SIP/2.0 200", after=before)
        return self.reached(name, "DISCONNECTED")

    def reached(self, name: str, state: str) -> bool:
        return poll_until(lambda: (name, state) in self.seen, self.peer.listen)

    def wait(self, name: str, state: str) -> None:
        if not self.reached(name, state):
            raise TimeoutError(f"{name} is not {state}; seen: {self.seen}")

    def states(self, name: str) -> list[str]:
        return [state for who, state in self.seen if who == name]


def media(audio: int, text: int = 0) -> pj.CallOpParam:
    """Ask for so many media lines."""
    wanted = pj.CallOpParam(True)
    wanted.opt.audioCount, wanted.opt.videoCount, wanted.opt.textCount = audio, 0, text
    return wanted


def hears(call: Call) -> bool:
    """Whether the call's one media line is connected."""
    return [line.status for line in call.getInfo().media] == [pj.PJSUA_CALL_MEDIA_ACTIVE]


def destroyed_object() -> dict[str, Any]:
    """A call ends; its slot serves the next call; only then does the first call's object go."""
    with endpoint(max_calls=1):
        office = Office()
        first, _ = office.connect("first")
        slot = first.getId()
        first.hangup(pj.CallOpParam())
        office.peer.answer(office.peer.expect("BYE"), "200 OK")
        office.wait("first", "DISCONNECTED")
        second, invite = office.connect("second")
        same_slot = second.getId() == slot
        del first
        gc.collect()
        ended = office.hang_up_by_peer("second", invite)
        same_call = f"Call-ID: {header(invite, 'Call-ID')}"
        ours = [text for text in office.peer.received if text.startswith("BYE") and same_call in text]
        return {
            "same_slot": same_slot,
            "ended": ended,
            "our_byes": len(ours),
            "states": office.states("second"),
        }


def late_answer() -> dict[str, Any]:
    """A call hangs up while its re-INVITE is open; the answer comes when its slot already serves the next call."""
    with endpoint(max_calls=1):
        office = Office()
        first, invite = office.connect("first")
        slot = first.getId()
        before = len(office.peer.received)
        first.reinvite(media(audio=1))
        reinvite = office.peer.expect("INVITE", after=before)
        first.hangup(pj.CallOpParam())
        office.peer.answer(office.peer.expect("BYE"), "200 OK")
        second, invite = office.dial("second")
        same_slot = second.getId() == slot
        before = len(office.peer.received)
        office.peer.answer(reinvite, "488 Not Acceptable Here")
        office.peer.expect("ACK", after=before)
        office.accept(invite)
        office.wait("second", "CONFIRMED")
        heard = poll_until(partial(hears, second), office.peer.listen)
        ended = office.hang_up_by_peer("second", invite)
        return {
            "same_slot": same_slot,
            "media_active": heard,
            "ended": ended,
            "states": office.states("second"),
        }


def many_lines_asked_for() -> dict[str, Any]:
    """We ask for one media line more than a call has room for."""
    with endpoint():
        office = Office()
        call = Call(office.account, "greedy", office.seen)
        try:
            call.makeCall(f"sip:greedy@127.0.0.1:{office.peer.port}", media(audio=17))
        except pj.Error as error:
            return {"status": error.status}
        return {"status": 0}


def many_lines_offered() -> dict[str, Any]:
    """The peer fills a call's media list; then we want a line of another kind."""
    with endpoint():
        office = Office()
        call, invite = office.connect("guest")
        before = len(office.peer.received)
        office.peer.request("INVITE", invite, 1, office.peer.description(lines=16, version=2))
        answer = office.peer.expect("SIP/2.0 200", after=before)
        office.peer.request("ACK", invite, 1)
        try:
            call.reinvite(media(audio=1, text=1))
            status = 0
        except pj.Error as error:
            status = error.status
        ended = office.hang_up_by_peer("guest", invite, cseq=2)
        return {"lines_answered": answer.count("m="), "status": status, "ended": ended}


if __name__ == "__main__":
    pjsua_bench.main(
        {
            case.__name__: case
            for case in (destroyed_object, late_answer, many_lines_asked_for, many_lines_offered)
        }
    )
