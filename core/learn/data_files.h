// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Reading the files of data sets: bounded, plain or gzipped, every damage named. For the files
// dataset*.cpp only.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/learn/dataset.h"

namespace cohelix::learn {

/// No data set is read that would need more memory than this, in bytes.
inline constexpr std::uint64_t kMostPixelBytes = 8ULL << 30;

/// The path, or the path with ".gz" added, whichever is a file; empty when neither is.
std::filesystem::path plainOrGzipped(const std::filesystem::path& path);

/// Sequential reading of a file that may be gzipped.
class InflatingFile {
public:
    explicit InflatingFile(const std::filesystem::path& path);
    ~InflatingFile();
    InflatingFile(const InflatingFile&) = delete;
    InflatingFile& operator=(const InflatingFile&) = delete;

    /// Fills `bytes`; an error when the file cannot be read, is damaged or ends before.
    base::Result<void> read(std::span<std::uint8_t> bytes);
    /// The next `count` bytes, taking memory as they come: a file that says more than it holds
    /// costs no more than what it holds. Errors as above.
    base::Result<std::vector<std::uint8_t>> readAll(std::uint64_t count);
    /// Up to bytes.size() bytes; how many there were.
    base::Result<std::size_t> readSome(std::span<std::uint8_t> bytes);
    /// An error when there is anything left.
    base::Result<void> expectEnd();

    base::Error error(std::string what) const;

private:
    base::Error truncated(std::uint64_t missing) const;

    std::string m_path;
    base::Result<void> m_opened;
    void* m_file = nullptr;  // a gzFile
};

/// The training and test images of one kind of data set, from its folder.
base::Result<DataSet> loadIdx(const std::filesystem::path& folder, int classes);
base::Result<DataSet> loadCifar(const std::filesystem::path& folder, bool hundred);
base::Result<DataSet> loadImageFolder(const std::filesystem::path& folder,
                                      const model::ImageShape& shape);

/// Shape of the training images by the file's header alone.
base::Result<model::ImageShape> idxShape(const std::filesystem::path& folder);
/// Class folders in train/, in their order.
base::Result<std::vector<std::string>> classFolders(const std::filesystem::path& folder);

/// The folder of a data set, by loadDataSet's order of places. Error: it is in none of them.
base::Result<std::filesystem::path> findDataSet(const spec::DataSetSpec& spec);

/// Whether images and classes are those that the network expects. Error: which are not.
base::Result<void> checkFits(const model::ImageShape& images, int classes,
                             const spec::NetworkSpace& network);

/// True when the folder looks as if it held that kind of data.
bool hasIdx(const std::filesystem::path& folder);
bool hasCifar(const std::filesystem::path& folder, bool hundred);
bool hasImageFolder(const std::filesystem::path& folder);

}  // namespace cohelix::learn
