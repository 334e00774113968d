"""The page that supporters share from: a static site, and the same pages served from the files.

cards -> contents -> building (a folder) or asgi (a server). What a page shows is gathered in
`showing`, put into words by `interface`, and into HTML by `templates/`; all else that lies beside
it (feeds, calendar, pictures, packs) has a module of its own.
"""
