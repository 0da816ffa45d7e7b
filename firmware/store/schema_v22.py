"""The twenty-second step: what imports did with values that agents had changed.

Released: never edited, only followed by further migrations. Independent of the steps before it.
"""

STATEMENTS: tuple[str, ...] = (
    # contacts that an import would have changed back: left as the agents said, or changed all the same
    "ALTER TABLE contact_import ADD COLUMN desk_kept INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE contact_import ADD COLUMN desk_replaced INTEGER NOT NULL DEFAULT 0",
)
