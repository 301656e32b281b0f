"""Reads of the exchange. Each takes the actor first and shows only what he may see."""
