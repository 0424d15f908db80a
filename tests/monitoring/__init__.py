"""Monitoring: metrics, readiness, logs and their id, reports to other services."""
