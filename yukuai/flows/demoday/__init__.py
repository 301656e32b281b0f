"""A demonstration day: 24 hours of a township, played through the product and counted beside it.

`plan` draws a script from a number, `play` acts it out, `ledger` counts what must come of it from
the script alone, `compare` asks the pages' own queries and names every difference.
"""
