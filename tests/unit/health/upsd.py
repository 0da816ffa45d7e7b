"""An ``upsd`` outside of the process: answers NUT's protocol (RFC 9271) from a file, read for each question.

Lines of the file: ``NAME VALUE``; ``stale`` among them: the driver has lost the supply.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path


def answer(line: str, told: dict[str, str]) -> str:
    """One line for one line, as upsd writes it."""
    asked = re.fullmatch(r"GET VAR (\S+) (\S+)", line)
    if asked is None:
        return "OK Goodbye" if line == "LOGOUT" else "ERR UNKNOWN-COMMAND"
    if asked[1] != "office":
        return "ERR UNKNOWN-UPS"
    if "stale" in told:
        return "ERR DATA-STALE"
    if asked[2] not in told:
        return "ERR VAR-NOT-SUPPORTED"
    return f'VAR {asked[1]} {asked[2]} "{told[asked[2]]}"'


async def serve(file: Path) -> None:
    """Listen on a free port, print it, serve until killed."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := (await reader.readline()).decode().strip():
            pairs = (each.partition(" ") for each in file.read_text().splitlines())
            told = {name: value for name, _, value in pairs}
            writer.write(f"{answer(line, told)}\n".encode())
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
