"""The box's pages: bottle behind waitress, in a process and under a user of its own.

Talks to the service by its control socket and reads the store read-only; knows nothing of calls, SIP or SQL.
"""
