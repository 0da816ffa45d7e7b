"""Alerts: what is wrong with the box, with a beginning and an end. See README.md."""
