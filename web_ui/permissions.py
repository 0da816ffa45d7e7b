"""Who may do what: one table, from a permission to the roles that have it. Pure; ``app`` asks it at every request.

A route names one permission, the menu and the pages show only what the person may open, and ``/roles`` tells the
table in words. What the box's commands allow is not decided here: whoever reaches the control socket may use it.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from firmware.model import Role


class Permission(StrEnum):
    """One thing a person may do."""

    ACCOUNT = "account"
    """One's own password, language, logins and second factor, and who may do what."""
    DESK = "desk"
    """Take calls."""
    CALLBACKS = "callbacks"
    """See and move promises: one's own, or with ``CALLBACKS_ALL`` everybody's."""
    CALLBACKS_ALL = "callbacks_all"
    """See everybody's promises, withdraw and restore them."""
    CALLBACKS_RULES = "callbacks_rules"
    LIVE = "live"
    """The dashboard."""
    CAMPAIGNS = "campaigns"
    """Look at campaigns and single calls."""
    CAMPAIGNS_RUN = "campaigns_run"
    """Start, pause and stop."""
    CAMPAIGNS_CHANGE = "campaigns_change"
    VERDICTS = "verdicts"
    """Correct what the box heard."""
    DETECTION = "detection"
    """How well the box tells machines from people, and how careful it is."""
    LISTS = "lists"
    """Contacts: import, look up, export, delete."""
    DNC = "dnc"
    PROOF = "proof"
    """Permits, and why a number was called or not."""
    CONSENTS = "consents"
    """What people agreed to."""
    RECORDINGS = "recordings"
    """Texts the box plays."""
    TAPES = "tapes"
    """Recorded calls: find them and listen to them."""
    TAPES_TAKE = "tapes_take"
    """Take recorded calls along, and delete them."""
    TEXTS = "texts"
    """Scripts and prepared answers, which agents read aloud."""
    REPORTS = "reports"
    """Sums."""
    REPORTS_CALLS = "reports_calls"
    """Every single call of a period, with its number."""
    REPORTS_MAIL = "reports_mail"
    """Which reports are sent to whom."""
    ALERTS = "alerts"
    """See alerts and take note of them."""
    ALERTS_CHANGE = "alerts_change"
    """Who is told of alerts."""
    TEAM = "team"
    """The team's table: take part in calls, send people, write to desks."""
    TEAM_RULES = "team_rules"
    """Whether supervisors may take part in calls at all."""
    DESTINATIONS = "destinations"
    """The directory that calls are handed to."""
    WALLS = "walls"
    """Wallboards: their figures, and the links to them."""
    PRIVACY = "privacy"
    """How long things are kept; what is known of a person, and forgetting it."""
    PEOPLE = "people"
    AUDIT = "audit"
    """The log of changes."""
    TECHNICIAN = "technician"
    """Lines, trunks, telephones and the machine: look at them, test them, place test calls."""
    STORY = "story"
    """What happened in a call, step by step; its number only with ``REPORTS_CALLS``."""
    BACKUP = "backup"
    BOX = "box"
    """Updates, the settings of the box, its first run and its label."""
    PROGRAMS = "programs"
    """Keys for other programs, and what is told to them."""


_AGENT, _SUPERVISOR, _ANALYST = Role.AGENT, Role.SUPERVISOR, Role.ANALYST
_CONTENT, _MANAGER = Role.CONTENT_MANAGER, Role.CAMPAIGN_MANAGER
_ADMIN, _TECHNICIAN = Role.ADMINISTRATOR, Role.TECHNICIAN

MATRIX: dict[Permission, frozenset[Role]] = {
    permission: frozenset(roles)
    for permission, roles in {
        Permission.ACCOUNT: tuple(Role),
        Permission.DESK: (_AGENT,),
        Permission.CALLBACKS: (_AGENT, _SUPERVISOR, _MANAGER, _ADMIN),
        Permission.CALLBACKS_ALL: (_SUPERVISOR, _MANAGER, _ADMIN),
        Permission.CALLBACKS_RULES: (_MANAGER, _ADMIN),
        Permission.LIVE: (_SUPERVISOR, _ANALYST, _MANAGER, _ADMIN, _TECHNICIAN),
        Permission.CAMPAIGNS: (_SUPERVISOR, _MANAGER, _ADMIN),
        Permission.CAMPAIGNS_RUN: (_SUPERVISOR, _MANAGER, _ADMIN),
        Permission.CAMPAIGNS_CHANGE: (_MANAGER, _ADMIN),
        Permission.VERDICTS: (_SUPERVISOR, _MANAGER, _ADMIN),
        Permission.DETECTION: (_MANAGER, _ADMIN, _TECHNICIAN),
        Permission.LISTS: (_MANAGER, _ADMIN),
        Permission.DNC: (_MANAGER, _ADMIN),
        Permission.PROOF: (_SUPERVISOR, _MANAGER, _ADMIN),
        Permission.CONSENTS: (_MANAGER, _ADMIN),
        Permission.RECORDINGS: (_CONTENT, _MANAGER, _ADMIN),
        Permission.TAPES: (_SUPERVISOR, _ADMIN),
        Permission.TAPES_TAKE: (_ADMIN,),
        Permission.TEXTS: (_CONTENT, _MANAGER, _ADMIN),
        Permission.REPORTS: (_SUPERVISOR, _ANALYST, _MANAGER, _ADMIN),
        Permission.REPORTS_CALLS: (_SUPERVISOR, _MANAGER, _ADMIN),
        Permission.REPORTS_MAIL: (_MANAGER, _ADMIN),
        Permission.ALERTS: (_SUPERVISOR, _MANAGER, _ADMIN, _TECHNICIAN),
        Permission.ALERTS_CHANGE: (_ADMIN, _TECHNICIAN),
        Permission.WALLS: (_SUPERVISOR, _MANAGER, _ADMIN),
        Permission.PRIVACY: (_ADMIN,),
        Permission.PEOPLE: (_ADMIN,),
        Permission.AUDIT: (_ADMIN,),
        Permission.TEAM: (_SUPERVISOR, _ADMIN),
        Permission.TEAM_RULES: (_ADMIN,),
        Permission.DESTINATIONS: (_MANAGER, _ADMIN),
        Permission.TECHNICIAN: (_ADMIN, _TECHNICIAN),
        Permission.STORY: (_SUPERVISOR, _MANAGER, _ADMIN, _TECHNICIAN),
        Permission.BACKUP: (_ADMIN, _TECHNICIAN),
        Permission.BOX: (_ADMIN, _TECHNICIAN),
        Permission.PROGRAMS: (_ADMIN,),
    }.items()
}


def may(roles: Collection[Role], permission: Permission) -> bool:
    """Whether somebody with these roles has the permission through any of them. :raises KeyError: no such word."""
    return not MATRIX[permission].isdisjoint(roles)


_HOMES = (
    (Permission.DESK, "/desk"),
    (Permission.LIVE, "/dashboard"),
    (Permission.RECORDINGS, "/recordings"),
)


def home(roles: Collection[Role]) -> str:
    """The page somebody with these roles begins on; the one who takes calls and runs the box begins with the box."""
    first = "/dashboard" if Role.ADMINISTRATOR in roles else ""
    return first or next((path for permission, path in _HOMES if may(roles, permission)), "/account")
