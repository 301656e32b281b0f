"""What can be done with the exchange: one verb, one action, one permission."""
