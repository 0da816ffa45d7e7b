"""Who else had to do with a call, the directory, what agents were told of campaigns: a part of ``reports``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from firmware.model import AttemptUid, CampaignId, Destination, UserId
from firmware.store import notices, parties, tapes
from firmware.store.notices import Notice
from firmware.store.reading import Readers


@dataclass(frozen=True, slots=True)
class Company:
    """Who else had to do with a call; ``names`` of people by their ids."""

    parts: list[parties.Party]
    steps: list[parties.CallStep]
    monitors: list[parties.MonitoringRow]
    names: Mapping[UserId, str]
    tapes: list[tapes.Piece]


class CompanyReports:
    """The part of the read model that is about parties."""

    _readers: Readers

    def company(self, uid: str) -> Company:
        """Who else took part in a call, what was done with it, who listened in, and the names of all of them."""
        attempt = AttemptUid(uid)
        with self._readers.read() as conn:
            names = {UserId(i): name for i, name in conn.execute("SELECT id, name FROM user")}
            return Company(
                parties.of_attempt(conn, attempt),
                parties.steps(conn, attempt),
                parties.monitorings(conn, attempt),
                names,
                tapes.of_call(conn, attempt),
            )

    def notices(self, campaign: CampaignId) -> list[Notice]:
        """What the agents of a campaign were told that still counts, and who has confirmed it."""
        with self._readers.read() as conn:
            return notices.of_campaign(conn, campaign)

    def destinations(self) -> list[Destination]:
        """The directory that calls are handed to, by name."""
        with self._readers.read() as conn:
            return parties.destinations(conn)
