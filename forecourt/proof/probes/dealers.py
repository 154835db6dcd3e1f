"""Probes of the dealer finder: what it asks of a visitor, and what it does with the answer."""
