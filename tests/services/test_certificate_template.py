"""The look of certificates: what a file of one's own may say, and what is said when it says something else."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from bot.cli import main
from bot.services import certificate_template
from bot.services.certificate_template import BadCertificateTemplate, Flaw

ROOT = Path(__file__).parents[2]
OURS = (ROOT / "bot" / "services" / "certificate_template.toml").read_text(encoding="utf-8")


def _written(folder: Path, text: str) -> str:
    path = folder / "sertifikat.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_without_a_file_of_ones_own_ours_is_taken() -> None:
    template = certificate_template.load("")

    assert {"name", "serial", "unit", "hours"} <= {
        name for each in template.text for name in each.placeholders
    }
    assert template.background is None


def test_a_copy_of_ours_with_another_signer_and_a_picture_is_good(tmp_path: Path) -> None:
    Image.new("RGB", (297, 210), "white").save(tmp_path / "latar.png")
    changed = OURS.replace('background = ""', 'background = "latar.png"').replace(
        'name = ""', 'name = "Ratna"'
    )

    template = certificate_template.load(_written(tmp_path, changed))

    assert template.signer.name == "Ratna"
    assert template.background == tmp_path / "latar.png"


@pytest.mark.parametrize(
    ("before", "after", "flaw", "where"),
    [
        ("[qr]", "[qr", Flaw.SYNTAX, "line"),
        ("[qr]", "[kode]", Flaw.MISSING, "qr"),
        ("frame = true", "bingkai = true", Flaw.UNKNOWN_KEY, "page.bingkai"),
        ('words = "SERTIFIKAT"', "", Flaw.MISSING, "text.2.words"),
        ("width = 237", 'width = "lebar"', Flaw.VALUE, "text.1.width"),
        ("size = 36", "size = 12", Flaw.VALUE, "qr.size"),
        ('"#1b6e53"', '"hijau"', Flaw.VALUE, "text.2.colour"),
        ('"{unit}"', '"{kantor}"', Flaw.PLACEHOLDER, "text.5"),
        ('"{unit}"', '"{unit"', Flaw.PLACEHOLDER, "text.5"),
        ('"{unit}"', '"{unit.__class__}"', Flaw.PLACEHOLDER, "text.5"),
        ('"{unit}"', '"{}"', Flaw.PLACEHOLDER, "text.5"),
        ('"{name}"', '"Sari"', Flaw.NOT_SHOWN, "{name}"),
        ('"Nomor seri: {serial}"', '"Nomor seri"', Flaw.NOT_SHOWN, "{serial}"),
        ("x = 236", "x = 270", Flaw.OUTSIDE, "qr"),
        ("width = 237", "width = 290", Flaw.OUTSIDE, "text.1"),
        ("smallest = 10", "smallest = 20", Flaw.TOO_LOW, "text.1"),
        ("height = 9", "height = 2", Flaw.TOO_LOW, "text.1"),
        ('background = ""', 'background = "tidak-ada.png"', Flaw.PICTURE, "tidak-ada.png"),
        ('background = ""', 'background = "sertifikat.toml"', Flaw.PICTURE, "sertifikat.toml"),
    ],
)
def test_a_slip_is_named_with_its_place(
    tmp_path: Path, before: str, after: str, flaw: Flaw, where: str
) -> None:
    assert before in OURS
    path = _written(tmp_path, OURS.replace(before, after, 1))

    with pytest.raises(BadCertificateTemplate) as caught:
        certificate_template.load(path)

    assert caught.value.flaw is flaw
    assert where in caught.value.where


def test_a_picture_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "utuh.png"
    Image.effect_noise((300, 200), 80).save(whole)
    (tmp_path / "latar.png").write_bytes(whole.read_bytes()[:5000])
    path = _written(tmp_path, OURS.replace('background = ""', 'background = "latar.png"'))

    with pytest.raises(BadCertificateTemplate) as caught:
        certificate_template.load(path)

    assert caught.value.flaw is Flaw.PICTURE


def test_the_start_says_what_to_mend_and_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path, OURS.replace('"{unit}"', '"{kantor}"'))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_TOKEN", "1:abc")
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/tanyacop.db")

    monkeypatch.setenv("CERTIFICATE_TEMPLATE", path)
    wrong = CliRunner().invoke(main, ["run"])
    monkeypatch.setenv("CERTIFICATE_TEMPLATE", str(tmp_path / "tidak-ada.toml"))
    gone = CliRunner().invoke(main, ["run"])

    assert wrong.exit_code == gone.exit_code == 2
    assert "text.5" in wrong.output
    assert "isian dalam kurung kurawal" in wrong.output
    assert "tidak dapat dibaca" in gone.output
    assert "Traceback" not in wrong.output + gone.output
