"""The units: what they promise, and that the programs live with it."""
