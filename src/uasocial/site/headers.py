"""What each answer forbids the browser: one policy for served pages, and for those on a host.

Pages load their own styles, script and pictures, and nothing else; they ask nobody anything.
"""

__all__ = ["CSP", "META_CSP", "for_page"]

# https://www.w3.org/TR/CSP3/; what is not named falls back to `default-src`, but for the last
# directives, which have no fallback. There is no `upgrade-insecure-requests`: all that a page
# loads comes from where it came from itself, and on a local network that may be plain http.
_FETCHED = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'none'",
    "font-src 'none'",
    "manifest-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
)
# A <meta> may not carry this one: https://www.w3.org/TR/CSP3/#meta-element
_FRAMED = "frame-ancestors 'none'"

META_CSP = "; ".join(_FETCHED)
CSP = f"{META_CSP}; {_FRAMED}"

# https://www.w3.org/TR/permissions-policy/; copying is what a page is for:
# https://www.w3.org/TR/clipboard-apis/#clipboard-permissions. So is sharing, but it is a page's own
# by default (https://www.w3.org/TR/web-share/#permissions-policy), and Chromium warns of its name
# where the system has no share sheet.
_OWN = ("clipboard-write",)
_NOBODY = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
_PERMISSIONS = ", ".join([*(f"{name}=()" for name in _NOBODY), *(f"{n}=(self)" for n in _OWN)])

_ALWAYS = {
    "Content-Security-Policy": CSP,
    "Permissions-Policy": _PERMISSIONS,
    # https://www.w3.org/TR/referrer-policy/: no network learns on which page somebody was.
    "Referrer-Policy": "no-referrer",
    # https://fetch.spec.whatwg.org/#x-content-type-options-header
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know `frame-ancestors`: https://www.rfc-editor.org/rfc/rfc7034
    "X-Frame-Options": "DENY",
    # https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies
    "Cross-Origin-Opener-Policy": "same-origin",
    # https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A year; it binds this host alone, as the others under its name are not ours to bind.
# A browser ignores it over http, where it must not be sent: https://www.rfc-editor.org/rfc/rfc6797
_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}
# https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag#xrobotstag
_REHEARSAL = {"X-Robots-Tag": "noindex, nofollow"}


def for_page(*, https: bool = False, rehearsal: bool = False) -> dict[str, str]:
    """Return the headers of every answer; *https* is how it was asked for."""
    return _ALWAYS | (_HTTPS if https else {}) | (_REHEARSAL if rehearsal else {})
