// SPDX-License-Identifier: GPL-3.0-or-later
#include <csetjmp>
#include <cstdio>

#include <jerror.h>
#include <jpeglib.h>

#include "core/learn/picture.h"

namespace cohelix::learn {
namespace {

/// The most for a progressive picture, whose coefficients are kept as a whole.
constexpr long kMostDecoderBytes = 512L << 20;
/// Published encoders write about ten; each is another walk over all coefficients.
constexpr int kMostScans = 100;

/// What libjpeg is handed as its error manager, with where to jump to.
struct JpegErrors {
    jpeg_error_mgr manager{};
    std::jmp_buf back{};
    char message[JMSG_LENGTH_MAX] = {};
};

/// What the reader of CMYK made of ink is multiplied here: both are stored inverted.
std::uint8_t inked(std::uint8_t ink, std::uint8_t black) {
    return static_cast<std::uint8_t>((unsigned{ink} * black + 127) / 255);
}

/// libjpeg jumps out of its errors: what needs a destructor is a member here, never on the stack.
class JpegDecoder {
public:
    JpegDecoder(PictureBytes bytes, Picture& picture) : m_bytes(bytes), m_picture(picture) {}
    ~JpegDecoder() { jpeg_destroy_decompress(&m_jpeg); }
    JpegDecoder(const JpegDecoder&) = delete;
    JpegDecoder& operator=(const JpegDecoder&) = delete;

    Refusal run() {
        m_jpeg.err = jpeg_std_error(&m_errors.manager);
        m_errors.manager.error_exit = &onError;
        m_errors.manager.emit_message = &onMessage;
        if (setjmp(m_errors.back) == 0) {
            decode();
        } else {
            m_problem = std::string("libjpeg says: ") + m_errors.message;
        }
        return m_problem;
    }

private:
    void decode() {
        jpeg_create_decompress(&m_jpeg);
        m_jpeg.mem->max_memory_to_use = kMostDecoderBytes;
        m_progress.progress_monitor = &onProgress;
        m_jpeg.progress = &m_progress;
        jpeg_mem_src(&m_jpeg, m_bytes.data(), m_bytes.size());
        jpeg_read_header(&m_jpeg, TRUE);
        m_problem = m_picture.begin(m_jpeg.image_width, m_jpeg.image_height);
        if (m_problem) return;
        m_jpeg.out_color_space = colours();
        jpeg_start_decompress(&m_jpeg);
        m_row.assign(static_cast<std::size_t>(m_jpeg.output_width) *
                         static_cast<std::size_t>(m_jpeg.output_components),
                     0);
        while (m_jpeg.output_scanline < m_jpeg.output_height) {
            const int y = static_cast<int>(m_jpeg.output_scanline);
            JSAMPROW row = m_row.data();
            jpeg_read_scanlines(&m_jpeg, &row, 1);
            keep(y);
        }
    }

    /// What libjpeg converts to: it does not turn CMYK into colours of light.
    J_COLOR_SPACE colours() const {
        switch (m_jpeg.jpeg_color_space) {
            case JCS_CMYK:
            case JCS_YCCK: return JCS_CMYK;
            case JCS_GRAYSCALE: return JCS_GRAYSCALE;
            default: return m_picture.channels() == 1 ? JCS_GRAYSCALE : JCS_RGB;
        }
    }

    void keep(int y) {
        if (m_jpeg.out_color_space == JCS_CMYK) {
            for (std::size_t at = 0; at + 3 < m_row.size(); at += 4) {
                for (std::size_t c = 0; c < 3; ++c) {
                    m_row[at + c] = inked(m_row[at + c], m_row[at + 3]);
                }
            }
        }
        m_picture.setRow(y, m_row.data(), m_jpeg.output_components);
    }

    [[noreturn]] static void onError(j_common_ptr jpeg) {
        auto& errors = *reinterpret_cast<JpegErrors*>(jpeg->err);
        jpeg->err->format_message(jpeg, errors.message);
        std::longjmp(errors.back, 1);
    }
    static void onMessage(j_common_ptr jpeg, int level) {
        const int code = jpeg->err->msg_code;
        // Others concern what stands between the pixels.
        if (level < 0 &&
            (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE)) {
            jpeg->err->error_exit(jpeg);
        }
    }
    static void onProgress(j_common_ptr jpeg) {
        const auto& decoder = *reinterpret_cast<j_decompress_ptr>(jpeg);
        if (decoder.input_scan_number > kMostScans) {
            jpeg->err->msg_code = JERR_BAD_PROGRESSION;
            jpeg->err->error_exit(jpeg);
        }
    }

    PictureBytes m_bytes;
    Picture& m_picture;
    JpegErrors m_errors;
    jpeg_progress_mgr m_progress{};
    jpeg_decompress_struct m_jpeg{};
    std::vector<std::uint8_t> m_row;
    Refusal m_problem;
};

}  // namespace

bool looksLikeJpeg(PictureBytes bytes) {
    return bytes.size() >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

Refusal decodeJpeg(PictureBytes bytes, Picture& picture) {
    return JpegDecoder(bytes, picture).run();
}

}  // namespace cohelix::learn
