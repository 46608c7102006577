// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every form, sound and damaged: the pixels are those that were written, and whatever
// is wrong is an error that names it.
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>
#include <jpeglib.h>
#include <png.h>
#include <rapidcheck/gtest.h>
#include <zlib.h>

#include "core/learn/image_file.h"

#include "tests/core/learn/made_data.h"

namespace cohelix::learn {
namespace {

namespace fs = std::filesystem;
using test::Bytes;

Bytes bytesOf(const std::string& text) { return {text.begin(), text.end()}; }

std::string number(std::uint64_t value, int bytes, bool largeEndFirst) {
    std::string text;
    for (int i = 0; i < bytes; ++i) {
        const int shift = 8 * (largeEndFirst ? bytes - 1 - i : i);
        text += static_cast<char>(value >> shift & 0xff);
    }
    return text;
}
std::string little(std::uint64_t value, int bytes) { return number(value, bytes, false); }
std::string big(std::uint64_t value, int bytes) { return number(value, bytes, true); }

/// Samples that all differ from their neighbours.
std::string samples(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += static_cast<char>(i * 37 % 251);
    return text;
}
std::uint8_t sample(std::size_t i) { return static_cast<std::uint8_t>(i * 37 % 251); }

std::string deflated(const std::string& content) {
    uLongf size = compressBound(content.size());
    std::string out(size, '\0');
    compress(reinterpret_cast<Bytef*>(out.data()), &size,
             reinterpret_cast<const Bytef*>(content.data()), content.size());
    out.resize(size);
    return out;
}

std::string chunk(const std::string& kind, const std::string& content) {
    const std::string body = kind + content;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), uInt(body.size()));
    return big(content.size(), 4) + body + big(sum, 4);
}

/// A PNG with this content of its picture data.
std::string png(std::uint32_t width, std::uint32_t height, int bits, int kind,
                const std::string& data, bool interlaced = false) {
    return "\x89PNG\r\n\x1a\n" +
           chunk("IHDR", big(width, 4) + big(height, 4) + big(std::uint64_t(bits), 1) +
                             big(std::uint64_t(kind), 1) + std::string(2, '\0') +
                             std::string(1, interlaced ? '\1' : '\0')) +
           chunk("IDAT", data) + chunk("IEND", "");
}

/// Every row begins with its filter: none.
std::string rows(std::uint32_t height, std::size_t rowBytes) {
    const auto all = samples(height * rowBytes);
    std::string text;
    for (std::size_t y = 0; y < height; ++y) text += '\0' + all.substr(y * rowBytes, rowBytes);
    return text;
}

std::string bmp(std::int32_t width, std::int32_t height, int bits, const std::string& data,
                std::uint32_t compression = 0, const std::string& behindHeader = {}) {
    return "BM" + little(54 + behindHeader.size() + data.size(), 4) + little(0, 4) +
           little(54 + behindHeader.size(), 4) + little(40, 4) + little(std::uint32_t(width), 4) +
           little(std::uint32_t(height), 4) + little(1, 2) + little(std::uint64_t(bits), 2) +
           little(compression, 4) + little(data.size(), 4) + little(0, 16) + behindHeader + data;
}

std::string tga(int kind, int width, int height, int bits, const std::string& data, int flags = 0) {
    return std::string(2, '\0') + big(std::uint64_t(kind), 1) + std::string(9, '\0') +
           little(std::uint64_t(width), 2) + little(std::uint64_t(height), 2) +
           big(std::uint64_t(bits), 1) + big(std::uint64_t(flags), 1) + data;
}

std::string jpeg(unsigned width, unsigned height, int components, const std::string& row,
                 bool progressive = false) {
    jpeg_compress_struct picture{};
    jpeg_error_mgr errors{};
    picture.err = jpeg_std_error(&errors);
    jpeg_create_compress(&picture);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&picture, &bytes, &size);
    picture.image_width = width;
    picture.image_height = height;
    picture.input_components = components;
    picture.in_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&picture);
    jpeg_set_quality(&picture, 100, TRUE);
    if (progressive) jpeg_simple_progression(&picture);
    jpeg_start_compress(&picture, TRUE);
    std::string line = row;
    auto* samples = reinterpret_cast<JSAMPROW>(line.data());
    while (picture.next_scanline < height) jpeg_write_scanlines(&picture, &samples, 1);
    jpeg_finish_compress(&picture);
    std::string out(reinterpret_cast<char*>(bytes), size);
    jpeg_destroy_compress(&picture);
    std::free(bytes);
    return out;
}

