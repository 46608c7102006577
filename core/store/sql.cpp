// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sql.h"

#include <chrono>
#include <ctime>

#include <sqlite3.h>

#include "core/base/platform/file.h"
#include "core/base/unicode.h"
#include "core/store/project.h"

namespace cohelix::store {

std::string damagedAdvice() { return std::string("Go back to a copy, or ") + kHowToRescue; }

base::Error damagedError(const std::string& path, const std::string& detail) {
    return {path, "the project file is damaged (" + detail + ")",
            "It was left as it is. " + damagedAdvice()};
}

base::Error sqlError(const std::string& path, const SQLite::Exception& problem) {
    const std::string detail = problem.what();
    switch (problem.getErrorCode() & 0xff) {
        case SQLITE_FULL:
            return {path, "the disk is full",
                    "Free some space and try again; everything saved before is still there"};
        case SQLITE_IOERR:
            if (problem.getExtendedErrorCode() == SQLITE_IOERR_WRITE &&
                platform::fileSizeIsLimited()) {
                return {path, "the file size limit of this session is reached",
                        "Raise it (ulimit -f) and try again; everything saved before is still "
                        "there"};
            }
            return {path, "the file could not be read or written (" + detail + ")",
                    "Check that the disk has free space and is still connected; everything saved "
                    "before is still there"};
        case SQLITE_READONLY:
            return {path, "the file or its folder is read-only (" + detail + ")",
                    "Save a copy in a folder that you may write to"};
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return {path, "access is denied (" + detail + ")",
                    "Ask for the right to read the file, or copy it to a folder of your own"};
        case SQLITE_CANTOPEN:
            return {path, "the file could not be opened (" + detail + ")",
                    "Check that the file and its folder may be read; a project that was cut off by "
                    "a crash also needs a folder that may be written to"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {path, "another process is using the file", "Try again in a moment"};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return damagedError(path, "a part of it cannot be read");
        case SQLITE_TOOBIG:
            return {path, "a value is too large for the project file (" + detail + ")", {}};
        case SQLITE_NOMEM: return {path, "there is not enough memory", "Close other programs"};
        default: return {path, "the project file refused this (" + detail + ")", {}};
    }
}

Binder& Binder::operator()(std::string_view value) {
    m_statement.bind(m_next++, std::string(value));
    return *this;
}

Binder& Binder::operator()(const std::vector<std::uint8_t>& bytes) {
    // A null pointer would bind NULL; no bytes are still a blob.
    const void* data = bytes.empty() ? static_cast<const void*>("") : bytes.data();
    m_statement.bindNoCopy(m_next++, data, static_cast<int>(bytes.size()));
    return *this;
}

std::optional<double> optionalDouble(const SQLite::Column& column) {
    if (column.isNull()) return std::nullopt;
    return column.getDouble();
}

std::string readableText(const SQLite::Column& column) {
    return base::validUtf8(column.getString());
}

std::vector<std::uint8_t> bytesOf(const SQLite::Column& column) {
    const auto* data = static_cast<const std::uint8_t*>(column.getBlob());
    if (!data) return {};
    return {data, data + column.getBytes()};
}

std::string timeNow() {
    using namespace std::chrono;
    const auto now = floor<milliseconds>(system_clock::now());
    const std::time_t seconds = system_clock::to_time_t(floor<std::chrono::seconds>(now));
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char text[64];
    const auto length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    const auto fraction = (now.time_since_epoch() % 1s).count();
    std::snprintf(text + length, sizeof text - length, ".%03dZ", static_cast<int>(fraction));
    return text;
}

}  // namespace cohelix::store
