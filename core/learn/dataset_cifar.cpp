// SPDX-License-Identifier: GPL-3.0-or-later
// The binary version of CIFAR-10 and CIFAR-100: records of one or two label bytes and 3 x 32 x 32
// pixels, planes in the order red, green, blue.
#include <string>

#include "core/learn/data_files.h"

namespace cohelix::learn {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPixels = 3 * 32 * 32;
constexpr std::size_t kMostRecords = 200'000;  // the published sets have 50,000
constexpr int kCoarseClasses = 20;

struct Flavour {
    std::vector<std::string> train;
    std::string test;
    std::string subfolder;
    std::size_t labelBytes;  // the last of them is the label
    int classes;
};

Flavour flavour(bool hundred) {
    if (hundred) return {{"train.bin"}, "test.bin", "cifar-100-binary", 2, 100};
    return {{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
             "data_batch_5.bin"},
            "test_batch.bin",
            "cifar-10-batches-bin",
            1,
            10};
}

fs::path placeOf(const fs::path& folder, const Flavour& kind) {
    std::error_code ignored;
    const fs::path inside = folder / kind.subfolder;
    return fs::is_directory(inside, ignored) ? inside : folder;
}

std::size_t recordBytes(const Flavour& kind) { return kind.labelBytes + kPixels; }

/// The place in the file, unpacked where it is gzipped.
std::string atByte(std::size_t offset) { return " (byte " + std::to_string(offset) + ")"; }

base::Result<void> checkLabels(const InflatingFile& file, const std::uint8_t* record,
                               std::size_t index, const Flavour& kind) {
    const auto refuse = [&](std::size_t byte, int classes) {
        return file.error("label " + std::to_string(record[byte]) + " of image " +
                          std::to_string(index) + " is out of range" +
                          atByte(index * recordBytes(kind) + byte) + "; there are " +
                          std::to_string(classes) + " classes");
    };
    const std::size_t label = kind.labelBytes - 1;
    if (label > 0 && record[0] >= kCoarseClasses) return refuse(0, kCoarseClasses);
    if (record[label] >= kind.classes) return refuse(label, kind.classes);
    return {};
}

base::Result<void> append(ImageSet& images, const fs::path& name, const Flavour& kind) {
    const fs::path path = plainOrGzipped(name);
    if (path.empty()) {
        return base::Error{name.string(), "the file is missing",
                           "Unpack the whole archive of the data set's binary version"};
    }
    InflatingFile file(path);
    std::vector<std::uint8_t> record(recordBytes(kind));
    for (std::size_t index = 0;; ++index) {
        const auto count = file.readSome(record);
        if (!count) return count.error();
        if (*count == 0 && index > 0) return {};
        if (*count != record.size()) {
            return file.error(*count == 0
                                  ? std::string("the file is empty")
                                  : "the file is truncated in image " + std::to_string(index) +
                                        atByte(index * record.size() + *count));
        }
        if (images.size() >= kMostRecords) {
            return file.error("there are more than " + std::to_string(kMostRecords) + " images");
        }
        if (const auto fine = checkLabels(file, record.data(), index, kind); !fine) {
            return fine.error();
        }
        images.labels.push_back(record[kind.labelBytes - 1]);
        images.pixels.insert(images.pixels.end(),
                             record.begin() + static_cast<std::ptrdiff_t>(kind.labelBytes),
                             record.end());
    }
}

}  // namespace

bool hasCifar(const fs::path& folder, bool hundred) {
    const Flavour kind = flavour(hundred);
    const fs::path place = placeOf(folder, kind);
    return !plainOrGzipped(place / kind.train.front()).empty() ||
           !plainOrGzipped(place / kind.test).empty();
}

base::Result<DataSet> loadCifar(const fs::path& folder, bool hundred) {
    const Flavour kind = flavour(hundred);
    const fs::path place = placeOf(folder, kind);
    DataSet data;
    data.folder = place.string();
    data.classes = kind.classes;
    data.train.shape = data.test.shape = {3, 32, 32};
    for (const auto& name : kind.train) {
        if (const auto read = append(data.train, place / name, kind); !read) return read.error();
    }
    if (const auto read = append(data.test, place / kind.test, kind); !read) return read.error();
    return data;
}

}  // namespace cohelix::learn
