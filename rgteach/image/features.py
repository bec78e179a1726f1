"""A named row of features, and the tables of their names and IBSI codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rgteach import views, wording
from rgteach.doors import nearest
from rgteach.errors import LearnerError

# name, IBSI code (manual v1.0, doi:10.1148/radiol.2020191145)
STATISTICS = {
    "mean": "Q4LE",
    "variance": "ECT3",
    "skewness": "KE2A",
    "kurtosis": "IPH6",
    "median": "Y12H",
    "minimum": "1GSF",
    "percentile_10": "QG58",
    "percentile_90": "8DWT",
    "maximum": "84IY",
    "interquartile_range": "SALO",
    "range": "2OJQ",
    "mean_absolute_deviation": "4FUA",
    "robust_mean_absolute_deviation": "1128",
    "median_absolute_deviation": "N72L",
    "coefficient_of_variation": "7TET",
    "quartile_coefficient_of_dispersion": "9S40",
    "energy": "N8CA",
    "root_mean_square": "5ZWQ",
}
HISTOGRAM = {
    "mean": "X6K6",
    "variance": "CH89",
    "skewness": "88K1",
    "kurtosis": "C3I7",
    "median": "WIFQ",
    "minimum": "1PR8",
    "percentile_10": "GPMT",
    "percentile_90": "OZ0C",
    "maximum": "3NCY",
    "mode": "AMMC",
    "interquartile_range": "WR0O",
    "range": "5Z3W",
    "mean_absolute_deviation": "D2ZX",
    "robust_mean_absolute_deviation": "WRZB",
    "median_absolute_deviation": "4RNL",
    "coefficient_of_variation": "CWYJ",
    "quartile_coefficient_of_dispersion": "SLWD",
    "entropy": "TLU2",
    "uniformity": "BJ5W",
    "maximum_gradient": "12CE",
    "maximum_gradient_level": "8E6O",
    "minimum_gradient": "VQB3",
    "minimum_gradient_level": "RHQZ",
}
# In the order of `core.glcm.texture`; the last one is Haralick's, without a code.
TEXTURE = {
    "joint_maximum": "GYBY",
    "joint_average": "60VM",
    "joint_variance": "UR99",
    "joint_entropy": "TU9B",
    "angular_second_moment": "8ZQL",
    "difference_average": "TF7R",
    "difference_variance": "D3YU",
    "difference_entropy": "NTRS",
    "sum_average": "ZGXS",
    "sum_variance": "OEEB",
    "sum_entropy": "P6QZ",
    "contrast": "ACUI",
    "dissimilarity": "8S9J",
    "inverse_difference": "IB1Z",
    "normalised_inverse_difference": "NDRX",
    "inverse_difference_moment": "WF0Z",
    "normalised_inverse_difference_moment": "1QCO",
    "inverse_variance": "E8JP",
    "correlation": "NI2N",
    "autocorrelation": "QWB0",
    "cluster_tendency": "DG8W",
    "cluster_shade": "7NFM",
    "cluster_prominence": "AE86",
    "information_correlation_1": "R8DG",
    "information_correlation_2": "JN9H",
    "maximal_correlation_coefficient": "",
}
# PyRadiomics' name: ours.  It leaves out what equals another feature (dissimilarity, sum variance).
PYRADIOMICS_TEXTURE = {
    "Autocorrelation": "autocorrelation",
    "ClusterProminence": "cluster_prominence",
    "ClusterShade": "cluster_shade",
    "ClusterTendency": "cluster_tendency",
    "Contrast": "contrast",
    "Correlation": "correlation",
    "DifferenceAverage": "difference_average",
    "DifferenceEntropy": "difference_entropy",
    "DifferenceVariance": "difference_variance",
    "Id": "inverse_difference",
    "Idm": "inverse_difference_moment",
    "Idmn": "normalised_inverse_difference_moment",
    "Idn": "normalised_inverse_difference",
    "Imc1": "information_correlation_1",
    "Imc2": "information_correlation_2",
    "InverseVariance": "inverse_variance",
    "JointAverage": "joint_average",
    "JointEnergy": "angular_second_moment",
    "JointEntropy": "joint_entropy",
    "MCC": "maximal_correlation_coefficient",
    "MaximumProbability": "joint_maximum",
    "SumAverage": "sum_average",
    "SumEntropy": "sum_entropy",
    "SumSquares": "joint_variance",
}


class Feature(NamedTuple):
    """One number with its name, its column in a table and its IBSI code ("" where there is none)."""

    name: str
    value: float
    column: str
    code: str


@dataclass(frozen=True, repr=False)
class Features(Mapping):
    """A row of features that reads like a dictionary: `row["contrast"]`, `dict(row)`, `for name in row`.

    Attributes
    ----------
    family : str
        Key of the words for the kind of features.
    detail : str
        What else the title says, such as the aggregation.
    entries : tuple of Feature
    convention : "ibsi" or "pyradiomics"
    """

    family: str
    detail: str
    entries: tuple[Feature, ...]
    convention: str = "ibsi"

    def __getitem__(self, name: str) -> float:
        for entry in self.entries:
            if name == entry.name or name == entry.column:
                return entry.value
        matches = [entry.value for entry in self.entries if entry.column == f"ih_{name}"]
        if matches:  # entropy stands for ih_entropy where there is no other
            return matches[0]
        known = [entry.name for entry in self.entries]
        raise UnknownFeature("unknown-feature", given=name, nearest=nearest(str(name), known), n=len(known))

    def __iter__(self) -> Iterator[str]:
        return iter([entry.name for entry in self.entries])

    def __len__(self) -> int:
        return len(self.entries)

    def to_dict(self) -> dict[str, float]:
        """Names and values."""
        return {entry.name: entry.value for entry in self.entries}

    def columns(self) -> dict[str, float]:
        """Column names of a feature table (`stat_mean`, `cm_contrast`, …) and values."""
        return {entry.column: entry.value for entry in self.entries}

    def codes(self) -> dict[str, str]:
        """Names and IBSI codes, of those that have one."""
        return {entry.name: entry.code for entry in self.entries if entry.code}

    @property
    def title(self) -> str:
        """What the features are, in the language of this moment."""
        return ", ".join(filter(None, (wording.say(self.family), self.detail, self.convention)))

    def __repr__(self) -> str:
        facts = {e.name: f"{e.value:<12.6g} {e.code}".rstrip() for e in self.entries}
        return views.text_card(self.title, facts)

    def _repr_html_(self) -> str:
        header = [wording.say(f"features-{part}") for part in ("name", "value", "code")]
        rows = [(e.name, f"{e.value:.6g}", e.code) for e in self.entries]
        return views.card(self.title, {}, views.table(header, rows))


class UnknownFeature(LearnerError, KeyError):
    """A feature name that is not in the row; a KeyError too, so that `in` and `get` work."""


def named(prefix: str, codes: Mapping[str, str], values: Mapping[str, float]) -> tuple[Feature, ...]:
    """Features in the order of a table of codes; those of a histogram carry the prefix in their name."""
    full = f"{prefix}_{{}}"
    return tuple(
        Feature(full.format(name) if prefix == "ih" else name, float(values[name]), full.format(name), code)
        for name, code in codes.items()
    )


def renamed(family: str, names: Mapping[str, str], codes: Mapping, values: Mapping) -> tuple[Feature, ...]:
    """Features under PyRadiomics' names."""
    return tuple(
        Feature(name, float(values[ours]), f"original_{family}_{name}", codes.get(ours, ""))
        for name, ours in names.items()
    )
