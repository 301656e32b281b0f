"""Signing in, as far as it is the same for every surface: allauth's stages with our rules."""
