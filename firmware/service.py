"""The wiring of the service on one screen: what is made of what, started in order, stopped mirrored.

The one place that chooses kinds: ``serve`` builds the box's parts (pjsua2, Kamailio, the machine's clock), scenario
tests build ``Service`` from simulated ones. Nothing else knows this module. It is long because it is a list: every part
of the box once, and what it is made of.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from firmware import reception, recorder
from firmware.aftercare import Aftercare
from firmware.appliance import Appliance
from firmware.books import StoreBooks
from firmware.browser_phones import BrowserPhones
from firmware.calls.agent import Agent
from firmware.calls.desks import Desks, DeskUser
from firmware.calls.switchboard import LiveCall, Switchboard, SwitchboardSettings
from firmware.campaigns import retry
from firmware.clock import Clock, SystemClock, Timer
from firmware.commands.clock import newest_believed
from firmware.commands.context import Context
from firmware.commands.desk import DeskCommands
from firmware.commands.desk_script import DeskScriptCommands
from firmware.commands.inbound import InboundCommands
from firmware.commands.lines import LineCommands
from firmware.commands.machinery import Looker
from firmware.commands.network import ports
from firmware.commands.office import Office
from firmware.commands.phone import PhoneCommands
from firmware.config import Config
from firmware.control import Control
from firmware.dialler import Dialler
from firmware.dialling.lines import Lines, LineSettings
from firmware.edge.begun import begun
from firmware.edge.closer import Closer
from firmware.edge.edge import Edge
from firmware.edge.plan import Plan
from firmware.floor import Floor
from firmware.guide.script import Facts
from firmware.health import Health, Vitals, limits_of
from firmware.hub import Hub
from firmware.model import AttemptUid, Disposition, Role
from firmware.notify import Notifier, Pulse, Watchdog
from firmware.panel import Panel
from firmware.probe import Probe, SystemProbe
from firmware.prompts import Prompts, default_folder
from firmware.queues import Queues
from firmware.reception import Reception, Voice
from firmware.speech import Speech
from firmware.store import agent_log, attempts, callbacks, campaigns, inbound, offers, users
from firmware.store.store import Store
from firmware.trunks._sip_settings import SipSettings
from firmware.trunks.base import LegEvent, LegOffered, Media
from firmware.trunks.sip import SipMedia

if TYPE_CHECKING:
    import sqlite3

    from firmware.trunks.lines import LinesMedia

_log = logging.getLogger(__name__)

VERSION = version("strowger")
LOOK_S = 2.0
UNAVAILABLE = 503
"""How often health is asked and phones and trunks are shown anew."""


class Outside(Protocol):
    """What the service needs of the edge."""

    async def start(self) -> None:
        """End what an earlier service left on the lines, then begin to watch."""

    async def stop(self) -> None:
        """Watch no more."""

    def want_phones(self, phones: Mapping[str, str]) -> None:
        """Exactly these phones (user -> HA1) may register."""

    async def phones_known(self) -> bool:
        """Wait until the phones wanted last may register; False if the edge does not answer."""

    @property
    def up(self) -> bool:
        """Whether the edge answers."""

    @property
    def phones(self) -> Mapping[str, bool]:
        """Phone -> registered."""

    @property
    def trunks(self) -> Mapping[str, bool]:
        """Trunk -> reachable."""


class Service:
    """The box's mind, made of the parts it is given."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        media: Media,
        outside: Outside,
        probe: Probe,
        analog: LinesMedia | None = None,
        settings_file: Path | None = None,
        looker: Looker | None = None,
        provision: Callable[[], None] | None = None,
    ) -> None:
        """``analog`` is ``media`` once more where the box has analog lines; ``settings_file`` goes into backups;
        ``looker`` and ``provision`` are the edge's, for whoever looks after the box."""
        config = config.with_line_trunks()
        self.aftercare = Aftercare(clock, media, config)
        media = self.aftercare.media
        self.config, self.clock, self.media, self.outside, self.analog = config, clock, media, outside, analog
        paths = config.paths
        self.store = Store(paths.database, paths.opt_out_journal, self._store_failed)
        kept = paths.runtime / "browser-phones.json"
        self.phones = BrowserPhones(outside, config.sip.domain, kept)
        self.hub = Hub(clock)
        self.control = Control(paths.control_socket, self.hub)
        self.health = Health(clock, probe, limits_of(config))
        self.panel = Panel(clock, self.hub, self.store, self.phones.registered)
        self.desks = Desks(clock, media, self._agent_changed)
        self.books = StoreBooks(clock, self.store, lambda live: self.switchboard.closed(live))
        prompts = Prompts(Path(paths.prompts) if paths.prompts else default_folder(), config.box.language)
        self.switchboard = Switchboard(
            clock,
            media,
            self.desks,
            self.books,
            SwitchboardSettings(
                config.dialling.max_call_s,
                paths.recordings,
                prompts.no_agent,
                self.health.recording_allowed,
                lambda: self.floor.music(),
            ),
            changed=self.panel.call,
            freed=self._freed,
            wrap_up_expired=self._wrap_up_expired,
        )
        lines = LineSettings(
            config.dialling.calls_per_second,
            {trunk.name: trunk.campaign_lines for trunk in config.trunks},
            self.health.dialling_allowed,
            self._trunk_up,
            lambda trunk: self.reception.legs_on(trunk),
        )
        self.dialler = Dialler(
            clock,
            self.store,
            self.desks,
            self.switchboard,
            Lines(clock, self.switchboard, lines),
            config.dialling.tick_s,
            media,
            Speech(config.paths.speech, config.box.language),
            changed=self.panel.campaign,
        )
        self.reception = Reception(
            clock,
            self.store,
            media,
            self.desks,
            self.switchboard,
            Voice(Speech(config.paths.speech, config.box.language), config.box.language),
            reception.settings_of(config),
            automatic=lambda live: self.inbound_commands.automatic(live),
        )
        self.reception.held = lambda: self.dialler.promises.held
        self.reception.spoken_for = self.dialler.sharing.spoken_for
        self.dialler.sharing.callers = self.reception.waiting_for
        self.panel.watch(self.desks, self.switchboard, self.dialler)
        self.panel.incoming = self.reception.at
        self.queues = Queues(
            clock,
            self.hub,
            self.store,
            self.desks,
            self.reception,
            reception.settings_of(config).rules,
            config.box.zone,
        )
        self.reception.watch = self.queues.changed
        self.notifier = Notifier()
        self.store_pulse = Pulse(clock, lambda: self.store.do(_nothing))
        ages = {"store": self.store_pulse.age_s, "sip": lambda: media.health().heartbeat_age_s}
        self.watchdog = Watchdog(clock, self.notifier, ages)
        self.floor = Floor(config, clock, self.store, media, self.desks, self.switchboard, self.books)
        self.panel.more = self.floor.team.on_wall
        self.desk_commands = DeskCommands(
            clock,
            self.store,
            self.desks,
            self.switchboard,
            self.books,
            media,
            self.phones.registered,
            self.dialler,
            self.floor.parties,
        )
        self.inbound_commands = InboundCommands(
            clock, self.store, self.desks, self.reception, config.box.zone, self.floor.parties
        )
        self.desk_scripts = DeskScriptCommands(
            clock,
            self.store,
            self.desks,
            self.switchboard,
            self.dialler,
            self.reception,
            config.box.country,
        )
        self.desk_commands.instead = self.desk_scripts.around(self.inbound_commands.instead)
        self.office = Office(
            Context(
                config,
                clock,
                self.store,
                self.hub,
                people_changed=self.people_changed,
                campaigns_changed=self.campaigns_changed,
                campaign_gone=self.panel.gone,
                trunk_up=self._trunk_up,
                agent_state=self.desks.state,
                room=self.health.recording_allowed,
                confirm_clock=self.health.confirm_clock,
                settings_file=settings_file,
                recount=lambda campaign: self.dialler.pacers.recount(campaign),
                wake=lambda: self.dialler.soon(),
                dialling_allowed=self.health.dialling_allowed,
                calls=self._calls,
                machinery=self.aftercare.machinery(
                    analog, lambda: outside.phones, self._legs, looker, provision
                ),
            )
        )
        self.aftercare.changed = self.office.technician.changed
        self.aftercare.guide.facts = self._facts
        self.appliance = Appliance(clock, config, self._calls)
        self._looking: Timer | None = None
        self._edge_seen_s = clock.monotonic()
        self._tasks: set[asyncio.Task[None]] = set()

    # -- life ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Come up; on return the control socket answers and running campaigns go on."""
        for folder in (self.config.paths.state, self.config.paths.recordings, self.config.paths.runtime):
            folder.mkdir(parents=True, exist_ok=True)
        self.aftercare.start()
        await self.appliance.start()
        await self.store.open()
        await self._repair_recordings()
        await self._recover()
        await self.floor.start()
        await self.outside.start()
        on_trial = self.config.paths.trial.exists()
        await self.media.start(self.aftercare.deliver(self._turn_away if on_trial else self.reception.on_leg))
        await self.people_changed()
        await self.office.prepare()
        lines = LineCommands(self.analog, self.config, self.clock, self.store, self.hub)
        await lines.prepare()
        self.aftercare.test_line = lines.test
        talking = (
            self.desk_commands,
            self.desk_scripts,
            self.inbound_commands,
            PhoneCommands(self.desks, self.phones),
            lines,
        )
        for commands in (self.office, self.appliance, self.floor, *talking):
            commands.add_to(self.control)
        self._look()
        await self.dialler.start()
        for campaign in self.dialler.known():
            self.panel.campaign(campaign.id)
        await self.control.start()
        self.watchdog.start()
        self.notifier.ready()
        self.office.warm_up()
        _log.info("%s %s is ready", self.config.box.name, VERSION)

    async def stop(self) -> None:
        """Go down in order: no new call, every call ended, every word written."""
        self.notifier.stopping()
        self.watchdog.stop()
        await self.control.stop()
        await self.office.stop()
        await self.dialler.stop()
        if self._looking is not None:
            self._looking.cancel()
        self.floor.stop()
        self.switchboard.end_all()
        self.reception.end_all()
        await self.media.stop()
        await self.aftercare.guide.stop()
        await self._settle()
        await self.outside.stop()
        await self.store_pulse.stop()
        await self.store.close()
        await self.appliance.stop()
        self.aftercare.stop()

    @property
    def _others_busy(self) -> bool:
        return self.reception.busy or self.floor.busy or self.queues.busy

    async def idle(self) -> None:
        """Return when nothing is under way but time: no tick, no write, no task."""
        while self.dialler.busy or self.panel.busy or self._tasks or self.books.busy or self._others_busy:
            await asyncio.sleep(0)
            await self.store.idle()
        await self.store.idle()

    async def _settle(self) -> None:
        """Give what was just ended a moment to be written; what is left becomes ``interrupted`` at the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LOOK_S)
        await self.reception.drain(LOOK_S)
        await self.books.drain(LOOK_S)

    async def _repair_recordings(self) -> None:
        """Finish the files a power cut left half done; a disk that refuses must not keep the box from starting."""
        try:
            rescued = await asyncio.to_thread(recorder.repair, self.config.paths.recordings)
        except OSError as error:
            _log.error("recordings were left unfinished: %s", error)
        else:
            if rescued:
                _log.warning(
                    "%d recordings were cut short when the box stopped; they are rescued", len(rescued)
                )

    async def _recover(self) -> None:
        """After a power cut: close what was open, and know how late it is at least."""
        now = self.clock.utc()

        def work(conn: sqlite3.Connection) -> tuple[list[AttemptUid], float]:
            newest = newest_believed(conn)
            offers.clear(conn, now)
            inbound.interrupt_open(conn, now)
            return attempts.interrupt_open(
                conn, now, lambda a, c: _after_interruption(conn, a, c, now)
            ), newest

        interrupted, newest_at = await self.store.do(work)
        self.health.stored(newest_at)
        if interrupted:
            _log.warning("%d attempts were open when the box stopped; they are interrupted", len(interrupted))

    # -- what changes ----------------------------------------------------------------------------------------

    async def people_changed(self) -> None:
        """Users were added, changed or removed: take over desks and phone secrets."""
        everybody = await self.store.do(users.every)
        agents = [user for user in everybody if Role.AGENT in user.roles]
        self.desks.adopt(DeskUser(u.id, u.name, u.phone_user, u.phone_mode) for u in agents)
        self.phones.adopt({u.phone_user: u.phone_ha1 for u in everybody if u.phone_user and u.phone_ha1})
        self.panel.agents()

    async def campaigns_changed(self) -> None:
        """A campaign was created, changed, started, paused or stopped."""
        await self.dialler.reload()
        await self.floor.notices.look()
        for campaign in self.dialler.known():
            self.panel.campaign(campaign.id)

    def _agent_changed(self, before: Agent, after: Agent) -> None:
        self.panel.agent(after)
        self.dialler.pacers.agent_changed(before, after)
        if after.state is not before.state:
            self.store.post(
                lambda conn: agent_log.note(conn, after.user_id, after.since, after.state, after.reason)
            )

    def _turn_away(self, event: LegEvent) -> None:
        """On trial what is written down is thrown away: no caller is answered."""
        if isinstance(event, LegOffered) and not event.phone:
            self.media.hang_up(event.leg, UNAVAILABLE)
        else:
            self.reception.on_leg(event)

    def _freed(self) -> None:
        """An agent may be free, or a line: callers who wait go before calls not placed yet."""
        self.reception.seek_all()
        self.dialler.soon()

    def _wrap_up_expired(self, live: LiveCall) -> None:
        task = asyncio.get_running_loop().create_task(self.desk_commands.automatic(live))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- looking ---------------------------------------------------------------------------------------------

    def _look(self) -> None:
        if self.outside.up:
            self._edge_seen_s = self.clock.monotonic()
        media = self.media.health()
        vitals = Vitals(
            store_age_s=self.store_pulse.age_s(),
            sip_age_s=media.heartbeat_age_s,
            edge_age_s=self.clock.monotonic() - self._edge_seen_s,
            ballast_present=self.store.ballast_present,
            leaked_legs=media.leaks,
            on_trial=self.config.paths.trial.exists(),
            trunks=self._trunks_up(),
            lines=self.analog.wrong() if self.analog is not None else {},
            webhooks={each.url: each.stopped for each in self.office.webhooks.sender.failing},
            backup=self.office.keeper.worry(),
            registers=self.office.registers.worry(),
            promises_late=self.dialler.promises.late,
            **self.appliance.vitals(),
        )
        for check in self.health.look(vitals):
            self.hub.publish("health", check.plain())
        for trunk in self.config.trunks:
            self.hub.publish("trunk", self._trunk(trunk.name, trunk.lines))
        self.panel.agents()
        self.office.technician.look()
        self.queues.look()
        self.hub.publish("box", self._box())
        self._looking = self.clock.call_later(LOOK_S, self._look)

    def _trunk(self, name: str, lines: int) -> Mapping[str, Any]:
        known = {"name": name, "up": self._trunk_up(name), "legs": self._legs(name), "lines": lines}
        return {**known, **self.office.technician.trunk(name)}

    def _legs(self, trunk: str) -> int:
        out = sum(1 for live in self.switchboard.live() if live.settings.trunk == trunk and live.on_the_line)
        return out + self.reception.legs_on(trunk)

    def _calls(self) -> int:
        """Calls a restart would end, placed or come in; whoever hears how the box is can dial again."""
        return len(self.switchboard.live()) + sum(live.on_the_line for live in self.reception.live())

    def _box(self) -> Mapping[str, Any]:
        why_not = self.health.dialling_allowed()
        return {
            "name": self.config.box.name,
            "version": VERSION,
            "language": self.config.box.language,
            "dialling": not why_not,
            "why_not": why_not,
        }

    async def _facts(self) -> Facts:
        """What the box tells whoever dials ``*00``."""
        wrong = self.analog.wrong() if self.analog is not None else {}
        of_lines = {line.trunk_name for line in self.config.lines}
        sip = [trunk.name for trunk in self.config.trunks if trunk.name not in of_lines]
        return Facts(
            self.config.box.name,
            socket.gethostname().partition(".")[0].lower(),
            tuple(each["address"] for each in await asyncio.to_thread(ports) if each["address"]),
            set_up=not (await self.office.setup.state())["needed"],
            trunks={name: self._trunk_up(name) for name in sip},
            lines_ready=sum(1 for key, _ in wrong.values() if not key),
            lines=len(wrong),
            phones=sum(self.outside.phones.values()),
            may_dial=not self.health.dialling_allowed(),
        )

    def _trunk_up(self, name: str) -> bool:
        return self._trunks_up().get(name, False)

    def _trunks_up(self) -> Mapping[str, bool]:
        """Those behind the edge and those of analog lines."""
        return {**self.outside.trunks, **self.media.health().trunks}

    def _store_failed(self, error: BaseException) -> None:
        _log.error("a row could not be written: %s", error)


def _nothing(_: sqlite3.Connection) -> None:
    """A question to the store's thread: are you there?"""


