#include "png_reader.h"

#include <png.h>
#include <setjmp.h>
#include <string.h>

struct source {
  const unsigned char *next;
  size_t left;
};

static void fail(png_structp png, png_const_charp message) {
  char *reason = png_get_error_ptr(png);
  strncpy(reason, message, png_reader_reason_size - 1);
  reason[png_reader_reason_size - 1] = 0;
  longjmp(png_jmpbuf(png), 1);
}

static void ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void read_bytes(png_structp png, png_bytep bytes, size_t count) {
  struct source *source = png_get_io_ptr(png);
  if (count > source->left) png_error(png, "the file ends early");
  memcpy(bytes, source->next, count);
  source->next += count;
  source->left -= count;
}

bool png_reader_read(
    const unsigned char *file, size_t size, unsigned width, unsigned height, unsigned channels, unsigned char *pixels,
    char *reason) {
  struct source source = {file, size};
  reason[0] = 0;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reason, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return false;
  }
  // Nothing that changes between here and a longjmp is looked at after one.
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return false;
  }
  png_set_read_fn(png, &source, read_bytes);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_user_limits(png, width, height);
  png_read_info(png, info);
  png_set_expand(png);
  png_set_scale_16(png);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const size_t stride = (size_t)width * channels;
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height ||
      png_get_rowbytes(png, info) != stride || png_get_bit_depth(png, info) != 8)
    png_error(png, "its header and its chunks contradict each other");
  for (int pass = 0; pass < passes; pass++)
    for (unsigned row = 0; row < height; row++) png_read_row(png, pixels + row * stride, NULL);
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  return true;
}
