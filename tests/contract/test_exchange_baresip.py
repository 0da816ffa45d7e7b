"""A person called by baresip: an independent telephone speaks, listens and writes down what it heard."""

from __future__ import annotations

import asyncio
import contextlib
import wave
from pathlib import Path

import numpy as np
import pytest

from board.sim.g711 import Samples
from tests.contract.exchange_support import NUMBER, QUICK, exchange, free_pair, tool
from tests.unit.board_sim.support import write_wav

pytestmark = pytest.mark.peers
CONFIG = """
sip_listen 127.0.0.1:{sip}
audio_player aubridge,nowhere
snd_path {folder}
audio_source aufile,{folder}/speak.wav
audio_alert aufile,{folder}/alert.wav
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
ausrc_format s16
auplay_format s16
auenc_format s16
audec_format s16
rtp_ports {rtp}-{rtp_end}
net_interface 127.0.0.1
module_path /usr/lib/baresip/modules
module stdio.so
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
"""


def prepare(folder: Path) -> None:
    """Write baresip's folder: it will speak a 1 kHz tone for 0.8 s after 2 s, again and again."""
    folder.mkdir()
    at = np.arange(8000 * 60) / 8000
    tone = np.sin(2 * np.pi * 1000 * at) * 8000 * ((at % 4 > 2) & (at % 4 < 2.8))
    write_wav(folder / "speak.wav", tone.astype(np.int16))
    rtp = free_pair()
    sip = next(port for port in iter(free_pair, None) if not rtp <= port <= rtp + 10)
    (folder / "config").write_text(CONFIG.format(sip=sip, rtp=rtp, rtp_end=rtp + 10, folder=folder))
    (folder / "accounts").write_text(
        "<sip:+493023125999@127.0.0.1>;regint=0;audio_codecs=pcma/8000/1;ptime=20\n"
    )
    (folder / "contacts").write_text("")


def recording(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        assert file.getframerate() == 8000
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)


def strongest(samples: Samples) -> float:
    """The strongest frequency of half a second, in Hz."""
    return float(np.argmax(np.abs(np.fft.rfft(samples * np.hanning(len(samples))))) * 8000 / len(samples))


async def test_baresip_talks_with_a_person(tmp_path: Path) -> None:
    folder = tmp_path / "baresip"
    prepare(folder)
    what = {"behaviour": "human", **QUICK, "hello_after_s": 0.5, "talk_s": 7}
    async with exchange(tmp_path, what) as network:
        process = await asyncio.create_subprocess_exec(
            tool("baresip"), "-f", str(folder), "-e", f"/dial sip:{NUMBER}@127.0.0.1:{network.port}", "-t", "30",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            heard = await network.wait_for("heard_speech", timeout_s=20)
            ended = await network.wait_for("ended", timeout_s=30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            output = (await process.communicate())[0].decode(errors="replace")
        assert (ended.figures["by"], ended.figures["how"]) == ("callee", "bye"), output
        assert (heard.figures["first"], network.calls[0].media.stream.mouth.codec) == (True, "PCMA")
        assert len([one for one in network.witness.events if one.event == "spoke"]) >= 2
        capture = network.calls[0].heard
        begin = round((heard.t - capture.first_at) * 8000) + 400
        assert strongest(capture.samples()[begin : begin + 4000]) == pytest.approx(1000, abs=2)
    samples = recording(next(folder.glob("dump-*-dec.wav")))
    loud = np.abs(samples[: len(samples) // 160 * 160]).reshape(-1, 160).max(axis=1) > 1000
    first = int(np.argmax(loud))
    hello = int(np.argmin(loud[first:]))
    assert hello * 0.02 == pytest.approx(0.6, abs=0.2)
    assert strongest(samples[first * 160 + 400 :][:4000]) == pytest.approx(
        250, abs=2
    )  # the hello of make_voices
    assert len(samples) / 8000 == pytest.approx(ended.t - network.calls[0].answered_at, abs=0.5)
