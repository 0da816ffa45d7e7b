"""The fake clock keeps the order of time."""

from __future__ import annotations

from firmware.clock import FakeClock


async def test_timers_fire_in_order_of_time_then_of_setting() -> None:
    clock, fired = FakeClock(utc=1000.0), []
    clock.call_later(2.0, lambda: fired.append(("late", clock.utc())))
    clock.call_later(1.0, lambda: fired.append(("first", clock.utc())))
    clock.call_later(1.0, lambda: fired.append(("second", clock.utc())))
    await clock.advance(1.5)
    assert fired == [("first", 1001.0), ("second", 1001.0)]
    await clock.advance(0.5)
    assert fired[-1] == ("late", 1002.0)
    assert clock.utc() == 1002.0


async def test_a_timer_set_by_a_timer_fires_within_the_same_advance() -> None:
    clock, fired = FakeClock(), []
    clock.call_later(1.0, lambda: clock.call_later(1.0, lambda: fired.append(clock.monotonic())))
    await clock.advance(5.0)
    assert fired == [2.0]
    assert clock.monotonic() == 5.0


async def test_a_cancelled_timer_never_fires_and_cancelling_twice_is_harmless() -> None:
    clock, fired = FakeClock(), []
    timer = clock.call_later(1.0, lambda: fired.append(1))
    timer.cancel()
    timer.cancel()
    await clock.advance(2.0)
    assert fired == []


async def test_setting_the_wall_clock_does_not_touch_durations() -> None:
    clock, fired = FakeClock(utc=1000.0), []
    clock.call_later(1.0, lambda: fired.append(clock.monotonic()))
    clock.step_utc(-500.0)
    assert clock.utc() == 500.0
    await clock.advance(1.0)
    assert fired == [1.0]


async def test_what_a_timer_set_off_comes_to_rest_before_time_moves_on() -> None:
    seen: list[float] = []

    async def settle() -> None:
        seen.append(clock.monotonic())

    clock = FakeClock(settle=settle)
    clock.call_later(1.0, lambda: None)
    clock.call_later(2.0, lambda: None)
    await clock.advance(3.0)
    assert seen == [0.0, 1.0, 2.0]
