"""Whom next and what then: conditions on a contact, the order of a list, rules before and after a call. Pure."""
