"""Probes of the public site: what looking around leaves behind, and the pages that say how we keep our word."""
