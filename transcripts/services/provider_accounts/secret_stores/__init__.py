"""Where keys are kept: encrypted in the database, and in files that a secret store writes."""
