"""Scans on disk for the tests: NIfTI and DICOM files made from arrays, with whatever is wrong with them."""

from pathlib import Path

import nibabel as nib
import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

CT, ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1"
# UCSF-PDGM's affine: LPS, 1 mm
LPS = np.array([[-1, 0, 0, 0], [0, -1, 0, 239], [0, 0, 1, 0], [0, 0, 0, 1.0]])


def noise(shape=(6, 8, 10), seed=0, low=0, high=1000, dtype=np.int16) -> np.ndarray:
    """Whole numbers (z, y, x) by chance."""
    return np.random.default_rng(seed).integers(low, high, shape).astype(dtype)


def ball(shape=(6, 8, 10), label=1) -> np.ndarray:
    """An ellipsoid of one label in the middle, uint8 (z, y, x)."""
    grid = np.indices(shape) - (np.array(shape).reshape(3, 1, 1, 1) - 1) / 2
    return (label * ((grid / (np.array(shape).reshape(3, 1, 1, 1) * 0.42)) ** 2).sum(0).__le__(1)).astype(
        np.uint8
    )


def save_nifti(path: Path, array_zyx: np.ndarray, affine=LPS, dtype=None, slope=None, inter=0.0) -> Path:
    """Write (z, y, x) as NIfTI; with a slope, the stored integers are kept and the header scales them."""
    image = nib.Nifti1Image(np.asarray(array_zyx).transpose(2, 1, 0), affine, dtype=dtype or array_zyx.dtype)
    image.set_qform(affine, 1)
    image.set_sform(affine, 1)
    nib.save(image, path)
    if slope is not None:  # nibabel would compute one of its own
        _put_slope(path, slope, inter)
    return path


def _put_slope(path: Path, slope: float, inter: float) -> None:
    import gzip
    import struct

    packed = path.suffix == ".gz"
    data = bytearray(gzip.decompress(path.read_bytes()) if packed else path.read_bytes())
    data[112:120] = struct.pack("<2f", slope, inter)
    path.write_bytes(gzip.compress(bytes(data)) if packed else bytes(data))


def save_slice(path: Path, pixels: np.ndarray, z_mm: float, series="1.2.3", number=1, **tags) -> Path:
    """Write one classic CT slice; `tags` add to its header or, where None, take away from it."""
    data = _dataset(CT)
    data.Modality, data.SeriesInstanceUID, data.SeriesNumber = "CT", series, number
    data.SeriesDescription = f"series {number}"
    data.ImagePositionPatient, data.ImageOrientationPatient = [-10, -20, z_mm], [1, 0, 0, 0, 1, 0]
    data.PixelSpacing, data.SliceThickness = [0.5, 0.75], 2
    data.RescaleSlope, data.RescaleIntercept = 1, -1024
    _put_pixels(data, pixels)
    for name, value in tags.items():
        if value is None:
            delattr(data, name)
        else:
            setattr(data, name, value)
    data.save_as(path, enforce_file_format=True)
    return path


def save_series(folder: Path, array_zyx: np.ndarray, step_mm=2.0, **tags) -> Path:
    """Write a series whose file names run against the order of its slices."""
    folder.mkdir(exist_ok=True, parents=True)
    n = len(array_zyx)
    for z, plane in enumerate(array_zyx):
        save_slice(folder / f"IM{n - z:03d}.dcm", plane, z * step_mm, **tags)
    return folder


def save_enhanced(path: Path, array_zyx: np.ndarray, step_mm=2.0) -> Path:
    """Write an Enhanced CT: all slices in one file, the last one first."""
    data = _dataset(ENHANCED_CT)
    data.Modality, data.SeriesInstanceUID, data.NumberOfFrames = "CT", "1.2.9", len(array_zyx)
    _put_pixels(data, array_zyx[::-1])
    data.Rows, data.Columns = array_zyx.shape[1:]
    shared, measures, plane, values = Dataset(), Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = [0.5, 0.75], step_mm
    plane.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    values.RescaleSlope, values.RescaleIntercept, values.RescaleType = 2, -1000, "HU"
    shared.PixelMeasuresSequence = Sequence([measures])
    shared.PlaneOrientationSequence = Sequence([plane])
    shared.PixelValueTransformationSequence = Sequence([values])
    data.SharedFunctionalGroupsSequence = Sequence([shared])
    frames = []
    for z in reversed(range(len(array_zyx))):
        frame, place = Dataset(), Dataset()
        place.ImagePositionPatient = [-10, -20, z * step_mm]
        frame.PlanePositionSequence = Sequence([place])
        frames.append(frame)
    data.PerFrameFunctionalGroupsSequence = Sequence(frames)
    data.save_as(path, enforce_file_format=True)
    return path


def _dataset(sop_class: str) -> Dataset:
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = sop_class, generate_uid()
    data.file_meta.MediaStorageSOPClassUID = sop_class
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    return data


def _put_pixels(data: Dataset, pixels: np.ndarray) -> None:
    data.Rows, data.Columns = pixels.shape[-2:]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = 16
    data.HighBit, data.PixelRepresentation = 15, 1
    data.PixelData = np.ascontiguousarray(pixels, "<i2").tobytes()
