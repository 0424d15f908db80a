"""What people are refused, in sentences for them."""

from __future__ import annotations


class Refused(Exception):
    """What was asked cannot be done now; the message tells the person why and what would serve."""
