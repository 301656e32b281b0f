"""Ballots of paper: one layout draws them and reads them (docs/ballots.md). No Django."""