def _after_interruption(
    conn: sqlite3.Connection, attempt: attempts.Attempt, campaign: campaigns.Campaign, now: float
) -> float | None:
    counts = attempts.counts(conn, attempt.contact_id)
    counts[Disposition.INTERRUPTED] = counts.get(Disposition.INTERRUPTED, 0) + 1
    used = attempt.permit.attempts_before + 1
    follows = retry.after(Disposition.INTERRUPTED, campaign.settings, counts, used, now)
    return callbacks.after_attempt(conn, attempt, Disposition.INTERRUPTED, now, follows.at, final=False)


def _analog(config: Config, sip: SipMedia, clock: Clock) -> LinesMedia:
    """All that modems need is read only where the settings name a line."""
    from firmware.trunks.lines import LinesMedia, settings_of

    return LinesMedia(sip, settings_of(config), clock)


async def serve(config: Config, settings_file: Path | None = None) -> None:
    """Run the box until SIGTERM or SIGINT; ``settings_file`` goes into its backups."""
    await begun(config.paths.runtime / "kamailio")
    clock, plan = SystemClock(), Plan.of(config)
    edge = Edge(plan, config.paths.runtime / "kamailio" / "rpc.sock")
    sip = SipMedia(SipSettings.of(config, plan), clock)
    analog = _analog(config, sip, clock) if config.lines else None
    rpc = config.paths.runtime / "kamailio" / "rpc.sock"
    closer = Closer(rpc, lambda: edge.phones, {t.name: t.register for t in plan.trunks}, clock.utc)
    service = Service(
        config, clock, analog or sip, edge, SystemProbe(), analog, settings_file, closer, edge.provision
    )
    asked_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked_to_stop.set)
    await service.start()
    await closer.start()
    await asked_to_stop.wait()
    await closer.stop()
    await service.stop()
