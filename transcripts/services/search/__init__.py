"""The index of every text, title, speaker's name, comment and note: made, kept right, asked and made again."""
