"""Promised callbacks: when due, when late, whose, and when kept. Pure; see README."""
