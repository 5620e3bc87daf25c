// Figures are bitmaps and colours: whoever draws has them too.
@_exported import BVAEPixels
