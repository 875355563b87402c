"""Pages as PDF: A4, fonts embedded, tagged for screen readers, the same bytes for the same page.

Nothing is fetched: a page that names an address of the outside, or a file, gets nothing from there.
WeasyPrint and the libraries that it needs are loaded when the first PDF is asked for.
"""

import hashlib
import logging
import warnings
from functools import cached_property
from pathlib import Path
from typing import Any

FONT = "Noto Sans CJK SC"
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-noto-cjk")
"""What Debian calls the libraries and the font that a PDF needs."""
_VARIANT = "pdf/ua-1"
_MATCH, _MOST_NAMES = 0, 32  # FcResultMatch, and more names than a font has


class PdfUnavailableError(RuntimeError):
    """This machine cannot make PDFs; the message names the packages that it lacks."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; install the Debian packages {' '.join(PACKAGES)}")


def load() -> Any:
    """WeasyPrint, with all that it needs.

    Raises:
        PdfUnavailableError: libraries or the font are missing.
    """
    try:
        with warnings.catch_warnings():
            # What it warns of is judged below, in words that say what to do.
            warnings.simplefilter("ignore")
            import weasyprint
            from weasyprint.text import ffi
    except OSError as error:  # as dlopen tells it, which names the library
        raise PdfUnavailableError(f"PDFs need Pango: {error}") from error
    if ffi.harfbuzz_subset is None:
        raise PdfUnavailableError("PDFs need HarfBuzz-Subset")
    if not _has_font(ffi):
        raise PdfUnavailableError(f"PDFs need the font {FONT}")
    # Links that lead nowhere on paper are left out; that needs no telling.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    return weasyprint


class Printer:
    """Makes PDFs by one style sheet, which is read once."""

    def __init__(self, style: Path) -> None:
        """Load what is needed; PdfUnavailableError as `load`."""
        self._weasyprint = load()
        self._fonts: Any = self._weasyprint.text.fonts.FontConfiguration()
        self._nothing: Any = self._weasyprint.urls.URLFetcher(allowed_protocols=())
        self._style = style

    @cached_property
    def _sheet(self) -> Any:
        return self._weasyprint.CSS(filename=str(self._style), font_config=self._fonts)

    def key(self, html: str) -> str:
        """A hash of everything that a page's PDF is made of, but the fonts themselves."""
        digest = hashlib.sha256()
        for part in (
            html.encode(),
            self._style.read_bytes(),
            self._weasyprint.__version__.encode(),
        ):
            digest.update(part)
        return digest.hexdigest()

    def pdf(self, html: str) -> bytes:
        """The PDF of a page.

        Its identifier is a hash of the page and nothing tells when it was made.
        """
        page = self._weasyprint.HTML(string=html, url_fetcher=self._nothing)
        made = page.write_pdf(
            stylesheets=[self._sheet],
            font_config=self._fonts,
            pdf_variant=_VARIANT,
            pdf_identifier=self.key(html)[:32].encode(),
        )
        return bytes(made)


def _has_font(ffi: Any) -> bool:
    """Whether the first choice for the font's name is that font."""
    fontconfig, new = ffi.fontconfig, ffi.ffi
    config = new.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    pattern = new.gc(fontconfig.FcPatternCreate(), fontconfig.FcPatternDestroy)
    fontconfig.FcPatternAddString(pattern, b"family", FONT.encode())
    fontconfig.FcConfigSubstitute(config, pattern, fontconfig.FcMatchPattern)
    fontconfig.FcDefaultSubstitute(pattern)
    result, name = new.new("FcResult *"), new.new("FcChar8 **")
    found = new.gc(fontconfig.FcFontMatch(config, pattern, result), fontconfig.FcPatternDestroy)
    if found == new.NULL:
        return False
    for number in range(_MOST_NAMES):
        if fontconfig.FcPatternGetString(found, b"family", number, name) != _MATCH:
            return False
        if new.string(new.cast("char *", name[0])).decode() == FONT:
            return True
    return False
