"""Systems of others, as processes and servers that really speak their protocols."""
