"""Long recordings to events: what is heard, from when to when, and how sure."""
