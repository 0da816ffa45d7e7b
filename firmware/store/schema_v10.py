"""The tenth step: attempts by the time they began, for reports of a period. Independent of the steps before it."""

STATEMENTS: tuple[str, ...] = ("CREATE INDEX attempt_by_start ON attempt (started_at)",)
