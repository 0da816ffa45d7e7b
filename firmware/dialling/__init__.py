"""What the dialler is made of: lines, pacing per campaign, and records offered to agents."""
