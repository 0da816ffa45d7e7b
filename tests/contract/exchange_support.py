"""SIPp as the one who calls the exchange, and an exchange with voices made on the spot."""

from __future__ import annotations

import asyncio
import shutil
import socket
from pathlib import Path

from board.sim import plan
from board.sim.exchange import Exchange, Settings
from tests.peers.processes import free_port
from tests.unit.board_sim.support import make_voices

SCENARIOS = Path(__file__).parents[1] / "peers" / "sipp"
NUMBER = "+493023125900"
QUICK = {"post_dial_s": 0, "ring_s": 0.1, "hello_after_s": 0.2}


def tool(name: str) -> str:
    """Return the path of an independent judge; its absence is a failure, never a reason to skip."""
    path = shutil.which(name)
    assert path, f"{name} is missing: run make setup"
    return path


def free_pair() -> int:
    """Return an even UDP port that is free together with the next one."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port % 2 == 0 and port < 60_000:
            return port


def exchange(tmp_path: Path, what: object, **more: object) -> Exchange:
    """Return an exchange in which every number does `what`, unless it is a whole plan."""
    values = what if isinstance(what, dict) and "behaviour" not in what else {"numbers": {"*": what}}
    settings = Settings(plan=plan.read(values), voices=make_voices(tmp_path / "voices"), keep_s=60, **more)  # type: ignore[arg-type]
    return Exchange(settings)


async def sipp(
    tmp_path: Path, port: int, scenario: str, *options: str, number: str = NUMBER, status: int = 0, calls: int = 1,
) -> tuple[int, str]:  # fmt: skip
    """Run a scenario of tests/peers/sipp; return exit status (0: every call as written) and what it said."""
    file = tmp_path / f"{scenario}-{status}.xml"
    file.write_text((SCENARIOS / f"{scenario}.xml").read_text().replace("@STATUS@", str(status)))
    process = await asyncio.create_subprocess_exec(
        tool("sipp"), f"127.0.0.1:{port}", "-sf", str(file), "-s", number, "-m", str(calls), "-i", "127.0.0.1",
        "-mp", str(free_port(count=4)), "-nostdin", "-timeout", "60s", "-timeout_error", "-trace_err", *options,
        cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    errors = "\n".join(one.read_text() for one in tmp_path.glob("*errors.log"))
    return process.returncode or 0, output.decode(errors="replace")[-3000:] + errors
