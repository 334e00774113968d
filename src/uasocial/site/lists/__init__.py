"""The pages that list actions: which lists there are, their pages, and the rows in them."""
