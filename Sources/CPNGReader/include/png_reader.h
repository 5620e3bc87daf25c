// libpng's row-by-row interface reports errors by longjmp, which must not pass through Swift's frames: this is the C
// around it. (Its simplified interface mixes transparent pixels in linear light, obeys gAMA, and scrambles interlaced
// pictures of sixteen bits in version 1.6.39.)
#ifndef BVAE_PNG_READER_H
#define BVAE_PNG_READER_H
#include <stdbool.h>
#include <stddef.h>

/// The longest reason that `png_reader_read` gives, with its zero.
enum { png_reader_reason_size = 128 };

/// Reads the stored values of a PNG file, eight bits each: palettes become colours, tRNS becomes alpha, one, two and four
/// bits are spread over 0…255, sixteen bits are rounded to the nearest of the 256 levels. No chunk about gamma or colour
/// spaces changes them.
/// - `size`: the bytes of `file`.
/// - `channels`: those of the result: 1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha.
/// - `pixels`: width · height · channels bytes.
/// - `reason`: why it could not be read, at most `png_reader_reason_size` bytes with the zero.
/// Returns whether the picture was read whole.
bool png_reader_read(
    const unsigned char *file, size_t size, unsigned width, unsigned height, unsigned channels, unsigned char *pixels,
    char *reason);

#endif
