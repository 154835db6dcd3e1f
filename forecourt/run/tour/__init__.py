"""The demo's guided tour: read what was sent, answer it, move the clock, break a promise and watch it being noticed.

Served in the demo alone: outside it these addresses do not exist.
"""
