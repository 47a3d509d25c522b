/* The exported functions: which codec reads a file, and the limits that hold for all of them. */
#include "image_codec.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const char *magic;
    size_t magic_length;
    int (*size)(image_file, int32_t *, int32_t *, char *);
    int (*decode)(image_file, int32_t, int32_t, uint8_t *, char *);
} image_format;

static const image_format formats[] = {
    { "\xFF\xD8\xFF", 3, jpeg_size, jpeg_decode },
    { "\x89PNG\r\n\x1A\n", 8, png_size, png_decode },
    { "GIF8", 4, bitmap_size, bitmap_decode },
    { "BM", 2, bitmap_size, bitmap_decode },
};

static const image_format *find_format(image_file file)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (file.length > formats[i].magic_length && memcmp(file.bytes, formats[i].magic, formats[i].magic_length) == 0)
            return &formats[i];
    return NULL;
}

int image_fail(char *error, const char *reason)
{
    snprintf(error, IMAGE_ERROR_SIZE, "%s", reason);
    return IMAGE_ERROR;
}

int image_size_changed(char *error)
{
    return image_fail(error, "the image has another size than its header says");
}

void image_premultiply(uint8_t *pixels, size_t count)
{
    for (uint8_t *p = pixels, *end = pixels + count * 4; p < end; p += 4) {
        unsigned alpha = p[3];
        if (alpha == 255)
            continue;
        p[0] = image_scale(p[0], alpha);
        p[1] = image_scale(p[1], alpha);
        p[2] = image_scale(p[2], alpha);
    }
}

int mlext_image_size(const uint8_t *bytes, size_t length, int32_t *width, int32_t *height, char *error)
{
    image_file file = { bytes, length };
    const image_format *format = find_format(file);
    if (!format)
        return image_fail(error, "no known image format (JPEG, PNG, GIF and BMP are)");
    if (format->size(file, width, height, error) != IMAGE_OK)
        return IMAGE_ERROR;
    if (*width <= 0 || *height <= 0 || *width > IMAGE_MAX_SIDE || *height > IMAGE_MAX_SIDE
        || (int64_t)*width * *height > IMAGE_MAX_PIXELS) {
        snprintf(error, IMAGE_ERROR_SIZE, "an image of %d x %d pixels is outside the limits (side 1 to %d, at most %lld pixels)",
            (int)*width, (int)*height, IMAGE_MAX_SIDE, (long long)IMAGE_MAX_PIXELS);
        return IMAGE_ERROR;
    }
    return IMAGE_OK;
}

int mlext_image_decode(const uint8_t *bytes, size_t length, int32_t width, int32_t height, uint8_t *pixels, char *error)
{
    image_file file = { bytes, length };
    const image_format *format = find_format(file);
    if (!format)
        return image_fail(error, "no known image format");
    return format->decode(file, width, height, pixels, error);
}