class PictureFiles : public testing::Test {
protected:
    /// The picture in its own size, or in 8 x 8 where it has another.
    base::Result<Bytes> read(const std::string& content, model::ImageShape shape,
                             const std::string& name = "p.png") const {
        test::writeFile(m_folder.path() / name, bytesOf(content));
        Bytes pixels(static_cast<std::size_t>(shape.channels * shape.height * shape.width));
        const auto done = readPicture(m_folder.path() / name, shape, pixels);
        if (!done) return done.error();
        return pixels;
    }
    void expectRefused(const std::string& content, const std::string& what,
                       const std::string& name = "p.png") const {
        for (const int channels : {1, 3}) {
            const auto pixels = read(content, {channels, 8, 8}, name);
            ASSERT_FALSE(pixels);
            EXPECT_EQ(pixels.error().where, (m_folder.path() / name).string());
            EXPECT_NE(pixels.error().what.find(what), std::string::npos)
                << base::toText(pixels.error());
        }
    }
    test::TemporaryFolder m_folder;
};

/// Interleaved samples as planes.
Bytes planes(std::size_t pixels, std::size_t channels) {
    Bytes out;
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t i = 0; i < pixels; ++i) out.push_back(sample(i * channels + c));
    }
    return out;
}

TEST_F(PictureFiles, KeepTheirPixelsWhereNothingIsScaled) {
    const Bytes grey = planes(6, 1);
    const Bytes colour = planes(6, 3);
    const auto colourRows = rows(2, 9);
    EXPECT_EQ(read("P5 3 2 255\n" + samples(6), {1, 2, 3}).value(), grey);
    EXPECT_EQ(read("P6\n# a comment\n3 2\n255\n" + samples(18), {3, 2, 3}).value(), colour);
    EXPECT_EQ(read(png(3, 2, 8, 0, deflated(rows(2, 3))), {1, 2, 3}).value(), grey);
    EXPECT_EQ(read(png(3, 2, 8, 2, deflated(colourRows)), {3, 2, 3}).value(), colour);
    std::string turned;  // rows from below, blue first, filled up to four bytes
    const auto all = samples(18);
    for (const std::size_t y : {1U, 0U}) {
        for (std::size_t x = 0; x < 3; ++x) {
            for (const std::size_t c : {2U, 1U, 0U}) turned += all[y * 9 + x * 3 + c];
        }
        turned += std::string(3, '\0');
    }
    EXPECT_EQ(read(bmp(3, 2, 24, turned), {3, 2, 3}).value(), colour);
    std::string unpadded = turned.substr(0, 9) + turned.substr(12, 9);
    EXPECT_EQ(read(tga(2, 3, 2, 24, unpadded), {3, 2, 3}, "p.tga").value(), colour);
}

TEST_F(PictureFiles, GreyInAColourNetworkAndBack) {
    const auto grey = read("P5 3 2 255\n" + samples(6), {3, 2, 3}).value();
    for (std::size_t i = 0; i < 18; ++i) EXPECT_EQ(grey[i], sample(i % 6));
    const auto colour = read("P6 1 1 255\n\xFF\x80\x10", {1, 1, 1}).value();
    EXPECT_EQ(colour[0], (255 * 77 + 128 * 150 + 16 * 29) >> 8);
}

TEST_F(PictureFiles, WithSixteenBitsKeepTheUpperEight) {
    const std::string wide("\x12\x34\xFF\xFF\x80\0", 6);
    for (const int channels : {1, 3}) {  // grey, in a network of three channels too
        const auto png16 = read(png(3, 1, 16, 0, deflated('\0' + wide)), {channels, 1, 3}).value();
        EXPECT_EQ(png16[0], 0x12);
        EXPECT_EQ(png16[1], 0xFF);
        EXPECT_EQ(png16[2], 0x80);
        const auto pgm = read("P5 3 1 65535\n" + wide, {channels, 1, 3}).value();
        EXPECT_EQ(pgm[0], (0x1234 * 255 + 32767) / 65535);
        EXPECT_EQ(pgm[1], 255);
        EXPECT_EQ(pgm[2], 128);
    }
    EXPECT_EQ(read("P3 1 1 1000\n1000 500 0\n", {3, 1, 1}).value(), (Bytes{255, 128, 0}));
    EXPECT_EQ(read("P2\n2 1\n7\n7\n0\n", {1, 1, 2}).value(), (Bytes{255, 0}));
}

