"""Backups of all that BookMe keeps, each one file that was verified, and the way back from one."""
