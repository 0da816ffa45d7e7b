"""The sample campaign of a demonstration: fictitious people with numbers from a range reserved for drama.

Numbers are from +49 30 23125 000-999, which Germany's regulator keeps free for film and television.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

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


def write_contacts(path: Path, count: int, seed: int) -> None:
    """Write a semicolon-separated list as a German office would export it: name, number, town."""
    if not 1 <= count <= MOST_CONTACTS:
        raise ValueError(f"between 1 and {MOST_CONTACTS} contacts, not {count}")
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(["Name", "Telefon", "Ort"])
        for number in chance.sample(range(MOST_CONTACTS), count):
            name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
            rows.writerow([name, f"030 23125 {number:03d}", chance.choice(TOWNS)])


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
        "windows": [{"weekday": day, "start_min": 0, "end_min": 24 * 60} for day in range(7)],
        "max_attempts": 2,
        "min_gap_s": 5.0,
        "ring_timeout_s": 15.0,
        "wrap_up_limit_s": 20.0,
        "retry": dict.fromkeys(("busy", "no_answer", "failed", "silence", "interrupted"), again),
        "agent_ids": agent_ids,
    }
