"""Shares over time become events, and events are compared with what was there. Needs numpy alone."""
