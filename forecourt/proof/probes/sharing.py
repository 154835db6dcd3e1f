"""Probes of what reaches a dealer, and of the contract that must stand before it does."""
