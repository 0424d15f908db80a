"""Calls under way: their deadlines, and what a failure means."""
