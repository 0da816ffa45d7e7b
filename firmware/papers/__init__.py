"""What the box puts on paper: permits, for the authorities and for the person who was called."""
