"""The library: what its pages show, folders and tags, saved filters, and the trash."""
