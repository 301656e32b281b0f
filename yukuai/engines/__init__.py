"""Engines: arithmetic that knows nothing of the platform. One package each, one public face."""
