#!/usr/bin/env python3
"""Makes Tests/DatasetsTests/Fixtures/transformations.npz with a Python that has NumPy, SciPy and Pillow: images, and what these
make of them by the values of `augment`.

images, color [images, rows, columns, planes] uint8; values, color_values [cases, 3] float32: rotation in degrees clockwise, scale,
thickness; expected, color_expected [cases, images, rows, columns, planes] uint8.

Thickness is scipy.ndimage.grey_dilation or grey_erosion with the pixel and its four neighbours, mixed in between. Rotation and scale
are scipy.ndimage.affine_transform of order 1. Where images shrink, the tent of linear interpolation is as much wider: for half
the size it is the usual one behind the filter [1, 2, 1] / 4, for others without a rotation it is Pillow's BILINEAR.
Images go on beyond their edges as they are there."""
import pathlib

import numpy as np
from PIL import Image
from scipy import ndimage

MARGIN = 64
CROSS = ndimage.generate_binary_structure(2, 1)
random = np.random.default_rng(11)


def thickened(plane, thickness):
    spread = ndimage.grey_dilation if thickness > 0 else ndimage.grey_erosion
    rest = abs(thickness)
    while rest > 0:
        part = min(rest, 1)
        plane = plane + part * (spread(plane, footprint=CROSS, mode="nearest") - plane)
        rest -= part
    return plane


def affine(plane, rotation, scale):
    rows, columns = plane.shape
    wide = np.pad(plane, MARGIN, mode="edge")
    if scale < 1 and rotation == 0:
        size = [round(extent * scale) for extent in wide.shape]
        assert all(abs(a * scale - b) < 1e-4 and (a - b) % 2 == 0 for a, b in zip(wide.shape, size)), (wide.shape, scale)
        small = np.array(Image.fromarray(wide.astype(np.float32)).resize(size[::-1], Image.Resampling.BILINEAR))
        top, left = (size[0] - rows) // 2, (size[1] - columns) // 2
        return small[top:top + rows, left:left + columns]
    if scale < 1:
        assert scale == 0.5
        for axis in (0, 1):
            wide = ndimage.correlate1d(wide, [0.25, 0.5, 0.25], axis=axis, mode="nearest")
    # Clockwise with rows downwards; affine_transform asks where a pixel comes from, as (row, column).
    t = np.deg2rad(rotation)
    back = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]]) / scale
    middle = (np.array(wide.shape) - 1) / 2
    return ndimage.affine_transform(wide, back, middle - back @ middle, order=1, mode="nearest")[
        MARGIN:MARGIN + rows, MARGIN:MARGIN + columns]


def transformed(image, rotation, scale, thickness):
    planes = []
    for plane in np.moveaxis(image.astype(np.float64), 2, 0):
        plane = thickened(plane, thickness)
        planes.append(affine(plane, rotation, scale) if rotation or scale != 1 else plane)
    return np.floor(np.stack(planes, 2) + 0.5).clip(0, 255).astype(np.uint8)


def pictures(count, rows, columns, planes):
    """Noise, and strokes that touch an edge."""
    images = random.integers(0, 256, (count, rows, columns, planes))
    for image in images[1:]:
        image[:] = 0
        image[3:rows - 4, columns // 3:columns // 3 + 3] = 220
        image[rows // 2, columns // 3:] = 250
    return images.astype(np.uint8)


cases = [(0, 1, 0), (30, 1, 0), (-90, 1, 0), (12.5, 1.3, 0), (-71, 2.5, 0), (0, 1.7, 0), (20, 0.5, 0), (-45, 0.5, 0), (0, 0.75, 0), (0, 0.875, 0),
         (0, 1, 1), (0, 1, 0.4), (0, 1, -1.7), (0, 1, 3.25), (15, 1.2, -0.6), (-30, 0.5, 1.5)]
arrays = dict(images=pictures(3, 32, 16, 1), values=np.array(cases, np.float32))
color_cases = [(0, 1, 0), (25, 1.1, 0.5), (-60, 0.5, -1)]
arrays |= dict(color=pictures(2, 10, 13, 3), color_values=np.array(color_cases, np.float32))
for images, values, expected in (("images", "values", "expected"), ("color", "color_values", "color_expected")):
    arrays[expected] = np.stack([[transformed(image, *map(float, row)) for image in arrays[images]] for row in arrays[values]])
path = pathlib.Path(__file__).resolve().parents[2] / "Tests/DatasetsTests/Fixtures/transformations.npz"
np.savez_compressed(path, **arrays)
print(path, path.stat().st_size, {name: array.shape for name, array in arrays.items()})
