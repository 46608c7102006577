// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include <png.h>

#include "core/learn/picture.h"

namespace cohelix::learn {
namespace {

constexpr std::size_t kSignature = 8;
/// The most for one chunk that is no picture data: texts, profiles.
constexpr png_alloc_size_t kMostChunkBytes = png_alloc_size_t{8} << 20;

/// libpng jumps out of its errors: what needs a destructor is a member here, never on the stack.
class PngDecoder {
public:
    PngDecoder(PictureBytes bytes, Picture& picture) : m_bytes(bytes), m_picture(picture) {
        m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &onError, &onWarning);
        if (m_png) m_info = png_create_info_struct(m_png);
    }
    ~PngDecoder() { png_destroy_read_struct(&m_png, &m_info, nullptr); }
    PngDecoder(const PngDecoder&) = delete;
    PngDecoder& operator=(const PngDecoder&) = delete;

    Refusal run() {
        if (!m_png || !m_info) return "there is no memory to decode it";
        if (setjmp(png_jmpbuf(m_png)) == 0) decode();
        return m_problem;
    }

private:
    /// libpng calls back what it finds; it takes no more of the data than the rows need.
    void decode() {
        png_set_user_limits(m_png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // begin() says which
        png_set_chunk_malloc_max(m_png, kMostChunkBytes);
        png_set_progressive_read_fn(m_png, this, &onInfo, &onRow, &onEnd);
        png_process_data(m_png, m_info, const_cast<png_bytep>(m_bytes.data()), m_bytes.size());
        if (!m_ended) {
            m_problem = "the file is truncated, or rows are missing";
        } else if (m_goesOn) {
            m_problem = "its data go on behind the last row";
        }
    }

    void begin() {
        m_problem = m_picture.begin(png_get_image_width(m_png, m_info),
                                    png_get_image_height(m_png, m_info));
        if (m_problem) png_longjmp(m_png, 1);
        png_set_expand(m_png);  // palettes, fewer than 8 bits, transparent colours
        m_interlaced = png_set_interlace_handling(m_png) > 1;
        png_read_update_info(m_png, m_info);
        m_rowBytes = png_get_rowbytes(m_png, m_info);
        if (!m_interlaced) return;
        m_rows.assign(m_rowBytes * static_cast<std::size_t>(m_picture.height()), 0);
    }

    void take(png_const_bytep row, png_uint_32 y) {
        if (y >= static_cast<png_uint_32>(m_picture.height())) return;
        if (m_interlaced) {  // later passes fill in between what the earlier ones left
            png_progressive_combine_row(m_png, m_rows.data() + y * m_rowBytes, row);
        } else if (row) {
            keep(row, static_cast<int>(y));
        }
    }

    void end() {
        constexpr int kPasses = 7;
        m_ended = m_interlaced ? png_get_current_pass_number(m_png) >= kPasses
                               : png_get_current_row_number(m_png) >=
                                     static_cast<png_uint_32>(m_picture.height());
        for (int y = 0; m_interlaced && y < m_picture.height(); ++y) {
            keep(m_rows.data() + static_cast<std::size_t>(y) * m_rowBytes, y);
        }
    }

    void keep(png_const_bytep row, int y) {
        const int channels = png_get_channels(m_png, m_info);
        if (png_get_bit_depth(m_png, m_info) == 16) {
            m_picture.setWideRow(y, row, channels);
        } else {
            m_picture.setRow(y, row, channels);
        }
    }

    static PngDecoder& self(void* pointer) { return *static_cast<PngDecoder*>(pointer); }

    [[noreturn]] static void onError(png_structp png, png_const_charp message) {
        self(png_get_error_ptr(png)).m_problem = std::string("libpng says: ") + message;
        png_longjmp(png, 1);
    }
    static void onWarning(png_structp png, png_const_charp message) {
        // Others do not touch the pixels.
        if (std::strstr(message, "Extra compressed data")) {
            self(png_get_error_ptr(png)).m_goesOn = true;
        }
    }
    static void onInfo(png_structp png, png_infop) { self(png_get_progressive_ptr(png)).begin(); }
    static void onRow(png_structp png, png_bytep row, png_uint_32 y, int) {
        self(png_get_progressive_ptr(png)).take(row, y);
    }
    static void onEnd(png_structp png, png_infop) { self(png_get_progressive_ptr(png)).end(); }

    PictureBytes m_bytes;
    Picture& m_picture;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
    bool m_interlaced = false;
    std::size_t m_rowBytes = 0;
    std::vector<std::uint8_t> m_rows;  ///< of interlaced pictures, as libpng has them
    bool m_goesOn = false;
    bool m_ended = false;  ///< with all rows
    Refusal m_problem;
};

}  // namespace

bool looksLikePng(PictureBytes bytes) {
    return bytes.size() >= kSignature && png_sig_cmp(bytes.data(), 0, kSignature) == 0;
}

Refusal decodePng(PictureBytes bytes, Picture& picture) { return PngDecoder(bytes, picture).run(); }

}  // namespace cohelix::learn
