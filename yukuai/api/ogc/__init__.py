"""OGC API Features: divisions with their lines, and facilities, for whatever reads that standard.
See docs/map.md."""
