"""GPIO lines with the surface of ``periphery.GPIO``: what is wired to them is told by whoever holds the ``Bench``."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edge:
    """As ``periphery.EdgeEvent``: ``timestamp`` in ns."""

    edge: str
    timestamp: int


class SimPin:
    """One line. Inputs are pulled up: released is high."""

    def __init__(self, direction: str) -> None:
        self.direction = direction
        self.level = direction == "in"
        self.closed = False
        self.written: list[bool] = []
        self.edges: deque[Edge] = deque()

    def read(self) -> bool:
        """The level."""
        self._held()
        return self.level

    def write(self, value: bool) -> None:
        """Set it."""
        self._held()
        if self.direction == "in":
            raise OSError(1, "an input cannot be written")
        self.level = value
        self.written.append(value)

    def poll(self, timeout: float | None = None) -> bool:
        """Whether an edge waits."""
        del timeout
        self._held()
        return bool(self.edges)

    def read_event(self) -> Edge:
        """The edge that waits."""
        self._held()
        return self.edges.popleft()

    def close(self) -> None:
        """Give it back."""
        self.closed = True

    def _held(self) -> None:
        if self.closed:
            raise OSError(9, "the line was given back")


class Bench:
    """A chip with its lines. ``taken``: lines another program holds."""

    def __init__(self, taken: frozenset[int] = frozenset()) -> None:
        self.pins: dict[int, SimPin] = {}
        self._taken = taken

    def open(self, chip: str, line: int, direction: str, edge: str) -> SimPin:
        """As ``board.gpio.panel.open_pin``."""
        del edge
        if line in self._taken:
            raise OSError(16, f"{chip} line {line}: Device or resource busy")
        self.pins[line] = SimPin(direction)
        return self.pins[line]

    def pull(self, line: int, low: bool, at_ms: int) -> None:
        """Something outside pulls an input down, or lets it go."""
        pin = self.pins[line]
        pin.level = not low
        pin.edges.append(Edge("falling" if low else "rising", at_ms * 1_000_000))
