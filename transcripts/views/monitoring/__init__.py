"""The addresses that monitoring asks."""
