"""Figures of exports."""
