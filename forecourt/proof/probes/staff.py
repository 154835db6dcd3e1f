"""Probes of the staff desk: who may open what, and what an agent can do for a person on the phone."""
