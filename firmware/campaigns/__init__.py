"""Campaigns: lists, import, retry rules."""
