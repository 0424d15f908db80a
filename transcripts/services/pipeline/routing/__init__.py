"""Jobs and their accounts: chosen before sending, and moved as long as nothing was sent."""
