"""Probes of the vault: what lies in the database in clear, and what does not."""
