"""Voice modems as telephone lines (V.250, V.253): see README.md."""
