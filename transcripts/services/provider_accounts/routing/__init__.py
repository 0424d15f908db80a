"""Which accounts may take what: rules, where providers are, and what may be sent outside."""
