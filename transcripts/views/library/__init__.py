"""The library: its pages, folders and tags, saved filters, and the trash."""
