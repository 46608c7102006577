// SPDX-License-Identifier: GPL-3.0-or-later
// IDX files, the format of MNIST and Fashion-MNIST: a big-endian header (magic number, sizes),
// then the bytes.
#include <array>
#include <string>

#include "core/base/lfs_pointer.h"
#include "core/learn/data_files.h"

namespace cohelix::learn {
namespace fs = std::filesystem;
namespace {

constexpr std::uint32_t kLabelsMagic = 0x00000801;  // unsigned bytes, one dimension
constexpr std::uint32_t kImagesMagic = 0x00000803;  // unsigned bytes, three dimensions
constexpr std::uint32_t kMostImages = 10'000'000;
constexpr std::uint32_t kLongestSide = 4096;

base::Result<std::uint32_t> readNumber(InflatingFile& file) {
    std::array<std::uint8_t, 4> bytes = {};
    if (const auto read = file.read(bytes); !read) return read.error();
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
           std::uint32_t{bytes[2]} << 8 | std::uint32_t{bytes[3]};
}

/// The first four bytes of base::kLfsPointer, "vers".
constexpr std::uint32_t kLfsMagic = 0x76657273;

base::Result<std::uint32_t> readCount(InflatingFile& file, std::uint32_t magic) {
    const auto found = readNumber(file);
    if (!found) return found.error();
    if (*found == kLfsMagic) {
        auto error = file.error("this is a pointer of Git LFS in place of the file");
        error.advice = base::kFetchFromLfs;
        return error;
    }
    if (*found != magic) {
        return file.error("wrong magic number " + std::to_string(*found) + ", expected " +
                          std::to_string(magic));
    }
    const auto count = readNumber(file);
    if (!count) return count.error();
    if (*count == 0 || *count > kMostImages) {
        return file.error("the header counts " + std::to_string(*count) +
                          " images; 1 to 10,000,000 can be read");
    }
    return *count;
}

struct ImageHeader {
    std::uint32_t count = 0;
    model::ImageShape shape;
    std::uint64_t bytes = 0;
};

base::Result<ImageHeader> readImageHeader(InflatingFile& file) {
    const auto count = readCount(file, kImagesMagic);
    if (!count) return count.error();
    const auto rows = readNumber(file);
    if (!rows) return rows.error();
    const auto columns = readNumber(file);
    if (!columns) return columns.error();
    const std::uint64_t bytes = std::uint64_t{*count} * *rows * *columns;
    if (*rows == 0 || *columns == 0 || *rows > kLongestSide || *columns > kLongestSide ||
        bytes > kMostPixelBytes) {
        return file.error("the header asks for " + std::to_string(*count) + " images of " +
                          std::to_string(*rows) + " x " + std::to_string(*columns) +
                          " pixels, which is not plausible");
    }
    return ImageHeader{*count, {1, static_cast<int>(*rows), static_cast<int>(*columns)}, bytes};
}

/// Labels are few bytes, images can be billions: these are not read before the counts agree.
base::Result<ImageSet> readImages(const fs::path& path, const fs::path& labels,
                                  std::size_t labelCount) {
    InflatingFile file(path);
    const auto header = readImageHeader(file);
    if (!header) return header.error();
    if (labelCount != header->count) {
        return base::Error{labels.string(),
                           "there are " + std::to_string(labelCount) + " labels for " +
                               std::to_string(header->count) + " images",
                           "Take both files from the same release of the data set"};
    }
    ImageSet images;
    images.shape = header->shape;
    auto pixels = file.readAll(header->bytes);
    if (!pixels) return pixels.error();
    images.pixels = std::move(*pixels);
    if (const auto end = file.expectEnd(); !end) return end.error();
    return images;
}

base::Result<std::vector<std::uint16_t>> readLabels(const fs::path& path, int classes) {
    InflatingFile file(path);
    const auto count = readCount(file, kLabelsMagic);
    if (!count) return count.error();
    const auto bytes = file.readAll(*count);
    if (!bytes) return bytes.error();
    if (const auto end = file.expectEnd(); !end) return end.error();
    for (std::size_t i = 0; i < bytes->size(); ++i) {
        if ((*bytes)[i] >= classes) {
            return file.error("label " + std::to_string((*bytes)[i]) + " of image " +
                              std::to_string(i) + " is out of range; there are " +
                              std::to_string(classes) + " classes");
        }
    }
    return std::vector<std::uint16_t>(bytes->begin(), bytes->end());
}

/// The file that is there under the name, plain or gzipped.
base::Result<fs::path> fileOf(const fs::path& name) {
    auto file = plainOrGzipped(name);
    if (!file.empty()) return file;
    return base::Error{name.string(), "the file is missing, plain and with .gz",
                       "Put all four files of the data set into the folder"};
}

base::Result<ImageSet> readPart(const fs::path& folder, const std::string& part, int classes) {
    const auto imageFile = fileOf(folder / (part + "-images-idx3-ubyte"));
    if (!imageFile) return imageFile.error();
    const auto labelFile = fileOf(folder / (part + "-labels-idx1-ubyte"));
    if (!labelFile) return labelFile.error();
    auto labels = readLabels(*labelFile, classes);
    if (!labels) return labels.error();
    auto images = readImages(*imageFile, *labelFile, labels->size());
    if (!images) return images.error();
    images->labels = std::move(*labels);
    return images;
}

}  // namespace

bool hasIdx(const fs::path& folder) {
    for (const char* name : {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                             "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
        if (!plainOrGzipped(folder / name).empty()) return true;
    }
    return false;
}

base::Result<model::ImageShape> idxShape(const fs::path& folder) {
    const auto name = fileOf(folder / "train-images-idx3-ubyte");
    if (!name) return name.error();
    InflatingFile file(*name);
    const auto header = readImageHeader(file);
    if (!header) return header.error();
    return header->shape;
}

base::Result<DataSet> loadIdx(const fs::path& folder, int classes) {
    auto train = readPart(folder, "train", classes);
    if (!train) return train.error();
    auto test = readPart(folder, "t10k", classes);
    if (!test) return test.error();
    DataSet data;
    data.folder = folder.string();
    data.classes = classes;
    data.train = std::move(*train);
    data.test = std::move(*test);
    return data;
}

}  // namespace cohelix::learn
