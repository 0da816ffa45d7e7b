"""Hardware, and the other end of its wires.

Imports nothing of ours: whatever stands here could be lifted out of the box and used by itself.
`sim` is the far side: what a line, a modem, a chip or a telephone network looks like from the box.
"""
