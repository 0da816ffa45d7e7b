"""Measurements (``make bench``): each ``bench_*.py`` has ``main(quick) -> list[(what, figure)]``; none asserts."""
