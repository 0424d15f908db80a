"""The limiter at a provider, in Redis."""
