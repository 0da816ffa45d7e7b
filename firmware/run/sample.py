"""The sample campaign of a demonstration: fictitious people with numbers from a range reserved for drama.

Numbers are from +49 30 23125 000-999, which Germany's regulator keeps free for film and television.
"""

from __future__ import annotations

import asyncio
import base64
import csv
import hashlib
import random
import secrets
from pathlib import Path
from typing import Any

from firmware.client import Client

FIRST_NAMES = (
    "Anna Bernd Clara Dieter Elif Frank Greta Hakan Ines Jonas Katrin Lars Mehmet Nora Otto Paula Quentin "
    "Rosa Stefan Tanja Ulrich Vera Wanda Xaver Yasmin Zoe"
).split()
LAST_NAMES = (
    "Albrecht Brandt Conrad Dietrich Engel Fuchs Graf Hartmann Iversen Jahn Keller Lorenz Maurer Nowak Ott "
    "Peters Quandt Richter Sommer Thiele Ulmer Vogt Wolff Yilmaz Zander"
).split()
TOWNS = ("Adlershof", "Britz", "Charlottenburg", "Dahlem", "Friedenau", "Gatow", "Karow", "Lankwitz")
MOST_CONTACTS = 1000
POLL_S = 0.1
MIN_GAP_S = 5.0
"""No contact of the sample is dialled again before this has passed."""


def write_contacts(path: Path, count: int, seed: int) -> None:
    """Write a semicolon-separated list as a German office would export it: name, number, town."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["Name", "Telefon", "Ort"])
        for number in chance.sample(range(MOST_CONTACTS), count):
            name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
            rows.writerow([name, f"030 23125 {number:03d}", chance.choice(TOWNS)])


ALL_WEEK = [{"weekday": day, "start_min": 0, "end_min": 24 * 60} for day in range(7)]
OWN_RULES = {
    "hours": ALL_WEEK,
    "holidays": False,
    "attempts_per_day": 9,
    "attempts_per_week": 9,
    "attempts_per_month": 9,
}
"""Nobody is disturbed by a demonstration: it runs at any hour, and again as often as somebody likes."""
MAPPING = {"number": "Telefon", "name": "Name"}


def campaign_settings(list_id: int, agent_ids: list[int], trunk: str, caller_id: str) -> dict[str, Any]:
    """A campaign that runs to its end while somebody watches: always open, short gaps, two tries at most."""
    again = {"delay_s": 5.0, "max_attempts": 2}
    return {
        "name": "Musterkampagne",
        "contact_list_id": list_id,
        "caller_id": caller_id,
        "country": "DE",
        "trunk": trunk,
        "windows": ALL_WEEK,
        "rule_pack": "own",
        "rules": OWN_RULES,
        "max_attempts": 2,
        "min_gap_s": MIN_GAP_S,
        "ring_timeout_s": 15.0,
        "wrap_up_limit_s": 20.0,
        "retry": dict.fromkeys(("busy", "no_answer", "failed", "silence", "interrupted"), again),
        "agent_ids": agent_ids,
    }


def unusable_password() -> str:
    """A password hash nobody knows the password of: simulated agents do not log in at the pages."""
    salt, unknown = secrets.token_bytes(16), secrets.token_bytes(32)
    digest = hashlib.scrypt(unknown, salt=salt, n=2**14, r=8, p=5, maxmem=64 << 20)
    return f"scrypt$16384$8$5${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


async def import_list(client: Client, source: Path) -> int:
    """Import a file and wait for the end of it; returns the contact list's id."""
    started = await client.ask(
        "list.import", path=str(source), name="Musterliste", mapping=MAPPING, country="DE"
    )
    while True:
        snapshot = await client.ask("status")
        job = next((each for each in snapshot["imports"] if each["job"] == started["job"]), None)
        if job is not None and job["done"]:
            return int(job["list_id"])
        await asyncio.sleep(POLL_S)


async def until_trunk_is_up(client: Client) -> None:
    """Wait for the edge to have reached the exchange."""
    while not all(trunk["up"] for trunk in (await client.ask("status"))["trunks"]):
        await asyncio.sleep(POLL_S)
