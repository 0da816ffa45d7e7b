"""What whoever looks after the box sees and may do: ``technician.state|call|hang_up|provision|paper``.

``look`` keeps the hub's parts ``line``, ``phone``, ``machine`` and ``trial`` current, which the page follows; testing a
line is ``lines``'. A test call goes to a phone of the house or to a number typed for it, never to an emergency number,
and never while a call is up on the port it would take.
"""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from firmware import machine
from firmware.commands import admissions
from firmware.commands.context import Context
from firmware.commands.technician_texts import refuse
from firmware.compliance.numbers import is_emergency, mask, normalise
from firmware.control import Control
from firmware.journal import mask as mask_text
from firmware.model import OperatorError, Problem
from firmware.papers import acceptance, pdf
from firmware.probe import SystemProbe
from firmware.trial_calls import Trial
from firmware.trunks.base import PhoneRoute, TrialRoute
from firmware.typed import Length, OneOf

if TYPE_CHECKING:
    from firmware.trunks.modem import LineStatus

_log = logging.getLogger(__name__)
MACHINE_S = 10.0
"""How often the machine itself is asked."""
CODECS = ("G.711 A-law", "G.711 µ-law")
"""What is offered on every call, in this order (``trunks._sip_thread``)."""
_Line = Annotated[str, Length(0, 60)]
_SENTENCES = {
    "de": "Dies ist ein Testanruf von {name}. Drücken Sie Tasten, um sie zu prüfen, oder legen Sie auf.",
    "en": "This is a test call from {name}. Press keys to try them, or hang up.",
}


