"""Squares of dots (QR codes, ISO/IEC 18004) as pictures. What draws them is read when the first is asked for."""

from __future__ import annotations

import io


def svg(text: str, scale: int = 6) -> bytes:
    """A picture of a text for a telephone's camera; ``scale``: how many pixels a dot is wide."""
    import segno

    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", scale=scale, dark="#000", light="#fff")
    return drawn.getvalue()
