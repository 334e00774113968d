"""From an urgent action to the right words, for every language and every platform."""
