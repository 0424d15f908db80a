"""Figures of live sessions: latency, cost, faults and endurance."""
