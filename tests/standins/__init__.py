"""Outside systems on 127.0.0.1, each in its own shape, with faults that can be switched on."""
