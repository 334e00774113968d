"""The team's week: plans, approvals, corrections, the life of a case, and what is seen of it."""
