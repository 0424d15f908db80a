"""The check of quotations in a browser."""