class TechnicianCommands:
    """All of it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._machinery = context.machinery
        self._probe = SystemProbe()
        self._asked_s = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("state", "call", "hang_up", "provision", "paper"):
            control.add(f"technician.{name}", getattr(self, name))

    async def stop(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    # -- looking -------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Tell the pages how lines and phones are; the machine is asked now and then, in a thread."""
        hub, parts = self._context.hub, self._machinery
        for line in parts.lines():
            hub.publish("line", shown_line(line))
        registered = parts.phones()
        seen = parts.looker.phones if parts.looker is not None else {}
        for name, there in registered.items():
            known = seen.get(name) if there else None
            hub.publish("phone", {"name": name, "registered": there, **(known.plain() if known else {})})
        snapshot = hub.snapshot()
        for gone in {entry["name"] for entry in snapshot["phones"]} - set(registered):
            hub.remove("phone", gone)
        parts.front(snapshot)
        self._ask_machine()

    def _ask_machine(self) -> None:
        now_s = self._context.clock.monotonic()
        if now_s - self._asked_s < MACHINE_S or (self._asking is not None and not self._asking.done()):
            return
        self._asked_s = now_s
        self._asking = asyncio.get_running_loop().create_task(self._machine(), name="machine")

    async def _machine(self) -> None:
        try:
            found = await asyncio.to_thread(machine.everything, self._context.config.paths.state, self._probe)
        except OSError as error:
            _log.warning("the machine could not be asked: %s", error)
            return
        for part in found:
            self._context.hub.publish("machine", part)

    def trunk(self, name: str) -> Mapping[str, Any]:
        """What is known of a SIP trunk besides being up; empty for one of lines."""
        parts = self._machinery
        seen = parts.looker.trunks.get(name) if parts.looker is not None else None
        failure = parts.stories.failures.get(name) if parts.stories is not None else None
        more: dict[str, Any] = {"codecs": CODECS} if self._is_sip(name) else {}
        if seen is not None:
            more |= asdict(seen)
        if failure is not None:
            more["failure"] = {**asdict(failure), "text": failure.text[:200]}
        return more

    def _is_sip(self, name: str) -> bool:
        found = self._context.config.trunk(name)
        return found is not None and found.host != "line.invalid"

    def changed(self, trial: Trial) -> None:
        """A test call moved on; the last one is shown."""
        for entry in self._context.hub.snapshot()["trials"]:
            if entry["id"] != trial.id:
                self._context.hub.remove("trial", entry["id"])
        self._context.hub.publish("trial", trial.plain())

    async def state(self) -> Mapping[str, Any]:
        """Everything of the page at once -> ``lines line_jobs trunks phones machine trials health box``."""
        self.look()
        if self._asking is not None:
            await asyncio.wait({self._asking})
        whole = self._context.hub.snapshot()
        shown = ("at", "box", "lines", "line_jobs", "trunks", "phones", "health")
        parts = [each for each in whole["machine"] if each["part"] != admissions.PART]
        trials = self._machinery.trials
        past = [trial.plain() for trial in trials.past] if trials is not None else []
        return {**{name: whole[name] for name in shown}, "machine": parts, "trials": past}

    # -- doing ---------------------------------------------------------------------------------------------------

    async def call(
        self, to: Annotated[str, Length(1, 40)], by: _Line, trunk: _Line = "", line: _Line = ""
    ) -> Mapping[str, Any]:
        """Begin a test call -> ``id``; ``to`` is a phone's name or a number, which needs a ``trunk`` or ``line``."""
        trials, wanted = self._machinery.trials, to.strip()
        self._never_emergency(wanted, line)
        if trials is None:
            raise refuse("to", "trial_not_here")
        route: PhoneRoute | TrialRoute
        caller_id = ""
        if wanted in self._machinery.phones():
            if not self._machinery.phones()[wanted]:
                raise refuse("to", "trial_phone_away", phone=wanted)
            route = PhoneRoute(wanted)
        else:
            route, caller_id = self._way_out(wanted, trunk, line)
        prompt = await self._prompt()
        if trials.busy:
            raise refuse("to", "trial_under_way")
        return {"id": trials.begin(route, caller_id, by, prompt).id}

    def _never_emergency(self, text: str, line: str) -> None:
        """By the rules of the box's country and of the line's; also with separators and prefixes."""
        config = self._context.config
        named = next((each for each in config.lines if each.name == line), None)
        countries = {config.box.country, named.country if named and named.country else config.box.country}
        digits = "".join(c for c in text if c.isdigit())
        outside = named.outside if named else ""
        forms = {digits, digits.removeprefix(outside)} if outside else {digits}
        if any(
            form in config.dialling.emergency or is_emergency(form, country)
            for form in forms
            for country in countries
            if form
        ):
            raise refuse("to", "trial_emergency")

    def _way_out(self, text: str, trunk: str, line: str) -> tuple[TrialRoute, str]:
        config = self._context.config
        found = normalise(text, config.box.country)
        if isinstance(found, Problem):
            raise OperatorError(Problem("to", found.key, found.text, found.figures))
        status = next((each for each in self._machinery.lines() if each.name == line), None)
        if line and status is None:
            raise refuse("line", "trial_line_unknown", line=line)
        if status is not None:
            if not status.idle:
                raise refuse("line", "trial_line_busy", line=line)
            return TrialRoute(found, status.trunk, line), ""
        named = config.trunk(trunk)
        if named is None:
            raise refuse("trunk", "trial_trunk_unknown", trunk=trunk)
        if not self._context.trunk_up(trunk):
            raise refuse("trunk", "trial_trunk_down", trunk=trunk)
        if self._machinery.legs(trunk) >= named.lines:
            raise refuse("trunk", "trial_trunk_full", trunk=trunk)
        return TrialRoute(found, trunk), named.caller_ids[0] if named.caller_ids else ""

    async def _prompt(self) -> Any:
        box = self._context.config.box
        sentence = _SENTENCES.get(box.language, _SENTENCES["en"]).format(name=box.name)
        return await self._machinery.speak(sentence)

    async def hang_up(self) -> Mapping[str, Any]:
        """End the test call -> ``ended``: whether there was one."""
        trials = self._machinery.trials
        return {"ended": trials is not None and trials.hang_up()}

    async def provision(self, by: _Line) -> Mapping[str, Any]:
        """Push phone book and trunks into the SIP edge once more -> ``phones``, ``trunks``: how many. No call drops."""
        if self._machinery.provision is None:
            raise refuse("", "trial_not_here")
        self._machinery.provision()
        phones, trunks = len(self._machinery.phones()), len(self._context.config.trunks)
        _log.warning("phones and trunks are pushed again, asked for by %s", by)
        return {"phones": phones, "trunks": trunks}

    async def paper(
        self,
        by: _Line,
        language: Annotated[str, OneOf(("de", "en"))] = "de",
        customer: _Line = "",
        remark: Annotated[str, Length(0, 1000)] = "",
    ) -> Mapping[str, Any]:
        """The acceptance sheet -> ``name``, and the PDF as base64 ``content``."""
        now, box = self._context.clock.utc(), self._context.config.box
        facts = acceptance.Facts(await self.state(), by, customer, remark)
        sheet = acceptance.sheet(facts, box.name, now, language, box.zone)
        content = await asyncio.to_thread(pdf.render, sheet, datetime.fromtimestamp(now, UTC))
        day = datetime.fromtimestamp(now, UTC).date().isoformat()
        return {"name": f"acceptance-{day}.pdf", "content": base64.b64encode(content).decode()}


def shown_line(line: LineStatus) -> dict[str, Any]:
    """A line as the pages see it, callers' numbers masked."""
    plain = line.plain()
    caller = str(plain.get("caller", ""))
    raw = [[str(name), mask_text(str(value))] for name, value in plain.get("caller_raw", ())]
    return {**plain, "caller": mask(caller) if caller else "", "caller_raw": raw}
