"""Reports as PDF: on A4, tagged, with their fonts, of the same bytes, and without asking anybody."""

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines import pdf
from pipelines.commands.assess import assess
from pipelines.pages import reports
from pipelines.workspace import Workspace
from scrapers import declaration
from tests.pipelines import applications
from tests.pipelines.applications import BEST, FAILING, FAILS, MONTH

pytestmark = pytest.mark.pdf
MAKEFILE = Path(declaration.__file__).parents[1] / "Makefile"


@pytest.fixture(scope="module", autouse=True)
def _printer() -> None:
    printer_is_there()


def printer_is_there() -> None:
    """Install what PDFs need, where it is missing."""
    try:
        pdf.load()
    except pdf.PdfUnavailableError:
        apt = shutil.which("apt-get")
        assert apt, "PDFs need Pango and a font, and there is no apt-get to install them with"
        subprocess.run([apt, "update"], check=True, capture_output=True)
        subprocess.run([apt, "install", "-y", *pdf.PACKAGES], check=True, capture_output=True)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports of a few cities, with the PDFs of one and of the cohort."""
    root = tmp_path_factory.mktemp("assessed")
    file = applications.write(root / "applications.csv", changed=FAILING)
    _assess(root, file, "out", "--city", BEST)
    return root / "out"


def _assess(root: Path, file: Path, name: str, *arguments: str) -> None:
    given = ["--edition", "model-2019", "--period", MONTH, "--observations", str(file)]
    done = CliRunner().invoke(
        assess, [*given, "--out", str(root / name), *arguments], obj=Workspace(root / "data")
    )
    assert done.exit_code == 0, done.output


def content(raw: bytes) -> bytes:
    """Everything in a PDF, streams unpacked."""
    streams = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", raw, re.DOTALL):
        try:
            streams.append(zlib.decompress(stream))
        except zlib.error:
            streams.append(stream)
    return b"\n".join([raw, *streams])


def _content(path: Path) -> bytes:
    return content(path.read_bytes())


def test_a_report_is_a_tagged_document_with_title_and_language_on_a4(out: Path) -> None:
    content = _content(out / "zh" / "city" / f"{BEST}.pdf")
    assert b"/Marked true" in content
    assert content.count(b"/S /Figure") == content.count(b"/Alt ") > 0
    assert b"pdfuaid" in content
    assert b"/Lang (zh-CN)" in content
    title = "杭州市示范城市评估报告 · 2019年6月"
    assert title.encode() in content or title.encode("utf-16-be").hex().encode() in content.lower()
    boxes = set(re.findall(rb"/MediaBox \[([^\]]+)\]", content))
    assert [[round(float(side)) for side in box.split()] for box in boxes] == [[0, 0, 595, 842]]


def test_the_chinese_font_is_embedded_and_no_other_is_used(out: Path) -> None:
    for path in out.rglob("*.pdf"):
        names = set(re.findall(rb"/FontName /([\w+-]+)", _content(path)))
        assert names
        assert all(b"Noto-Sans-CJK-SC" in name for name in names), names
        assert b"/FontFile3" in _content(path)


def test_nothing_says_when_it_was_made(out: Path) -> None:
    content = _content(out / "zh" / "index.pdf")
    assert b"CreationDate" not in content
    assert b"xmp:CreateDate" not in content


def test_only_the_named_citys_report_is_made_in_the_language_asked_for(out: Path) -> None:
    found = {path.relative_to(out).as_posix() for path in out.rglob("*.pdf")}
    assert found == {"zh/index.pdf", f"zh/city/{BEST}.pdf"}
    for lang in ("zh", "en"):
        page = (out / lang / "city" / f"{BEST}.html").read_text(encoding="utf-8")
        assert f'href="../../zh/city/{BEST}.pdf"' in page
        other = (out / lang / "city" / f"{FAILS}.html").read_text(encoding="utf-8")
        assert f"{FAILS}.pdf" not in other


def test_the_same_page_gives_the_same_pdf_and_one_that_is_true_is_kept(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = out.parent / "applications.csv"
    _assess(tmp_path, file, "out", "--city", BEST)
    again = tmp_path / "out" / "zh" / "city" / f"{BEST}.pdf"
    assert again.read_bytes() == (out / "zh" / "city" / f"{BEST}.pdf").read_bytes()

    def never(*_: object) -> bytes:
        raise AssertionError("it was made already")

    monkeypatch.setattr(pdf.Printer, "pdf", never)
    before = again.read_bytes()
    _assess(tmp_path, file, "out", "--city", BEST)
    assert again.read_bytes() == before


def test_a_page_fetches_nothing_from_anywhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("body::before { content: 'SECRET' }", encoding="utf-8")
    style = tmp_path / "style.css"
    style.write_text(f"html {{ font-family: '{pdf.FONT}' }}", encoding="utf-8")
    page = (
        '<!doctype html><html lang="zh"><head><title>页</title>'
        f'<link rel="stylesheet" href="{secret.as_uri()}"></head>'
        '<body><p>正文</p><img src="http://127.0.0.1:9/x.png" alt="图"></body></html>'
    )
    plain = page.replace(secret.as_uri(), "none:")
    printer = pdf.Printer(style)
    assert len(printer.pdf(page)) == len(printer.pdf(plain))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("FONT", "No Such Font", "need the font No Such Font")],
)
def test_what_a_machine_lacks_is_named_with_its_packages(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setattr(pdf, name, value)
    with pytest.raises(pdf.PdfUnavailableError, match=said) as caught:
        pdf.load()
    assert all(package in str(caught.value) for package in pdf.PACKAGES)


def test_the_set_up_installs_what_is_named() -> None:
    line = re.search(r"^PDF_PACKAGES = (.*)$", MAKEFILE.read_text(encoding="utf-8"), re.MULTILINE)
    assert line is not None
    assert tuple(line[1].split()) == pdf.PACKAGES


def test_many_reports_are_made_by_several_processes_as_by_one(
    tmp_path: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "_FEW", 1)
    _assess(tmp_path, out.parent / "applications.csv", "out", "--city", BEST)
    for path in sorted(out.rglob("*")):
        if path.is_file():
            assert (tmp_path / "out" / path.relative_to(out)).read_bytes() == path.read_bytes()
