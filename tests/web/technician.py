"""What a box with two lines, a refused trunk and a telephone tells the technician's page."""

from __future__ import annotations

from typing import Any

AT = 1_790_000_000.0
COUNTERS = {"heard": 8000, "said": 8000, "silent": 0, "unheard": 3, "underruns": 2, "overruns": 0}
BUSY = {
    "method": "busy", "confidence": "likely", "at_ms": 1200, "hz": [425.0], "pattern_ms": [480, 480], "rounds": 6,
    "length_ms": 0,
}  # fmt: skip
LINE = {
    "name": "amt-1", "trunk": "amt", "port": "/dev/ttyACM0", "country": "DE", "number": "", "state": "idle",
    "modem": "CX93001", "profile": "cx930xx", "format": "u-law", "duplex": True, "volts": 48.2, "volts_at": AT,
    "milliamps": None, "reversed_at": AT, "counters": COUNTERS, "rings": 2, "caller": "+49 30 23••••23",
    "caller_raw": [["NMBR", "030•••••••23"]], "caller_at": AT,
    "levels": {"heard": {"peak_db": -9.1, "rms_db": -24.0}, "said": {"peak_db": -8.0, "rms_db": -20.0}, "clipped": 4},
    "last": {"outcome": "far_end", "text": "busy", "at": AT}, "alarms": ["left_off_hook"],
    "habits": {"proposals": [BUSY], "learnt_at": AT, "learnt_by": "toni"}, "wrong": {"key": "", "figures": {}},
}  # fmt: skip
GONE = {
    **LINE, "name": "amt-2", "state": "gone", "modem": "", "profile": "", "volts": None, "habits": None,
    "wrong": {"key": "line_unplugged", "figures": {"line": "amt-2", "port": "/dev/ttyACM1"}},
}  # fmt: skip
TESTED = {
    "name": "amt-1", "kind": "test", "running": False, "step": "", "begun_at": AT, "ended_at": AT + 20,
    "verdict": "warn", "proposals": [], "failed": {"key": "", "figures": {}},
    "results": [
        {"test": "dial_tone", "figure": "dial_tone_level", "value": -13.2, "unit": "dBm0", "least": -25.0,
         "most": -8.0, "verdict": "good", "hint": ""},
        {"test": "noise", "figure": "noise", "value": -50.0, "unit": "dBm0", "least": None, "most": -58.0,
         "verdict": "warn", "hint": "line_hint_noise"},
        {"test": "battery", "figure": "loop_milliamps", "value": None, "unit": "mA", "least": 18.0, "most": 60.0,
         "verdict": "none", "hint": ""},
    ],
}  # fmt: skip
LEARNT = {
    "name": "amt-2", "kind": "learn", "running": False, "step": "", "begun_at": AT, "ended_at": AT + 60, "verdict": "",
    "results": [], "proposals": [BUSY], "failed": {"key": "", "figures": {}},
}  # fmt: skip
TRUNK = {
    "name": "gateway", "up": False, "legs": 0, "lines": 4, "codecs": ["G.711 A-law", "G.711 µ-law"],
    "address": "192.0.2.10:5060", "registered": False, "since": None, "refresh_s": None, "round_trip_ms": 21.5,
    "failure": {"code": 403, "q850": 21, "text": "Forbidden", "at": AT},
}  # fmt: skip
PHONE = {
    "name": "p5", "registered": True, "address": "192.0.2.20:5060", "agent": "Desk 1.0", "transport": "udp",
    "since": AT, "expires_s": 300,
}  # fmt: skip
TRIAL = {
    "id": "test-1", "kind": "number", "to": "+49 30 23••••01", "over": "gateway", "by": "Toni", "started_at": AT,
    "state": "ended", "ringing_at": AT + 2, "answered_at": None, "ended_at": AT + 30, "heard": "", "keys": "",
    "cause": "rejected", "ended_by": "far_end", "sip_code": 403, "text": "Forbidden",
}  # fmt: skip
MACHINE: list[dict[str, Any]] = [
    {
        "part": "network", "host": "strowger", "gateway": "192.0.2.1", "dns": ["192.0.2.2"],
        "interfaces": [
            {"name": "eth0", "up": True, "speed_mbit": 1000, "mac": "02:00:00:00:00:01", "addresses": ["192.0.2.5"]}
        ],
    },
    {"part": "clock", "synchronised": True, "source": "systemd-timesyncd", "offset_ms": 0.3, "error_ms": 12.0},
    {"part": "disk", "total_bytes": 32_000_000_000, "free_bytes": 20_000_000_000, "worn_percent": 10},
    {"part": "heat", "celsius": 51.2},
    {
        "part": "version", "strowger": "1.0", "slot": "A", "kernel": "6.1", "hardware": "Board", "serial": "0001",
        "booted_at": AT,
    },
]  # fmt: skip
PARTS: list[tuple[str, dict[str, Any]]] = [
    *(("line", line) for line in (LINE, GONE)),
    *(("line_job", job) for job in (TESTED, LEARNT)),
    ("trunk", TRUNK),
    ("phone", PHONE),
    ("trial", TRIAL),
    *(("machine", part) for part in MACHINE),
]
