"""The site as a server gives it: fresh from the files, and nothing read twice without need."""
