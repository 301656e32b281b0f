"""Engines: arithmetic that knows nothing of the platform. Each is a package with one public face."""
