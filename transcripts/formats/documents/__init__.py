"""Formats that people read as pages: title, details and turns."""
