"""The fifth step: what people say about the ears' verdicts. Independent of the steps before it.

Released: never edited, only followed by further migrations. A word is a row with what the verdict rested on at that
moment, copied, because a later verdict replaces an attempt's figures. Rows are only added; the last one counts. A
result that an agent gave is a word too, written by a trigger, so that no way of closing an attempt can forget it:
``wrap_up`` where the code says that it was a machine, ``result`` where only a person can have given it. The code that
the box itself chose when the wrap-up limit passed says nothing.
"""

_SENSITIVITY = (
    "(SELECT json_extract(body, '$.amd_sensitivity') FROM settings_kept"
    " WHERE digest = json_extract({row}permit, '$.settings'))"
)
_RESTED_ON = (
    "{row}verdict, {row}verdict_confidence, {row}verdict_cause, {row}verdict_figures,"
    f" CAST(round(({{row}}verdict_at - {{row}}answered_at) * 1000) AS INTEGER), {_SENSITIVITY}"
)
RESTED_ON = _RESTED_ON.format(row="attempt.")
"""The columns of ``verdict_word`` from ``verdict`` on, taken from an attempt."""

STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE verdict_word (
        id INTEGER PRIMARY KEY,
        attempt_uid TEXT NOT NULL CHECK (length(attempt_uid) = 26),
        at REAL NOT NULL,
        user_id INTEGER NOT NULL,
        said TEXT NOT NULL CHECK (said IN ('machine', 'person')),
        how TEXT NOT NULL CHECK (how IN ('desk', 'history', 'wrap_up', 'result')),
        verdict TEXT NOT NULL,
        confidence REAL NOT NULL,
        cause TEXT NOT NULL,
        figures TEXT NOT NULL CHECK (json_valid(figures)),
        decided_ms INTEGER, -- since the answer; null for a verdict before it
        sensitivity TEXT -- the campaign's at the time of the call; null where its settings were not kept
    ) STRICT""",
    "CREATE INDEX verdict_word_by_attempt ON verdict_word (attempt_uid, id)",
    *(
        f"""CREATE TRIGGER verdict_word_{act.lower()} BEFORE {act} ON verdict_word BEGIN
        SELECT RAISE(ABORT, 'words about verdicts are only added to');
    END"""
        for act in ("UPDATE", "DELETE")
    ),
    f"""CREATE TRIGGER attempt_result_said AFTER UPDATE OF disposition ON attempt
        WHEN OLD.disposition IS NULL AND NEW.verdict IS NOT NULL AND NEW.user_id IS NOT NULL
        AND NEW.wrap_up_code IS NOT NULL AND NEW.key NOT GLOB 'automatic-*'
        AND NEW.disposition IN ('machine', 'contacted', 'callback', 'do_not_call', 'wrong_number') BEGIN
        INSERT INTO verdict_word (attempt_uid, at, user_id, said, how,
            verdict, confidence, cause, figures, decided_ms, sensitivity)
        SELECT NEW.uid, NEW.disposed_at, NEW.user_id,
            iif(NEW.disposition = 'machine', 'machine', 'person'),
            iif(NEW.disposition = 'machine', 'wrap_up', 'result'),
            {_RESTED_ON.format(row="NEW.")};
    END""",
)
