/* GIF (its first frame) and BMP through stb_image. */
#include "image_codec.h"

#include <stdlib.h>
#include <limits.h>

#define STBI_ONLY_BMP
#define STBI_ONLY_GIF
#define STBI_NO_STDIO
#define STBI_MAX_DIMENSIONS IMAGE_MAX_SIDE
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

static uint32_t little_endian(image_file file, size_t at, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value |= at + i < file.length ? (uint32_t)file.bytes[at + i] << (8 * i) : 0;
    return value;
}

/* stb_image takes bytes beyond the end as zeros; these two tell whether the (first) picture is all there. */
static int bmp_is_whole(image_file file, int32_t width, int32_t height)
{
    uint32_t header = little_endian(file, 14, 4);
    uint32_t bits = little_endian(file, header == 12 ? 24 : 28, 2);
    uint64_t stride = ((uint64_t)width * bits + 31) / 32 * 4;
    return little_endian(file, 10, 4) + stride * height <= file.length;
}

static int gif_is_whole(image_file file)
{
    const size_t screen = 13;
    uint32_t flags = little_endian(file, 10, 1);
    size_t at = screen + (flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0);
    while (at < file.length) {
        uint8_t kind = file.bytes[at];
        if (kind == 0x2C) { /* picture: descriptor, colors, code size, blocks */
            flags = little_endian(file, at + 9, 1);
            at += 11 + (flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0);
        } else if (kind == 0x21) { /* extension: label, blocks */
            at += 2;
        } else {
            return 0;
        }
        while (at < file.length && file.bytes[at] != 0)
            at += (size_t)file.bytes[at] + 1;
        if (at >= file.length)
            return 0;
        if (kind == 0x2C)
            return 1;
        at++;
    }
    return 0;
}

static int fail_as_stb(char *error)
{
    const char *reason = stbi_failure_reason();
    return image_fail(error, reason && *reason ? reason : "the file is damaged");
}

int bitmap_size(image_file file, int32_t *width, int32_t *height, char *error)
{
    int channels;
    if (file.length > INT_MAX)
        return image_fail(error, "the file is larger than 2 GiB");
    if (!stbi_info_from_memory(file.bytes, (int)file.length, width, height, &channels))
        return fail_as_stb(error);
    if (*height < 0)
        *height = *height == INT_MIN ? 0 : -*height;
    return IMAGE_OK;
}

int bitmap_decode(image_file file, int32_t width, int32_t height, uint8_t *pixels, char *error)
{
    int found_width, found_height, channels;
    if (file.bytes[0] == 'B' ? !bmp_is_whole(file, width, height) : !gif_is_whole(file))
        return image_fail(error, "the file ends early");
    uint8_t *rgba = stbi_load_from_memory(file.bytes, (int)file.length, &found_width, &found_height, &channels, 4);
    if (!rgba)
        return fail_as_stb(error);
    size_t count = (size_t)width * height;
    int same = found_width == width && found_height == height;
    if (same) {
        for (size_t i = 0; i < count; i++) {
            pixels[i * 4] = rgba[i * 4 + 2];
            pixels[i * 4 + 1] = rgba[i * 4 + 1];
            pixels[i * 4 + 2] = rgba[i * 4];
            pixels[i * 4 + 3] = rgba[i * 4 + 3];
        }
        image_premultiply(pixels, count);
    }
    stbi_image_free(rgba);
    return same ? IMAGE_OK : image_size_changed(error);
}
