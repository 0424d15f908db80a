"""What live sessions cost and stand, through relay, web process and page."""
