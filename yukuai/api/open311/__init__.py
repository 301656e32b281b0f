"""Open311 GeoReport v2: what clients of that standard send and read. See docs/open311.md."""
