/* JPEG through libjpeg-turbo. */
#include "image_codec.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jpeglib.h>

/* Each scan of a progressive file costs a pass over the whole image; honest files have about ten. */
#define MAX_SCANS 500

typedef struct {
    struct jpeg_error_mgr manager; /* first: libjpeg hands back a pointer to it */
    jmp_buf escape;
    char *text;
} jpeg_failure;

static void on_error(j_common_ptr codec)
{
    jpeg_failure *failure = (jpeg_failure *)codec->err;
    char message[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, message);
    image_fail(failure->text, message);
    longjmp(failure->escape, 1);
}

static void on_message(j_common_ptr codec, int level) { (void)codec; (void)level; }

static struct jpeg_error_mgr *use_failure(jpeg_failure *failure, char *error)
{
    struct jpeg_error_mgr *manager = jpeg_std_error(&failure->manager);
    manager->error_exit = on_error;
    manager->emit_message = on_message;
    failure->text = error;
    return manager;
}

/* A source over the whole file that suspends at its end, so that rows which are not there are not made up. */
static void source_start(j_decompress_ptr codec) { (void)codec; }
static boolean source_fill(j_decompress_ptr codec) { (void)codec; return FALSE; }
static void source_skip(j_decompress_ptr codec, long count)
{
    struct jpeg_source_mgr *source = codec->src;
    size_t step = count < 0 ? 0 : (size_t)count;
    if (step > source->bytes_in_buffer)
        step = source->bytes_in_buffer;
    source->next_input_byte += step;
    source->bytes_in_buffer -= step;
}

static void use_source(j_decompress_ptr codec, struct jpeg_source_mgr *source, image_file file)
{
    memset(source, 0, sizeof *source);
    source->next_input_byte = file.bytes;
    source->bytes_in_buffer = file.length;
    source->init_source = source_start;
    source->fill_input_buffer = source_fill;
    source->skip_input_data = source_skip;
    source->resync_to_restart = jpeg_resync_to_restart;
    source->term_source = source_start;
    codec->src = source;
}

static void on_progress(j_common_ptr codec)
{
    if (codec->is_decompressor && ((j_decompress_ptr)codec)->input_scan_number > MAX_SCANS) {
        jpeg_failure *failure = (jpeg_failure *)codec->err;
        image_fail(failure->text, "too many JPEG scans");
        longjmp(failure->escape, 1);
    }
}

int jpeg_size(image_file file, int32_t *width, int32_t *height, char *error)
{
    struct jpeg_decompress_struct codec;
    struct jpeg_source_mgr source;
    jpeg_failure failure;
    volatile int result = IMAGE_ERROR;
    memset(&codec, 0, sizeof codec);
    codec.err = use_failure(&failure, error);
    if (setjmp(failure.escape) == 0) {
        jpeg_create_decompress(&codec);
        use_source(&codec, &source, file);
        if (jpeg_read_header(&codec, TRUE) == JPEG_HEADER_OK) {
            *width = (int32_t)codec.image_width;
            *height = (int32_t)codec.image_height;
            result = IMAGE_OK;
        } else {
            image_fail(error, "the file ends early");
        }
    }
    jpeg_destroy_decompress(&codec);
    return result;
}

/* Four-channel JPEG files hold inverted ink: a sample of 255 is no ink. `row` has width samples of C, M, Y, K. */
static void ink_to_bgra(uint8_t *row, int32_t width)
{
    for (uint8_t *p = row, *end = row + (size_t)width * 4; p < end; p += 4) {
        unsigned c = p[0], m = p[1], y = p[2], k = p[3];
        p[0] = image_scale(y, k);
        p[1] = image_scale(m, k);
        p[2] = image_scale(c, k);
        p[3] = 255;
    }
}

static int start_rows(j_decompress_ptr codec, int32_t width, int32_t height, char *error)
{
    if (jpeg_read_header(codec, TRUE) != JPEG_HEADER_OK)
        return image_fail(error, "the file ends early");
    int ink = codec->jpeg_color_space == JCS_CMYK || codec->jpeg_color_space == JCS_YCCK;
    codec->out_color_space = ink ? JCS_CMYK : JCS_EXT_BGRA;
    if (!jpeg_start_decompress(codec))
        return image_fail(error, "the file ends early");
    if (codec->output_width != (JDIMENSION)width || codec->output_height != (JDIMENSION)height || codec->output_components != 4)
        return image_size_changed(error);
    return IMAGE_OK;
}

static int read_row(j_decompress_ptr codec, int32_t width, uint8_t *pixels, char *error)
{
    JSAMPROW row = pixels + (size_t)codec->output_scanline * width * 4;
    if (jpeg_read_scanlines(codec, &row, 1) != 1)
        return image_fail(error, "the file ends early");
    if (codec->out_color_space == JCS_CMYK)
        ink_to_bgra(row, width);
    return IMAGE_OK;
}

int jpeg_decode(image_file file, int32_t width, int32_t height, uint8_t *pixels, char *error)
{
    struct jpeg_decompress_struct codec;
    struct jpeg_source_mgr source;
    struct jpeg_progress_mgr progress;
    jpeg_failure failure;
    volatile int result = IMAGE_ERROR;
    memset(&codec, 0, sizeof codec);
    memset(&progress, 0, sizeof progress);
    progress.progress_monitor = on_progress;
    codec.err = use_failure(&failure, error);
    if (setjmp(failure.escape) == 0) {
        jpeg_create_decompress(&codec);
        use_source(&codec, &source, file);
        codec.progress = &progress;
        int step = start_rows(&codec, width, height, error);
        while (step == IMAGE_OK && codec.output_scanline < codec.output_height)
            step = read_row(&codec, width, pixels, error);
        result = step;
    }
    jpeg_destroy_decompress(&codec);
    return result;
}

int mlext_image_encode_jpeg(const uint8_t *pixels, int32_t width, int32_t height, int32_t quality, uint8_t **bytes, size_t *length, char *error)
{
    struct jpeg_compress_struct codec;
    jpeg_failure failure;
    volatile int result = IMAGE_ERROR;
    unsigned char *file = NULL;
    unsigned long size = 0;
    memset(&codec, 0, sizeof codec);
    codec.err = use_failure(&failure, error);
    if (setjmp(failure.escape) == 0) {
        jpeg_create_compress(&codec);
        jpeg_mem_dest(&codec, &file, &size);
        codec.image_width = (JDIMENSION)width;
        codec.image_height = (JDIMENSION)height;
        codec.input_components = 4;
        codec.in_color_space = JCS_EXT_BGRX;
        jpeg_set_defaults(&codec);
        jpeg_set_quality(&codec, quality, TRUE);
        jpeg_start_compress(&codec, TRUE);
        while (codec.next_scanline < codec.image_height) {
            JSAMPROW row = (JSAMPROW)(pixels + (size_t)codec.next_scanline * width * 4);
            jpeg_write_scanlines(&codec, &row, 1);
        }
        jpeg_finish_compress(&codec);
        result = IMAGE_OK;
    }
    jpeg_destroy_compress(&codec);
    *bytes = file;
    *length = size;
    return result;
}

void mlext_image_free(uint8_t *bytes) { free(bytes); }
