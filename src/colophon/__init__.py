"""Colophon: a registry and static site for machine-generated literature syntheses."""
