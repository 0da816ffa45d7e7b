"""Backups: one encrypted file with everything, tried every night, put back on this box or a new one."""
