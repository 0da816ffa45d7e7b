"""Line echo cancelling by libspeexdsp (Debian: libspeexdsp1), the one module that knows the library.

What we send comes back from the line's hybrid; a filter learns that path (a multi-delay block frequency-domain filter
that slows down by itself when both sides talk) and its estimate is taken off what is heard. No residual suppression, no
noise reduction, no gain control: those would alter the voice the ears and the recorder hear.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache

import numpy as np

from dsp.frames import SAMPLE_RATE_HZ, Samples

FRAME = 160
TAIL_MS = 128
_LIBRARY = "libspeexdsp.so.1"
_SET_SAMPLING_RATE = 24
_SHORT = ctypes.POINTER(ctypes.c_int16)


class EchoError(RuntimeError):
    """The library cannot be loaded; the sentence says what to do."""


@lru_cache(maxsize=1)
def _speex() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError as why:
        raise EchoError(f"{_LIBRARY} is missing; install the Debian package libspeexdsp1 ({why})") from why
    library.speex_echo_state_init.restype = ctypes.c_void_p
    library.speex_echo_state_init.argtypes = [ctypes.c_int, ctypes.c_int]
    library.speex_echo_cancellation.argtypes = [ctypes.c_void_p, _SHORT, _SHORT, _SHORT]
    library.speex_echo_state_reset.argtypes = [ctypes.c_void_p]
    library.speex_echo_state_destroy.argtypes = [ctypes.c_void_p]
    library.speex_echo_ctl.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    return library


class EchoCanceller:
    """One line's. ``tail_ms`` must cover every buffer between what is sent and its echo. Not thread-safe."""

    def __init__(self, tail_ms: int = TAIL_MS) -> None:
        """Raise EchoError without the library, ValueError for a tail that is not 16 to 512 ms."""
        if not 16 <= tail_ms <= 512:
            raise ValueError(f"an echo tail is 16 to 512 ms, not {tail_ms}")
        self._library = _speex()
        self._state = self._library.speex_echo_state_init(FRAME, tail_ms * SAMPLE_RATE_HZ // 1000)
        rate = ctypes.c_int(SAMPLE_RATE_HZ)
        self._library.speex_echo_ctl(self._state, _SET_SAMPLING_RATE, ctypes.byref(rate))

    def cancel(self, heard: Samples, sent: Samples) -> Samples:
        """What was heard in 20 ms without the echo of what was sent, in that frame and before. int16[160] each."""
        for one in (heard, sent):
            if one.dtype != np.int16 or one.shape != (FRAME,):
                raise ValueError(f"a frame is int16[{FRAME}], not {one.dtype} {one.shape}")
        clean = np.empty(FRAME, np.int16)
        pieces = (np.ascontiguousarray(heard), np.ascontiguousarray(sent), clean)
        pointers = (piece.ctypes.data_as(_SHORT) for piece in pieces)
        self._library.speex_echo_cancellation(self._state, *pointers)
        return clean

    def reset(self) -> None:
        """Forget the path: another call may be switched through differently."""
        self._library.speex_echo_state_reset(self._state)

    def close(self) -> None:
        """Give the filter back; use it no more. Closing twice does nothing."""
        state, self._state = self._state, None
        if state:
            self._library.speex_echo_state_destroy(state)

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self.close()
