"""The accuracy ledger as pages show it."""
