// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/data_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <zlib.h>

#include "core/base/text_file.h"

namespace cohelix::learn {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDamagedAdvice = "Get the file again from where the data set is published";

gzFile handle(void* file) { return static_cast<gzFile>(file); }

}  // namespace

fs::path plainOrGzipped(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_regular_file(path, ignored)) return path;
    fs::path gzipped = path;
    gzipped += ".gz";
    return fs::is_regular_file(gzipped, ignored) ? gzipped : fs::path{};
}

InflatingFile::InflatingFile(const fs::path& path) : m_path(path.string()) {
    auto file = base::openToRead(path);
    if (!file) {
        m_opened = file.error();
        return;
    }
    const int descriptor = file->release();
    m_file = gzdopen(descriptor, "rb");
    if (m_file) {
        gzbuffer(handle(m_file), 1U << 18);
    } else {
        platform::closeDescriptor(descriptor);
        m_opened = error("there is no memory to read it");
    }
}

InflatingFile::~InflatingFile() {
    if (m_file) gzclose(handle(m_file));
}

base::Error InflatingFile::error(std::string what) const {
    return {m_path, std::move(what), kDamagedAdvice};
}

base::Result<std::size_t> InflatingFile::readSome(std::span<std::uint8_t> bytes) {
    if (!m_opened) return m_opened.error();
    std::size_t done = 0;
    while (done < bytes.size()) {
        const std::size_t left = bytes.size() - done;
        const auto part = static_cast<unsigned>(std::min<std::size_t>(left, 1U << 30));
        const int count = gzread(handle(m_file), bytes.data() + done, part);
        if (count < 0) {
            int code = Z_OK;
            const char* message = gzerror(handle(m_file), &code);
            if (code == Z_ERRNO) message = std::strerror(errno);
            return error(std::string("the file cannot be read or unpacked: ") + message);
        }
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    int code = Z_OK;
    gzerror(handle(m_file), &code);
    if (code == Z_BUF_ERROR) return error("the gzipped file is truncated");
    return done;
}

base::Result<void> InflatingFile::read(std::span<std::uint8_t> bytes) {
    const auto count = readSome(bytes);
    if (!count) return count.error();
    if (*count == bytes.size()) return {};
    return truncated(bytes.size() - *count);
}

base::Error InflatingFile::truncated(std::uint64_t missing) const {
    return error("the file is truncated: " + std::to_string(missing) + " bytes are missing");
}

base::Result<std::vector<std::uint8_t>> InflatingFile::readAll(std::uint64_t count) {
    constexpr std::uint64_t kFirst = 1U << 20;
    std::vector<std::uint8_t> bytes;
    while (bytes.size() < count) {
        const std::size_t done = bytes.size();
        bytes.resize(std::min(count, std::max<std::uint64_t>(kFirst, 2 * done)));
        const auto got = readSome(std::span(bytes).subspan(done));
        if (!got) return got.error();
        if (done + *got < bytes.size()) return truncated(count - done - *got);
    }
    return bytes;
}

base::Result<void> InflatingFile::expectEnd() {
    std::uint8_t extra = 0;
    const auto count = readSome({&extra, 1});
    if (!count) return count.error();
    if (*count == 0) return {};
    return error("the file is longer than its header says");
}

}  // namespace cohelix::learn
