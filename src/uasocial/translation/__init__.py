"""Words side by side in two languages: units of a case, what must stay, and files of them."""
