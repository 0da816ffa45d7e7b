"""The ears on files: what a call with this audio would have been judged, heard packet by packet as in a call.

Behind the commands ``strowger amd`` and ``strowger tones``. See README.md.
"""
