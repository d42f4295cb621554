"""Units as texts of this literature print them: what each measures, and the base that it counts in."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit measures, and how many of the dimension's base one of it is."""

    kind: str
    factor: Decimal


# Dimension: base first; each with its spellings.
_TABLE: dict[str, dict[str, str]] = {
    "percent": {"1": "% percent percents pct"},
    "times": {"1": "x × times fold -fold folds"},
    "time": {
        "1": "s sec secs second seconds", "0.001": "ms msec millisecond milliseconds",
        "0.000001": "us µs μs microsecond microseconds", "60": "min mins minute minutes",
        "3600": "h hr hrs hour hours",
        "86400": "d day days", "604800": "wk week weeks", "2629800": "month months mo",
        "31557600": "yr yrs year years",
    },
    "bytes": {
        "1": "B byte bytes", "1000": "KB kB kilobytes", "1000000": "MB megabytes",
        "1000000000": "GB gigabytes", "1000000000000": "TB terabytes",
        "1024": "KiB", "1048576": "MiB", "1073741824": "GiB",
    },
    "mass": {
        "1": "g gram grams", "0.001": "mg milligram milligrams",
        "0.000001": "µg μg ug mcg microgram micrograms",
        "0.000000001": "ng", "1000": "kg kilogram kilograms kilos", "1000000": "tonne tonnes",
        "453.59237": "lb lbs pound pounds", "907184.74": "ton tons",
    },
    "length": {
        "1": "m meter meters metre metres", "0.001": "mm millimeter millimeters",
        "0.01": "cm centimeter centimeters", "0.000001": "µm μm um micrometer", "0.000000001": "nm",
        "1000": "km kilometer kilometers kilometre kilometres",
        "1609.344": "mile miles mi", "0.3048": "ft foot feet", "0.0254": "inch inches",
    },
    "volume": {
        "1": "l L liter liters litre litres", "0.001": "ml mL milliliter milliliters", "0.000001": "µl μl uL",
        "0.1": "dl dL", "3.785411784": "gallon gallons",
    },
    "energy": {"1": "J joule joules", "1000": "kJ", "3600000": "kWh", "4184": "kcal"},
    "power": {"1": "W watt watts", "1000": "kW", "1000000": "MW"},
    "frequency": {"1": "Hz", "1000": "kHz", "1000000": "MHz", "1000000000": "GHz"},
    "rate": {
        "1": "FLOPs FLOPS FLOP flops", "1000000000": "GFLOPs GFLOPS GFLOP",
        "1000000000000": "TFLOPs TFLOPS TFLOP",
    },
    "tokens": {"1": "token tokens"},
    "parameters": {"1": "parameter parameters params"},
    "concentration": {"1": "M", "0.001": "mM", "0.000001": "µM μM uM", "0.000000001": "nM"},
    "temperature": {"1": "°C °c celsius"},
    "points": {"1": "pp point points"},
    "money": {"1": "dollar dollars USD euro euros"},
    "mass of molecules": {"1": "kDa kD kd"},
    "sequence": {"1": "bp", "1000": "kb kbp"},
}  # fmt: skip

UNITS: dict[str, Unit] = {
    name: Unit(kind, Decimal(factor))
    for kind, sizes in _TABLE.items()
    for factor, names in sizes.items()
    for name in names.split()
}
UNITS |= {name: Unit("percent", Decimal(1)) for name in ("per cent", "percent")}
UNITS |= {name: Unit("points", Decimal(1)) for name in ("percentage point", "percentage points")}
SCALES = {
    "hundred": Decimal(100), "thousand": Decimal(1000), "million": Decimal(10**6), "billion": Decimal(10**9),
    "trillion": Decimal(10**12), "k": Decimal(1000), "K": Decimal(1000), "M": Decimal(10**6),
    "B": Decimal(10**9), "bn": Decimal(10**9), "mn": Decimal(10**6),
}  # fmt: skip
