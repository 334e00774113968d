"""The pages of one case, and what lies beside them: gathered, worded, and packed to take along."""
