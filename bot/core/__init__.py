"""Pure decisions: what a poll changes, what an attempt came to, when the next one is due."""
