// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Small data sets made for the tests: files in a folder of their own, and images in memory whose
// class can be seen.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/learn/dataset.h"

namespace cohelix::learn::test {

using Bytes = std::vector<std::uint8_t>;

/// A folder that goes away with the object.
class TemporaryFolder {
public:
    TemporaryFolder() {
        const auto name = "cohelix-learn-" + std::to_string(std::random_device{}());
        m_path = std::filesystem::temp_directory_path() / name;
        std::filesystem::create_directories(m_path);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

inline void writeFile(const std::filesystem::path& path, const Bytes& bytes) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

/// Images whose class is the direction and the period of stripes, on noise.
inline ImageSet stripes(const model::ImageShape& shape, int classes, std::size_t count,
                        std::uint64_t seed) {
    ImageSet set;
    set.shape = shape;
    base::Random random(seed, "stripes");
    for (std::size_t i = 0; i < count; ++i) {
        const int label = static_cast<int>(i) % classes;
        set.labels.push_back(static_cast<std::uint16_t>(label));
        const int period = 2 + label / 2;
        const auto start = static_cast<int>(random.below(static_cast<std::uint64_t>(period)));
        for (int c = 0; c < shape.channels; ++c) {
            for (int y = 0; y < shape.height; ++y) {
                for (int x = 0; x < shape.width; ++x) {
                    const int along = (label % 2 == 0 ? x : y) + start;
                    const auto noise = random.below(120);
                    set.pixels.push_back(
                        static_cast<std::uint8_t>(noise + (along % period == 0 ? 100 : 0)));
                }
            }
        }
    }
    return set;
}

inline std::shared_ptr<const DataSet> stripesData(const model::ImageShape& shape, int classes,
                                                  std::size_t training, std::size_t test) {
    auto data = std::make_shared<DataSet>();
    data->name = "stripes";
    data->classes = classes;
    data->train = stripes(shape, classes, training, 1);
    data->test = stripes(shape, classes, test, 2);
    data->mean.assign(static_cast<std::size_t>(shape.channels), 0.35F);
    data->deviation.assign(static_cast<std::size_t>(shape.channels), 0.2F);
    return data;
}

}  // namespace cohelix::learn::test
