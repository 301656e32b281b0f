"""Systems of others, as processes and servers on 127.0.0.1 that really speak their protocols, with
faults that can be switched on."""
