"""Points as whole numbers of hundredths: 2.7 points are 270.  Sums are exact, and 2.9999999 cannot be."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

WHOLE = 10_000  # hundredths of a percent in all of something
_NOISE = Decimal("0.000001")  # what floating sums leave behind is smaller than this


@lru_cache(maxsize=4096)  # a class earns the same few numbers again and again
def exact(number: float | str | Decimal) -> int:
    """A number of points (or of percent) in hundredths, halves rounded up.

    Raises
    ------
    ValueError
        If it is no number, or not a finite one.

    Examples
    --------
    >>> exact(2.7), exact(0.1 + 0.2), exact("2.675"), exact(7 / 3)
    (270, 30, 268, 233)
    """
    try:
        value = Decimal(str(number).strip())
        if not value.is_finite() or abs(value) > 10**7:
            raise ValueError(number)
        return int((value.quantize(_NOISE) * 100).to_integral_value(ROUND_HALF_UP))
    except InvalidOperation:
        raise ValueError(number) from None


@lru_cache(maxsize=4096)
def shown(hundredths: int | None) -> str:
    """Hundredths as points, without zeros that say nothing.

    Examples
    --------
    >>> shown(270), shown(1400), shown(-5), shown(None)
    ('2.7', '14', '-0.05', '')
    """
    if hundredths is None:
        return ""
    sign, whole, rest = "-" if hundredths < 0 else "", *divmod(abs(hundredths), 100)
    return f"{sign}{whole}.{rest:02d}".rstrip("0").rstrip(".")


def scaled(hundredths: int, numerator: int, denominator: int) -> int:
    """Hundredths times a fraction, rounded to the nearest hundredth, halves up.

    Examples
    --------
    >>> scaled(1050, 10, 14), scaled(1, 1, 2)
    (750, 1)
    """
    return (2 * hundredths * numerator + denominator) // (2 * denominator)
