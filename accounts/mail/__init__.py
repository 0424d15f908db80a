"""How mail leaves: the rows of the outbox, sent by workers."""
