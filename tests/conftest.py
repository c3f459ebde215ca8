"""What pytest must not import while it looks for tests and examples."""

collect_ignore = ["pretended_device.py", "learns_elsewhere.py"]
"""To import these registers a device in the whole process; a test runs them in another."""