TEST_F(PictureFiles, WithPalettesAndTransparencyAreReadAsOpaque) {
    const std::string header = "\x89PNG\r\n\x1a\n";
    const std::string ihdr =
        chunk("IHDR", big(2, 4) + big(1, 4) + "\x01\x03" + std::string(3, '\0'));
    const std::string palette = chunk("PLTE", "\x01\x02\x03\x04\x05\x06");
    const std::string picture = header + ihdr + palette + chunk("tRNS", std::string(2, '\0')) +
                                chunk("IDAT", deflated(std::string("\0\x40", 2))) +
                                chunk("IEND", "");
    EXPECT_EQ(read(picture, {3, 1, 2}).value(), (Bytes{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(
        read(png(1, 1, 8, 6, deflated(std::string("\0\x09\x08\x07\0", 5))), {3, 1, 1}).value(),
        (Bytes{9, 8, 7}));
    const std::string colours("\x03\x02\x01\0\x06\x05\x04\0", 8);  // blue, green, red, nothing
    EXPECT_EQ(read(bmp(2, 1, 1, std::string("\x40\0\0\0", 4), 0, colours), {3, 1, 2}).value(),
              (Bytes{1, 4, 2, 5, 3, 6}));
    EXPECT_EQ(read(bmp(1, -1, 16, std::string("\xFF\x7F\0\0", 4)), {3, 1, 1}).value(),
              (Bytes{255, 255, 255}));
    EXPECT_EQ(read(bmp(1, 1, 32, "\x03\x02\x01\x09"), {3, 1, 1}).value(), (Bytes{1, 2, 3}));
    const std::string masks = little(0xF800, 4) + little(0x07E0, 4) + little(0x001F, 4);
    EXPECT_EQ(read(bmp(1, 1, 16, std::string("\x00\xF8\0\0", 4), 3, masks), {3, 1, 1}).value(),
              (Bytes{255, 0, 0}));
}

/// Adam7: which pixels each pass has.
std::string interlacedRows(std::size_t width, std::size_t height) {
    constexpr std::size_t kPasses[7][4] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                           {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
    const auto all = samples(width * height);
    std::string text;
    for (const auto& [left, top, across, down] : kPasses) {
        if (left >= width) continue;
        for (std::size_t y = top; y < height; y += down) {
            text += '\0';
            for (std::size_t x = left; x < width; x += across) text += all[y * width + x];
        }
    }
    return text;
}

TEST_F(PictureFiles, InterlacedAreReadAsOthers) {
    const auto pixels = read(png(9, 7, 8, 0, deflated(interlacedRows(9, 7)), true), {1, 7, 9});
    EXPECT_EQ(pixels.value(), planes(63, 1));
    for (const auto& [width, height] :
         {std::pair{1U, 1U}, {1U, 9U}, {9U, 1U}, {2U, 3U}, {4U, 5U}}) {
        const auto small = png(width, height, 8, 0, deflated(interlacedRows(width, height)), true);
        EXPECT_EQ(read(small, {1, int(height), int(width)}).value(), planes(width * height, 1));
    }
    const auto whole = interlacedRows(9, 7);
    const auto lacking = whole.substr(0, whole.size() - 10);  // the last row of the last pass
    expectRefused(png(9, 7, 8, 0, deflated(lacking), true), "rows are missing");
}

TEST_F(PictureFiles, OfJpegComeWithinWhatItLoses) {
    const std::string row =
        "\x40\x80\xC0\x40\x80\xC0\x40\x80\xC0\x40\x80\xC0\x40\x80\xC0\x40\x80\xC0"
        "\x40\x80\xC0\x40\x80\xC0";
    for (const bool progressive : {false, true}) {
        const auto pixels = read(jpeg(8, 8, 3, row, progressive), {3, 8, 8}, "p.jpg").value();
        for (std::size_t i = 0; i < 64; ++i) {
            EXPECT_NEAR(pixels[i], 0x40, 2);
            EXPECT_NEAR(pixels[64 + i], 0x80, 2);
            EXPECT_NEAR(pixels[128 + i], 0xC0, 2);
        }
    }
    const auto grey = read(jpeg(8, 8, 1, std::string(8, '\x64')), {3, 8, 8}, "p.jpg").value();
    for (const auto pixel : grey) EXPECT_NEAR(pixel, 100, 1);
    std::string inks;
    for (int x = 0; x < 8; ++x) inks += "\xFF\x80\x40\x80";
    const auto ink = read(jpeg(8, 8, 4, inks), {3, 8, 8}, "p.jpg").value();
    EXPECT_NEAR(ink[0], 128, 2);
    EXPECT_NEAR(ink[64], 64, 2);
    EXPECT_NEAR(ink[128], 32, 2);
}

TEST_F(PictureFiles, WithoutPixelsAreRefused) {
    expectRefused("P6\n4 0\n255\n", "no pixels: 4 x 0");
    expectRefused("P5 0 4 255\n", "no pixels");
    expectRefused(bmp(0, 0, 24, ""), "no pixels");
    expectRefused(tga(2, 0, 3, 24, ""), "no pixels", "p.tga");
    expectRefused(png(0, 3, 8, 0, deflated("")), "libpng says");
}

TEST_F(PictureFiles, BeyondTheLimitsAreRefusedBeforeAnyPixel) {
    const std::string most = "67,108,864 in all";
    expectRefused("P6\n16000 16000\n255\n", most);
    expectRefused("P6\n20000 1\n255\n", most);
    expectRefused(png(16000, 16000, 8, 2, deflated("")), most);
    expectRefused(png(1000000, 1, 8, 2, deflated("")), most);
    expectRefused(bmp(16000, -16000, 24, ""), most);
    expectRefused(bmp(1, INT32_MIN, 24, ""), most);
    expectRefused(tga(2, 65535, 65535, 24, ""), most, "p.tga");
    auto wide = jpeg(8, 8, 3, std::string(24, 'x'));
    const auto frame = wide.find("\xFF\xC0");
    wide.replace(frame + 5, 4, "\xEA\x60\xEA\x60");
    expectRefused(wide, most, "p.jpg");
}

TEST_F(PictureFiles, WhoseDataGoOnAreRefused) {
    expectRefused(png(2, 2, 8, 0, deflated(rows(2, 2) + std::string(8'000'000, '\0'))), "go on");
}

TEST_F(PictureFiles, ThatAreDamagedAreRefused) {
    expectRefused("none", "none of JPEG");
    expectRefused("", "none of JPEG");
    expectRefused("P4 8 8\n12345678", "P4");
    expectRefused("P6 2 2 255\n" + samples(11), "truncated");
    expectRefused("P6 2 2 0\n" + samples(12), "header");
    expectRefused("P6 2 2 70000\n" + samples(24), "header");
    expectRefused(std::string("P5 2 1 100\n\x65\0", 13), "larger than its header's 100");
    expectRefused("P2 2 1 100\n5 x\n", "no number");
    auto broken = png(2, 2, 8, 0, deflated(rows(2, 2)));
    expectRefused(broken.substr(0, broken.size() / 2), "truncated");
    broken[broken.size() - 20] ^= 1;
    expectRefused(broken, "libpng says");
    expectRefused(png(2, 2, 8, 0, deflated(rows(1, 2))), "rows are missing");
    expectRefused(bmp(2, 2, 24, std::string(15, 'x')), "truncated");
    expectRefused(bmp(2, 2, 8, std::string(8, '\1'), 1), "compressed");
    expectRefused(bmp(2, 2, 8, std::string(8, '\1')), "palette");
    expectRefused(bmp(2, 2, 13, std::string(8, '\1')), "13 bits");
    expectRefused(tga(2, 2, 2, 24, std::string(11, 'x')), "truncated", "p.tga");
    expectRefused(tga(10, 2, 2, 24,
                      "\x82"
                      "abc"),
                  "truncated", "p.tga");
    expectRefused(tga(2, 2, 2, 16, std::string(8, 'x')), "16 bits", "p.tga");
    const auto whole = jpeg(64, 64, 3, samples(192));
    expectRefused(whole.substr(0, whole.size() / 2), "libjpeg says", "p.jpg");
    expectRefused(whole.substr(0, 20), "libjpeg says", "p.jpg");
}

TEST_F(PictureFiles, OfTgaAreUnpacked) {
    const auto pixels = read(tga(11, 3, 2, 8, "\x83\x09\x01\x01\x02", 0x20), {1, 2, 3}, "p.tga");
    EXPECT_EQ(pixels.value(), (Bytes{9, 9, 9, 9, 1, 2})) << "a run goes on in the next row";
}

/// Whatever is done to a picture, it is read or refused.
RC_GTEST_FIXTURE_PROP(PictureFiles, WithWrongBytesAreReadOrRefused, ()) {
    static const std::vector<std::string> sound = {png(5, 4, 8, 2, deflated(rows(4, 15))),
                                                   jpeg(16, 9, 3, samples(48)),
                                                   jpeg(16, 9, 3, samples(48), true),
                                                   bmp(5, 4, 24, samples(64)),
                                                   "P6 5 4 255\n" + samples(60),
                                                   tga(10, 3, 2, 24,
                                                       "\x85"
                                                       "abc")};
    auto content = *rc::gen::elementOf(sound);
    const auto times = *rc::gen::inRange(1, 6);
    for (int i = 0; i < times; ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, content.size());
        content[at] = *rc::gen::arbitrary<char>();
    }
    const auto pixels = read(content, {3, 8, 8}, "p.tga");
    if (!pixels) RC_ASSERT(!pixels.error().what.empty());
}

}  // namespace
}  // namespace cohelix::learn
