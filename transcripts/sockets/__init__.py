"""Sockets: events out, live audio in and live words out."""
