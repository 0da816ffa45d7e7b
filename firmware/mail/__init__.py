"""Mail: a queue that survives a restart, and one configured server it goes out by. See README.md."""
