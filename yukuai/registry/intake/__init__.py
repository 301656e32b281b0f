"""Tables of others, as far as they are read before anybody asks the database: the file, what its
columns mean, what a line says."""
