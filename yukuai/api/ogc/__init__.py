"""OGC API Features: divisions and their lines for whatever reads that standard. See docs/map.md."""
