/* PNG through libpng. */
#include "image_codec.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <png.h>

#define MAX_TEXT_CHUNKS 64
#define MAX_CHUNK_BYTES (8 * 1024 * 1024)

typedef struct {
    image_file file;
    size_t position;
    char *error;
} png_source;

static void on_error(png_structp codec, png_const_charp message)
{
    png_source *source = png_get_error_ptr(codec);
    image_fail(source->error, message);
    png_longjmp(codec, 1);
}

static void on_warning(png_structp codec, png_const_charp message) { (void)codec; (void)message; }

static void read_bytes(png_structp codec, png_bytep target, size_t count)
{
    png_source *source = png_get_io_ptr(codec);
    if (count > source->file.length - source->position)
        png_error(codec, "the file ends early");
    memcpy(target, source->file.bytes + source->position, count);
    source->position += count;
}

static png_structp start(png_source *source, png_infop *info)
{
    png_structp codec = png_create_read_struct(PNG_LIBPNG_VER_STRING, source, on_error, on_warning);
    *info = codec ? png_create_info_struct(codec) : NULL;
    if (!*info) {
        png_destroy_read_struct(&codec, NULL, NULL);
        image_fail(source->error, "out of memory");
        return NULL;
    }
    png_set_read_fn(codec, source, read_bytes);
    png_set_user_limits(codec, IMAGE_MAX_SIDE, IMAGE_MAX_SIDE);
    png_set_chunk_cache_max(codec, MAX_TEXT_CHUNKS);
    png_set_chunk_malloc_max(codec, MAX_CHUNK_BYTES);
    return codec;
}

int png_size(image_file file, int32_t *width, int32_t *height, char *error)
{
    png_source source = { file, 0, error };
    png_infop info;
    png_structp codec = start(&source, &info);
    if (!codec)
        return IMAGE_ERROR;
    volatile int result = IMAGE_ERROR;
    if (setjmp(png_jmpbuf(codec)) == 0) {
        png_read_info(codec, info);
        *width = (int32_t)png_get_image_width(codec, info);
        *height = (int32_t)png_get_image_height(codec, info);
        result = IMAGE_OK;
    }
    png_destroy_read_struct(&codec, &info, NULL);
    return result;
}

/* Asks libpng for B, G, R, A whatever the file holds; gives whether the alpha is the file's own. */
static int ask_for_bgra(png_structp codec, png_infop info)
{
    int color = png_get_color_type(codec, info);
    int transparent = png_get_valid(codec, info, PNG_INFO_tRNS) != 0;
    png_set_expand(codec);
    png_set_strip_16(codec);
    if (!(color & PNG_COLOR_MASK_COLOR))
        png_set_gray_to_rgb(codec);
    png_set_bgr(codec);
    png_set_add_alpha(codec, 0xFF, PNG_FILLER_AFTER);
    return transparent || (color & PNG_COLOR_MASK_ALPHA);
}

int png_decode(image_file file, int32_t width, int32_t height, uint8_t *pixels, char *error)
{
    png_source source = { file, 0, error };
    png_infop info;
    png_structp codec = start(&source, &info);
    if (!codec)
        return IMAGE_ERROR;
    size_t row_bytes = (size_t)width * 4;
    volatile int translucent = 0, result = IMAGE_ERROR;
    if (setjmp(png_jmpbuf(codec)) == 0) {
        png_read_info(codec, info);
        if (png_get_image_width(codec, info) != (png_uint_32)width || png_get_image_height(codec, info) != (png_uint_32)height)
            png_error(codec, "the image has another size than its header says");
        translucent = ask_for_bgra(codec, info);
        int passes = png_set_interlace_handling(codec);
        png_read_update_info(codec, info);
        if (png_get_rowbytes(codec, info) != row_bytes)
            png_error(codec, "unexpected row length");
        for (int pass = 0; pass < passes; pass++)
            for (int32_t y = 0; y < height; y++)
                png_read_row(codec, pixels + y * row_bytes, NULL);
        result = IMAGE_OK;
    }
    png_destroy_read_struct(&codec, &info, NULL);
    if (result == IMAGE_OK && translucent)
        image_premultiply(pixels, (size_t)width * height);
    return result;
}

/* Straight alpha, as PNG files hold it. */
static uint8_t *without_premultiplication(const uint8_t *pixels, size_t count)
{
    uint8_t *straight = malloc(count * 4);
    if (!straight)
        return NULL;
    memcpy(straight, pixels, count * 4);
    for (uint8_t *p = straight, *end = straight + count * 4; p < end; p += 4) {
        unsigned alpha = p[3];
        for (int i = 0; alpha != 255 && i < 3; i++) {
            unsigned value = alpha == 0 ? 0 : (p[i] * 255u + alpha / 2) / alpha;
            p[i] = (uint8_t)(value > 255 ? 255 : value);
        }
    }
    return straight;
}

int mlext_image_encode_png(const uint8_t *pixels, int32_t width, int32_t height, uint8_t **bytes, size_t *length, char *error)
{
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = (png_uint_32)width;
    image.height = (png_uint_32)height;
    image.format = PNG_FORMAT_BGRA;
    uint8_t *straight = without_premultiplication(pixels, (size_t)width * height);
    if (!straight)
        return image_fail(error, "out of memory");
    int result = IMAGE_ERROR;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    uint8_t *file = malloc(size);
    if (!file) {
        image_fail(error, "out of memory");
    } else if (!png_image_write_to_memory(&image, file, &size, 0, straight, 0, NULL)) {
        image_fail(error, image.message);
        free(file);
    } else {
        *bytes = file;
        *length = size;
        result = IMAGE_OK;
    }
    free(straight);
    return result;
}
