"""Reading transcripts that other programs wrote."""
