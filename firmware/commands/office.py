"""Everything the office can ask of the box over the control socket, put together.

The service makes one ``Office``, awaits ``prepare`` once the store is open, hands it the control socket with
``add_to``, and awaits ``stop`` on its way down. What agents do at their desks is ``desk``'s.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from firmware.auditing import Auditor
from firmware.backup.keeper import Keeper
from firmware.commands.admissions import AdmissionCommands
from firmware.commands.alerts import AlertCommands
from firmware.commands.attempts import AttemptCommands
from firmware.commands.audit import AuditCommands
from firmware.commands.backup import BackupCommands
from firmware.commands.callbacks import CallbackCommands
from firmware.commands.campaigns import CampaignCommands
from firmware.commands.clock import ClockCommands
from firmware.commands.context import Context
from firmware.commands.departments import DepartmentCommands
from firmware.commands.desk_own import DeskOwnCommands
from firmware.commands.dnc import DncCommands
from firmware.commands.dry_run import DryRuns
from firmware.commands.first_run import FirstRunCommands
from firmware.commands.imports import Imports, sweep
from firmware.commands.inbound_office import InboundOfficeCommands
from firmware.commands.inbox import Inbox
from firmware.commands.invitations import InvitationCommands
from firmware.commands.leads import LeadCommands
from firmware.commands.lists import ListCommands
from firmware.commands.orders import OrderCommands
from firmware.commands.permits import PermitCommands
from firmware.commands.privacy import PrivacyCommands
from firmware.commands.recordings import RecordingCommands
from firmware.commands.register_watch import RegisterWatch
from firmware.commands.report_mail import MailCommands
from firmware.commands.report_views import ReportCommands
from firmware.commands.schedules import ScheduleCommands
from firmware.commands.scripts import ScriptCommands
from firmware.commands.scrubbing import Scrubbing
from firmware.commands.second_factor import SecondFactorCommands
from firmware.commands.sessions import SessionCommands
from firmware.commands.settings import SettingsCommands
from firmware.commands.setup import SetupCommands
from firmware.commands.story import StoryCommands
from firmware.commands.support import SupportCommands
from firmware.commands.tapes import TapeCommands
from firmware.commands.technician import TechnicianCommands
from firmware.commands.tokens import TokenCommands
from firmware.commands.users import UserCommands
from firmware.commands.verdicts import VerdictCommands
from firmware.commands.walls import WallCommands
from firmware.commands.webhooks import WebhookCommands
from firmware.compliance.holiday_tables import load
from firmware.control import Control
from firmware.scoping import Scoping

_FORGOTTEN_UPLOAD_S = 86_400.0


class Office:
    """All commands but the desks'."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.imports = Imports(context)
        self.setup = SetupCommands(context)
        self._lists = ListCommands(context, self.imports)
        self.schedules = ScheduleCommands(context, self.imports)
        self._orders = OrderCommands(context)
        self._dnc = DncCommands(context, self.imports)
        self.registers = RegisterWatch(context)
        self.scrubbing = Scrubbing(context)
        self._dry_runs = DryRuns(context)
        self.inbox = Inbox(context, self.imports)
        self.webhooks = WebhookCommands(context)
        self.mail = MailCommands(context)
        self.alerts = AlertCommands(context, self.mail.sender)
        self.privacy = PrivacyCommands(context)
        self.keeper = Keeper(context.clock, context.config, context.settings_file)
        self.technician = TechnicianCommands(context)
        users = UserCommands(context)
        self.admissions = AdmissionCommands(context, users, self.mail.sender)
        self._rest = (
            self.technician,
            StoryCommands(context),
            SupportCommands(context),
            BackupCommands(self.keeper),
            CampaignCommands(context),
            LeadCommands(context),
            TokenCommands(context),
            self.webhooks,
            CallbackCommands(context),
            DeskOwnCommands(context),
            InboundOfficeCommands(context),
            AttemptCommands(context.store),
            PermitCommands(context),
            users,
            self.admissions,
            DepartmentCommands(context),
            AuditCommands(context),
            InvitationCommands(context, self.mail.sender),
            SessionCommands(context),
            SecondFactorCommands(context),
            ClockCommands(context),
            VerdictCommands(context),
            RecordingCommands(context),
            TapeCommands(context),
            ScriptCommands(context),
            ReportCommands(context),
            self.mail,
            self.alerts,
            self.privacy,
            WallCommands(context),
            SettingsCommands(context.config, context.settings_file, context.calls),
            FirstRunCommands(context.store),
        )

    async def prepare(self) -> None:
        """Make the folders, clear away what a stop left half done, make sure of the set-up code."""
        paths = self._context.config.paths
        for folder in (paths.uploads, paths.reports):
            await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        before_at = self._context.clock.utc() - _FORGOTTEN_UPLOAD_S
        await asyncio.to_thread(sweep, paths.uploads, paths.reports, before_at)
        await self._lists.prepare()
        await self._orders.prepare()
        await self._dnc.prepare()
        await self.registers.prepare()
        await self.scrubbing.prepare()
        await self.setup.prepare()
        await self.admissions.prepare()
        if not paths.trial.exists():
            await self._begin()

    def warm_up(self) -> None:
        """Fetch what the first call would have to wait for. Nothing else does: it is done while the box is in use."""
        year = datetime.fromtimestamp(self._context.clock.utc(), UTC).year
        asyncio.get_running_loop().run_in_executor(None, load, self._context.config.box.country, year)

    async def _begin(self) -> None:
        """Begin what the box does by itself. On trial it would be done twice: the data are a copy, soon thrown away."""
        await self.inbox.prepare()
        await self.schedules.prepare()
        await self.webhooks.prepare()
        await self.mail.prepare()
        await self.alerts.keeper.start()
        await self.privacy.prepare()
        await self.keeper.start()

    def add_to(self, control: Control) -> None:
        """Answer all commands, and log what they change."""
        control.audit_with(Auditor(self._context.store, self._context.clock))
        control.scope_with(Scoping(self._context.store, self._context.hub))
        for commands in (
            self.setup,
            self._lists,
            self.schedules,
            self._orders,
            self._dnc,
            self.registers,
            self.scrubbing,
            self._dry_runs,
            *self._rest,
        ):
            commands.add_to(control)

    async def stop(self) -> None:
        """End imports and clearing away."""
        await self.technician.stop()
        await self.keeper.stop()
        await self.inbox.stop()
        await self.schedules.stop()
        await self.imports.stop()
        await self._dry_runs.stop()
        await self._lists.stop()
        await self._orders.stop()
        await self._dnc.stop()
        await self.registers.stop()
        await self.scrubbing.stop()
        await self.webhooks.stop()
        await self.privacy.stop()
        await self.alerts.keeper.stop()
        await self.mail.stop()
