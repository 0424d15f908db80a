"""What transcription costs: charges, and the budgets that they are held against."""
