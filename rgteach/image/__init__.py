"""From voxels and a mask to numbers: the friendly doors to the image kernels."""
