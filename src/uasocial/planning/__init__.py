"""When to post: cadences, the target's office hours and the supporters' evenings, and slots."""
