"""What can be set for calls that come in; a part of ``shape``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from firmware.typed import Length, Matches, OneOf, Range

_Label = Matches(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", "1 to 32 small letters, digits and hyphens")


@dataclass(frozen=True, slots=True)
class InboundConfig:
    """One ``[[inbound]]``: who takes calls that come in, and when. The first that fits counts."""

    name: Annotated[str, _Label, "Short name; shown with the calls."]
    trunk: Annotated[
        str, Matches(r"|[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", "the name of a trunk"), "Empty: any."
    ] = ""  # fmt: skip
    numbers: Annotated[
        tuple[Annotated[str, Matches(r"\+?[0-9]{1,15}", "a number called")], ...],
        Length(0, 1000),
        "Numbers called, as the network tells them; empty: any.",
    ] = ()
    campaign: Annotated[
        str,
        Length(0, 120),
        "Its agents take the calls, its list and results are used; empty: all agents.",
    ] = ""
    kind: Annotated[
        str, OneOf(("service", "new")), "new: callers nobody knows are new customers and go before others."
    ] = "service"
    hours: Annotated[
        tuple[Annotated[str, Length(1, 60)], ...],
        Length(0, 50),
        "Opening hours like Mon-Fri 08:00-18:00, by the office's clock; empty: always.",
    ] = ()
    holidays: Annotated[
        str, Matches(r"|[A-Z]{2}(?:-[A-Z0-9]{1,3})?", "a place like DE-BY"), "Closed on its public holidays."
    ] = ""
    accept: Annotated[
        str, OneOf(("key", "auto")), "key: the agent takes the call; auto: put through at once."
    ] = "key"
    ring_s: Annotated[float, Range(0, 60), "It rings so long before the caller is greeted."] = 8.0
    wait_s: Annotated[float, Range(5, 3600), "Nobody waits longer."] = 120.0
    then: Annotated[
        str, OneOf(("hang_up", "callback")), "Who has waited so long; callback: may ask for one by a key."
    ] = "hang_up"
    waiting: Annotated[int, Range(0, 200), "Callers who may wait; more hear that the line is busy."] = 20
    position_s: Annotated[
        float, Range(0, 600), "Who waits is told the place in the queue this often; 0: never."
    ] = 45.0
    sound: Annotated[str, OneOf(("music", "tone")), "What who waits hears in between."] = "music"
    record: Annotated[
        str,
        OneOf(("no", "asked", "always")),
        "asked: agents may when the caller agrees. Without the consent of both sides it is a crime (§ 201 StGB).",
    ] = "no"
    greeting: Annotated[str, Length(0, 500), "Said to who waits; empty: the box's words."] = ""
    closed: Annotated[str, Length(0, 500), "Said outside the hours; empty: the box's words."] = ""
    sorry: Annotated[str, Length(0, 500), "Said when nobody came; empty: the box's words."] = ""
    offer: Annotated[str, Length(0, 500), "Offers a callback by key 1; empty: the box's words."] = ""
