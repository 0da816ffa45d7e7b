"""Measurements: ``make bench``. Each ``bench_*.py`` has ``main(quick) -> list[(what, figure)]``; nothing is asserted."""
