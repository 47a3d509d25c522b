/* Decoding and encoding of image files for the Microsoft.ML stand-in.
 *
 * Pixels are 8-bit B, G, R, A with premultiplied alpha, rows from the top, no padding.
 * Every function returns IMAGE_OK or writes a short English reason to `error`.
 */
#ifndef MLEXT_IMAGE_CODEC_H
#define MLEXT_IMAGE_CODEC_H

#include <stddef.h>
#include <stdint.h>

#define IMAGE_API __attribute__((visibility("default")))

enum { IMAGE_OK = 0, IMAGE_ERROR = 1 };

/* Larger images are refused before anything is allocated: 2^27 pixels are 512 MiB of BGRA. */
#define IMAGE_MAX_SIDE 65535
#define IMAGE_MAX_PIXELS ((int64_t)1 << 27)

#define IMAGE_ERROR_SIZE 256

typedef struct { const uint8_t *bytes; size_t length; } image_file;

/* Exported. `error` has IMAGE_ERROR_SIZE bytes. */
IMAGE_API int mlext_image_size(const uint8_t *bytes, size_t length, int32_t *width, int32_t *height, char *error);
IMAGE_API int mlext_image_decode(const uint8_t *bytes, size_t length, int32_t width, int32_t height, uint8_t *pixels, char *error);
/* The caller gives the encoded bytes back with mlext_image_free. */
IMAGE_API int mlext_image_encode_png(const uint8_t *pixels, int32_t width, int32_t height, uint8_t **bytes, size_t *length, char *error);
IMAGE_API int mlext_image_encode_jpeg(const uint8_t *pixels, int32_t width, int32_t height, int32_t quality, uint8_t **bytes, size_t *length, char *error);
IMAGE_API void mlext_image_free(uint8_t *bytes);

/* One pair per file format. `width` and `height` are what the size function gave. A file that ends before its last row is an error. */
int jpeg_size(image_file file, int32_t *width, int32_t *height, char *error);
int jpeg_decode(image_file file, int32_t width, int32_t height, uint8_t *pixels, char *error);
int png_size(image_file file, int32_t *width, int32_t *height, char *error);
int png_decode(image_file file, int32_t width, int32_t height, uint8_t *pixels, char *error);
int bitmap_size(image_file file, int32_t *width, int32_t *height, char *error);
int bitmap_decode(image_file file, int32_t width, int32_t height, uint8_t *pixels, char *error);

int image_fail(char *error, const char *reason);
int image_size_changed(char *error);
void image_premultiply(uint8_t *pixels, size_t count);
/* a * b / 255, rounded. */
static inline uint8_t image_scale(unsigned a, unsigned b)
{
    unsigned product = a * b + 128;
    return (uint8_t)((product + (product >> 8)) >> 8);
}

#endif
