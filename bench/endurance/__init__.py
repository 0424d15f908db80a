"""What the pipeline does under load, faults and kills."""
