"""A link as a picture that phones read from a slide."""

import io

SLIDE_PX = 1080  # as high as the picture area of a slide in full HD
_BORDER = 4  # modules of white around it, which readers need (ISO/IEC 18004)


def qr_png(link: str, size_px: int = SLIDE_PX) -> bytes:
    """`link` as a square black and white PNG of at most `size_px` pixels a side, never less than one a module.

    Error correction M: a beamer's glare and a head in front of a corner cost little, and the modules stay large.
    """
    # Takes 0.06 s, and few people make one.
    import segno

    code = segno.make_qr(link, error="m")
    modules = code.symbol_size(border=_BORDER)[0]
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=max(1, size_px // modules), border=_BORDER)
    return picture.getvalue()
