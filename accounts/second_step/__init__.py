"""Two-step sign-in: passkeys, authenticator apps and recovery codes."""
