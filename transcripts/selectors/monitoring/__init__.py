"""What is watched from outside: metrics for Prometheus, and whether the instance is ready."""
