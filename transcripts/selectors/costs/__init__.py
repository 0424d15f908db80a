"""Minutes and money by team, provider and month."""
