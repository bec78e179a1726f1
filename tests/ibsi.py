"""The IBSI digital phantom and its reference values, typed in from the reference manual.

Source: A. Zwanenburg, M. Vallières and others, The Image Biomarker Standardization Initiative, Radiology 295
(2020) 328-338, doi:10.1148/radiol.2020191145; reference manual arXiv:1612.07003, chapters 3 and 5.
Values have the digits printed there; their tolerance is zero, so a result passes when it rounds to them.
"""

import numpy as np

# 4 slices of 4 rows and 5 columns, voxels of 2 mm; a dot stands for a voxel outside the region.
_PHANTOM = """
1 4 4 1 1   1 4 4 1 1   1 4 4 . .   1 4 4 . .
1 4 6 1 1   1 1 6 1 1   1 1 1 1 1   1 1 1 1 1
4 1 6 4 1   . 1 3 1 1   1 1 . 1 1   1 1 1 1 1
4 4 6 4 1   4 4 6 1 1   1 1 6 1 1   1 1 6 1 1
"""
_OUTSIDE = 9  # IBSI fills one voxel outside with 9, above every level inside

SPACING_MM = (2.0, 2.0, 2.0)


def phantom():
    """Image and mask of the phantom, both (4, 4, 5)."""
    rows = [[list(block.split()) for block in line.split("   ")] for line in _PHANTOM.strip().splitlines()]
    cells = np.array(rows).swapaxes(0, 1)
    return np.where(cells == ".", str(_OUTSIDE), cells).astype(int), (cells != ".").astype(np.uint8)


# Intensity-based statistics, section 3.3
STATISTICS = {
    "Q4LE": 2.15,  # mean intensity
    "ECT3": 3.05,  # intensity variance
    "KE2A": 1.08,  # intensity skewness
    "IPH6": -0.355,  # excess intensity kurtosis
    "Y12H": 1,  # median intensity
    "1GSF": 1,  # minimum intensity
    "QG58": 1,  # 10th intensity percentile
    "8DWT": 4,  # 90th intensity percentile
    "84IY": 6,  # maximum intensity
    "SALO": 3,  # intensity interquartile range
    "2OJQ": 5,  # intensity range
    "4FUA": 1.55,  # intensity-based mean absolute deviation
    "1128": 1.11,  # intensity-based robust mean absolute deviation
    "N72L": 1.15,  # intensity-based median absolute deviation
    "7TET": 0.812,  # intensity-based coefficient of variation
    "9S40": 0.6,  # intensity-based quartile coefficient of dispersion
    "N8CA": 567,  # intensity-based energy
    "5ZWQ": 2.77,  # root mean square intensity
}
# Intensity histogram, section 3.4; the levels are the intensities
HISTOGRAM = {
    "X6K6": 2.15,  # mean discretised intensity
    "CH89": 3.05,  # discretised intensity variance
    "88K1": 1.08,  # discretised intensity skewness
    "C3I7": -0.355,  # excess discretised intensity kurtosis
    "WIFQ": 1,  # median discretised intensity
    "1PR8": 1,  # minimum discretised intensity
    "GPMT": 1,  # 10th discretised intensity percentile
    "OZ0C": 4,  # 90th discretised intensity percentile
    "3NCY": 6,  # maximum discretised intensity
    "AMMC": 1,  # intensity histogram mode
    "WR0O": 3,  # discretised intensity interquartile range
    "5Z3W": 5,  # discretised intensity range
    "D2ZX": 1.55,  # intensity histogram mean absolute deviation
    "WRZB": 1.11,  # intensity histogram robust mean absolute deviation
    "4RNL": 1.15,  # intensity histogram median absolute deviation
    "CWYJ": 0.812,  # intensity histogram coefficient of variation
    "SLWD": 0.6,  # intensity histogram quartile coefficient of dispersion
    "TLU2": 1.27,  # discretised intensity entropy
    "BJ5W": 0.512,  # discretised intensity uniformity
    "12CE": 8,  # maximum histogram gradient
    "8E6O": 3,  # maximum histogram gradient intensity
    "VQB3": -50,  # minimum histogram gradient
    "RHQZ": 1,  # minimum histogram gradient intensity
}
# Grey level co-occurrence, section 3.6, Chebyshev distance 1, symmetric
AGGREGATIONS = (
    "2d-averaged",
    "2d-merged",
    "2.5d-direction-merged",
    "2.5d-merged",
    "3d-averaged",
    "3d-merged",
)
GLCM = {
    "GYBY": (0.519, 0.512, 0.489, 0.492, 0.503, 0.509),  # joint maximum
    "60VM": (2.14, 2.14, 2.2, 2.2, 2.14, 2.15),  # joint average
    "UR99": (2.69, 2.71, 3.22, 3.24, 3.1, 3.13),  # joint variance
    "TU9B": (2.05, 2.24, 2.48, 2.61, 2.4, 2.57),  # joint entropy
    "TF7R": (1.42, 1.4, 1.46, 1.44, 1.43, 1.38),  # difference average
    "D3YU": (2.9, 3.06, 3.11, 3.23, 3.06, 3.21),  # difference variance
    "NTRS": (1.4, 1.49, 1.61, 1.67, 1.56, 1.64),  # difference entropy
    "ZGXS": (4.28, 4.29, 4.41, 4.41, 4.29, 4.3),  # sum average
    "OEEB": (5.47, 5.66, 7.48, 7.65, 7.07, 7.41),  # sum variance
    "P6QZ": (1.6, 1.79, 2.01, 2.14, 1.92, 2.11),  # sum entropy
    "8ZQL": (0.368, 0.352, 0.286, 0.277, 0.303, 0.291),  # angular second moment
    "ACUI": (5.28, 5.19, 5.39, 5.29, 5.32, 5.12),  # contrast
    "8S9J": (1.42, 1.4, 1.46, 1.44, 1.43, 1.38),  # dissimilarity
    "IB1Z": (0.678, 0.683, 0.668, 0.673, 0.677, 0.688),  # inverse difference
    "NDRX": (0.851, 0.854, 0.847, 0.85, 0.851, 0.856),  # normalised inverse difference
    "WF0Z": (0.619, 0.625, 0.606, 0.613, 0.618, 0.631),  # inverse difference moment
    "1QCO": (0.899, 0.901, 0.897, 0.899, 0.898, 0.902),  # normalised inverse difference moment
    "E8JP": (0.0567, 0.0553, 0.0597, 0.0582, 0.0604, 0.0574),  # inverse variance
    "NI2N": (-0.0121, 0.0173, 0.178, 0.182, 0.157, 0.183),  # correlation
    "QWB0": (5.09, 5.14, 5.4, 5.45, 5.06, 5.19),  # autocorrelation
    "DG8W": (5.47, 5.66, 7.48, 7.65, 7.07, 7.41),  # cluster tendency
    "7NFM": (7, 6.98, 16.6, 16.4, 16.6, 17.4),  # cluster shade
    "AE86": (79.1, 80.4, 147, 142, 145, 147),  # cluster prominence
    "R8DG": (-0.155, -0.0341, -0.124, -0.0334, -0.157, -0.0288),  # information correlation 1
    "JN9H": (0.487, 0.263, 0.487, 0.291, 0.52, 0.269),  # information correlation 2
}
