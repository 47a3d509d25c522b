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

int bitmap_size(image_file file, int32_t *width, int32_t *height, char *error)
{
    int channels;
    if (file.length > INT_MAX)
        return image_fail(error, "the file is larger than 2 GiB");
    if (!stbi_info_from_memory(file.bytes, (int)file.length, width, height, &channels))
        return image_fail(error, stbi_failure_reason());
    if (*height < 0)
        *height = *height == INT_MIN ? 0 : -*height;
    return IMAGE_OK;
}

int bitmap_decode(image_file file, int32_t width, int32_t height, uint8_t *pixels, char *error)
{
    int found_width, found_height, channels;
    uint8_t *rgba = stbi_load_from_memory(file.bytes, (int)file.length, &found_width, &found_height, &channels, 4);
    if (!rgba)
        return image_fail(error, stbi_failure_reason());
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
