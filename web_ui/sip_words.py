"""What a SIP status says in plain words, and what to do about it: for whoever stands in front of the box.

Codes of RFC 3261 §21 and of what providers make of them. A code nobody put here is told by its class.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from web_ui.language import N_, Language


class Meaning(NamedTuple):
    """Two sentences."""

    says: str
    hint: str


_OTHER_4 = Meaning(
    N_("The other side refused the call."),
    N_("If it comes again, ask the provider with the time of the call."),
)
_OTHER_5 = Meaning(
    N_("Something failed at the provider."), N_("Try again in some minutes; if it stays, call the provider.")
)
_OTHER_6 = Meaning(N_("Nobody at that number takes the call."), N_("Nothing is wrong with the trunk."))

MEANINGS: Mapping[int, Meaning] = {
    400: Meaning(
        N_("The provider could not read our request."),
        N_("Compare the trunk's settings with the provider's sheet: transport, port, format of numbers."),
    ),
    401: Meaning(
        N_("The provider wants a password, and the one it got is wrong."),
        N_("Check user name and password of the trunk; many providers have a SIP password of its own."),
    ),
    403: Meaning(
        N_("The provider does not allow this call."),
        N_(
            "Often the number shown is not one of the contract's, the account is blocked, or the wrong network."
        ),
    ),
    404: Meaning(
        N_("The provider knows no such number."),
        N_(
            "Check the number that was dialled; if every number fails, ask the provider how numbers are written."
        ),
    ),
    405: Meaning(
        N_("The other side does not take this kind of request."),
        N_("Check that the trunk's host is the provider's SIP server."),
    ),
    406: Meaning(
        N_("The other side accepts none of what was offered."), N_("Ask the provider which codecs it wants.")
    ),
    407: Meaning(
        N_("The provider's proxy wants a password, and the one it got is wrong."),
        N_("Check user name and password of the trunk; many providers have a SIP password of its own."),
    ),
    408: Meaning(
        N_("The provider did not answer in time."),
        N_("Check the network: gateway, name servers, and whether a firewall drops UDP 5060."),
    ),
    480: Meaning(
        N_("The number cannot be reached now."), N_("Nothing is wrong with the trunk; try another number.")
    ),
    481: Meaning(
        N_("The other side no longer knew of this call."),
        N_("If calls break off, look for a router with SIP ALG and switch that off."),
    ),
    484: Meaning(
        N_("The number was not complete."),
        N_("Check the number, and whether the provider wants the country code."),
    ),
    486: Meaning(N_("The number was busy."), N_("Nothing is wrong with the trunk.")),
    487: Meaning(N_("The call was ended before it was answered."), N_("Nothing is wrong with the trunk.")),
    488: Meaning(
        N_("The other side accepts none of the codecs, or wants encrypted audio."),
        N_("Ask the provider for G.711 without SRTP, or choose the transport it wants."),
    ),
    500: Meaning(
        N_("Something failed inside the provider's server."),
        N_("Try again in some minutes; if it stays, call the provider."),
    ),
    502: Meaning(
        N_("The provider got a wrong answer from the network behind it."),
        N_("Try again in some minutes; if it stays, call the provider."),
    ),
    503: Meaning(
        N_("The provider has no room for this call, or does not answer at all."),
        N_("Check the network and how many calls the contract allows at once."),
    ),
    504: Meaning(
        N_("The network behind the provider did not answer in time."),
        N_("Try again in some minutes; if it stays, call the provider."),
    ),
    603: Meaning(
        N_("The person or the network declined the call."),
        N_("If every call is declined, the number shown may be blocked or marked as unwanted."),
    ),
    607: Meaning(
        N_("The person does not want calls from this number."),
        N_("Do not call again; find out why the number is unwanted."),
    ),
    608: Meaning(
        N_("A filter in the network rejected the call."),
        N_("Ask the provider which list the number shown stands on."),
    ),
}


def meaning(code: int, language: Language) -> tuple[str, str]:
    """What a status from 400 on says, and a hint."""
    classes = {4: _OTHER_4, 5: _OTHER_5, 6: _OTHER_6}
    found = MEANINGS.get(code) or classes.get(code // 100, _OTHER_4)
    return language.gettext(found.says), language.gettext(found.hint)
