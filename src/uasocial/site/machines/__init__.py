"""What machines read: feeds, calendars, structured data, the map of the site, codes."""
