"""What an agent reads and asks in a call: scripts, their fields, and what is wrong with them. See README.md."""
