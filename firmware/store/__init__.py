"""The store: one writer thread, all SQL."""
