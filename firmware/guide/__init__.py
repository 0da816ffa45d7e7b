"""``*00``: the box tells whoever dials it on a desk phone where it is and how it fares."""
