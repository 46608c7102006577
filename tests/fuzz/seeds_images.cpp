// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

#include "tests/fuzz/seeds.h"

namespace cohelix::fuzz {
namespace {

constexpr unsigned kWidth = 7;
constexpr unsigned kHeight = 5;

std::string number(std::size_t value, int bytes, bool largeEndFirst) {
    std::string text;
    for (int i = 0; i < bytes; ++i) {
        const int shift = 8 * (largeEndFirst ? bytes - 1 - i : i);
        text += static_cast<char>(value >> shift & 0xff);
    }
    return text;
}

/// Bytes that differ.
std::string pixels(std::size_t count) {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(i * 37 % 251);
    return bytes;
}

std::string gzipped(const std::string& content) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, content.size()), '\0');
    std::string in = content;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string idxImages(std::size_t count) {
    return number(0x803, 4, true) + number(count, 4, true) + number(2, 4, true) +
           number(2, 4, true) + pixels(count * 4);
}
std::string idxLabels(std::size_t count) {
    return number(0x801, 4, true) + number(count, 4, true) + std::string(count, '\3');
}
std::string sized(const std::string& part) { return number(part.size(), 2, true) + part; }

std::string png(unsigned format) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = kWidth;
    image.height = kHeight;
    image.format = format;
    const auto content = pixels(PNG_IMAGE_SIZE(image) + 1024);
    png_alloc_size_t size = 65536;
    std::string out(size, '\0');
    const auto map = pixels(1024);
    png_image_write_to_memory(&image, out.data(), &size, 0, content.data(), 0, map.data());
    out.resize(size);
    return out;
}

std::string jpeg(int components, bool progressive) {
    jpeg_compress_struct picture{};
    jpeg_error_mgr errors{};
    picture.err = jpeg_std_error(&errors);
    jpeg_create_compress(&picture);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&picture, &bytes, &size);
    picture.image_width = kWidth;
    picture.image_height = kHeight;
    picture.input_components = components;
    picture.in_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&picture);
    if (progressive) jpeg_simple_progression(&picture);
    jpeg_start_compress(&picture, TRUE);
    auto line = pixels(kWidth * static_cast<unsigned>(components));
    auto* row = reinterpret_cast<JSAMPROW>(line.data());
    while (picture.next_scanline < kHeight) jpeg_write_scanlines(&picture, &row, 1);
    jpeg_finish_compress(&picture);
    std::string out(reinterpret_cast<char*>(bytes), size);
    jpeg_destroy_compress(&picture);
    std::free(bytes);
    return out;
}

std::string bmp() {
    const std::string rows = pixels(24 * kHeight);  // 7 pixels of three bytes, padded to four
    return "BM" + number(54 + rows.size(), 4, false) + number(0, 4, false) + number(54, 4, false) +
           number(40, 4, false) + number(kWidth, 4, false) + number(kHeight, 4, false) +
           number(1, 2, false) + number(24, 2, false) + number(0, 4, false) +
           number(rows.size(), 4, false) + number(2835, 4, false) + number(2835, 4, false) +
           number(0, 4, false) + number(0, 4, false) + rows;
}

}  // namespace

std::vector<Seed> imageSeeds() {
    std::vector<Seed> seeds;
    for (const bool packed : {false, true}) {
        std::string content;
        for (const auto& part : {idxImages(3), idxLabels(3), idxImages(2)}) {
            content += sized(packed ? gzipped(part) : part);
        }
        seeds.push_back({"idx", content + (packed ? gzipped(idxLabels(2)) : idxLabels(2))});
    }
    seeds.push_back({"cifar", number(0, 1, true) + '\5' + pixels(3072)});
    seeds.push_back({"cifar", number(1, 1, true) + "\5\6" + pixels(3072)});
    seeds.push_back({"cifar", number(0, 1, true) + gzipped('\5' + pixels(3072))});
    const std::string size = "\n7 5\n";
    std::vector<std::string> pictures = {"P6" + size + "255\n" + pixels(105),
                                         "P5" + size + "255\n" + pixels(35),
                                         "P6" + size + "65535\n" + pixels(210),
                                         "P5" + size + "1000\n" + pixels(70),
                                         "P3\n# made\n2 1\n255\n1 2 3 4 5 6\n",
                                         "P2\n2 1\n7\n1 7\n",
                                         bmp(),
                                         jpeg(1, false),
                                         jpeg(3, false),
                                         jpeg(3, true),
                                         jpeg(4, false)};
    for (const unsigned format : std::initializer_list<unsigned>{
             PNG_FORMAT_GRAY, PNG_FORMAT_RGB, PNG_FORMAT_RGBA, PNG_FORMAT_GA, PNG_FORMAT_LINEAR_RGB,
             PNG_FORMAT_LINEAR_Y, PNG_FORMAT_RGB_COLORMAP}) {
        pictures.push_back(png(format));
    }
    for (const auto& picture : pictures) {
        seeds.push_back({"picture", '\0' + picture});
        seeds.push_back({"picture", '\1' + picture});
    }
    return seeds;
}

}  // namespace cohelix::fuzz
