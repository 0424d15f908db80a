"""What work costs, and the budgets of teams."""
