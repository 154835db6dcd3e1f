"""Probes of the policy itself: that nothing happens which no version in force allows."""
