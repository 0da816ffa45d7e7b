"""What can be wrong with a file somebody wants judged. Always says which file and what to do about it."""

from __future__ import annotations


class UnreadableFile(Exception):
    """The message names the file and the reason, fit for a line on a terminal."""


class BadManifest(Exception):
    """The message names the manifest, the row and the column, one line for each mistake."""
