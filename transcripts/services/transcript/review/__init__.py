"""Review as work: what is reviewed, who reviews it by when, and whether it is approved."""
