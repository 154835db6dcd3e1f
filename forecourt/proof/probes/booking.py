"""Probes of the booking form: what it asks for, what it says first, and what is kept with each answer."""
