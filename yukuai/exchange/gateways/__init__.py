"""The way out: to case systems of others (`port`), and to the addresses of subscribers (`wire`)."""
