// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The first bytes of an SQLite file (sqlite.org/fileformat2.html, section 1.3), read without
// SQLite.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace cohelix::store {

inline constexpr std::size_t kHeaderBytes = 100;
// Places in the header.
inline constexpr std::size_t kPageSizeAt = 16;
inline constexpr std::size_t kWriteVersionAt = 18;  ///< 1: rollback journal, 2: write-ahead log
inline constexpr std::size_t kChangeCounterAt = 24;
inline constexpr std::size_t kPageCountAt = 28;
inline constexpr std::size_t kSchemaCookieAt = 40;
inline constexpr std::size_t kUserVersionAt = 60;
inline constexpr std::size_t kApplicationIdAt = 68;
inline constexpr std::size_t kCountValidForAt = 92;

/// Big-endian. Precondition: the bytes are there.
inline std::uint32_t unsignedAt(std::span<const std::uint8_t> bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[at + i];
    return value;
}

/// Precondition: a whole header.
inline std::uint32_t pageBytesOf(std::span<const std::uint8_t> header) {
    const std::uint32_t stored = std::uint32_t{header[kPageSizeAt]} << 8 | header[kPageSizeAt + 1];
    return stored == 1 ? 65536 : stored;
}

/// How many pages the file must have; nothing while a write-ahead log, as in older versions, may
/// hold some of them. Precondition: a whole header.
inline std::optional<std::uint32_t> pagesNamedBy(std::span<const std::uint8_t> header) {
    const bool isValid =
        unsignedAt(header, kChangeCounterAt) == unsignedAt(header, kCountValidForAt);
    if (header[kWriteVersionAt] != 1 || !isValid) return std::nullopt;
    return unsignedAt(header, kPageCountAt);
}

}  // namespace cohelix::store
