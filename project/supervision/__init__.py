"""Keep the processes of one instance running: the Procfile, its children, their logs and their readiness."""
