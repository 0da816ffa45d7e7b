"""nginx in front of the pages: it waits for slow clients, so that the pages need not.

Writes its configuration for one plain address; encryption needs a certificate, which is the appliance's business.
"""

from __future__ import annotations

import re
from pathlib import Path

_TEMPLATE = Path(__file__).with_name("nginx.conf.in")
_ADDRESS = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}")
_SAFE_PATH = re.compile(r"[A-Za-z0-9._/-]+")


def render(listen: str, pages: str, browser_phones: str, directory: Path) -> list[str]:
    """Write nginx.conf into ``directory`` (made if missing); returns the command that runs nginx in the foreground.

    All but the folder are ``host:port``. Raises ValueError for values that could break out of the file.
    """
    addresses = {"listen": listen, "pages": pages, "browser_phones": browser_phones}
    for value, pattern in (*((each, _ADDRESS) for each in addresses.values()), (str(directory), _SAFE_PATH)):
        if not pattern.fullmatch(value):
            raise ValueError(f"{value!r} cannot stand in nginx's configuration")
    directory.mkdir(parents=True, exist_ok=True)
    text = _TEMPLATE.read_text(encoding="utf-8")
    for name, value in {**addresses, "directory": str(directory)}.items():
        text = text.replace(f"@{{{name}}}", value)
    configuration = directory / "nginx.conf"
    configuration.write_text(text, encoding="utf-8")
    return ["nginx", "-e", "stderr", "-p", str(directory), "-c", str(configuration)]
