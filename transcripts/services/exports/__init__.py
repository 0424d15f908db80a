"""Exports that take time: asked for, written by a worker, told, removed when they expire."""
