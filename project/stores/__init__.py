"""Where rows and answers are kept: the database and the cache."""
