"""Recordings for machines: what is no sound is refused and leaves nothing; any WAV becomes telephone audio."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from firmware.dialling.messages import fault_of
from tests.web.box import ADMINISTRATOR, Answer, Box, Client


def upload(client: Client, name: str, content: bytes) -> Answer:
    """Send a file as the page's form would."""
    mark = "----strowger"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{client.csrf}\r\n'
    head += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = f"{head}Content-Type: audio/wav\r\n\r\n".encode() + content + f"\r\n--{mark}--\r\n".encode()
    kind = f"multipart/form-data; boundary={mark}"
    return client.send("POST", "/recordings", body, {"Origin": client.origin, "Content-Type": kind})


def stereo(seconds: float) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        at_s = np.arange(int(seconds * 44100)) / 44100
        one = (np.sin(2 * np.pi * 440 * at_s) * 8000).astype("<i2")
        file.writeframes(np.repeat(one, 2).tobytes())
    return out.getvalue()


def test_what_is_no_recording_is_refused_and_leaves_nothing(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    uploads = own_office.folder / "state/uploads"
    before = set(uploads.iterdir())
    for name, content in (("a.wav", b"no sound"), ("b.wav", stereo(0.0)), ("..wav", stereo(1.0))):
        answer = upload(client, name, content)
        assert answer.status == 422, name
        assert 'role="alert"' in answer.text
    assert set(uploads.iterdir()) == before
    assert "Noch keine Aufnahme." in client.get("/recordings").text


@pytest.mark.req("GEN-109")
def test_a_recording_is_kept_replaced_and_deleted(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    for seconds in (1.0, 2.0):
        assert upload(client, "Guten Tag.WAV", stereo(seconds)).path == "/recordings"
    assert upload(client, "Guten Tag.WAV", stereo(0.0)).status == 422
    assert fault_of(own_office.folder / "state/speech/recordings/guten-tag.wav") is None
    page = client.get("/recordings").text
    assert "<code>guten-tag</code>" in page
    assert "2 s" in page
    client.post("/recordings/guten-tag/remove")
    assert "Noch keine Aufnahme." in client.get("/recordings").text
