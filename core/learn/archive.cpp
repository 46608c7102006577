// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/archive.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <exception>
#include <utility>

#include <zlib.h>

#include "core/learn/damaged_advice.h"

namespace cohelix::learn {
namespace {

static_assert(std::endian::native == std::endian::little,
              "archives are written as they lie in memory");

constexpr std::uint64_t kMagic = 0x3154584c45484f43ULL;  // "COHELXT1" in memory
constexpr std::size_t kMostDimensions = 8;

class Writer {
public:
    explicit Writer(std::size_t expected) { m_bytes.reserve(expected); }

    template <typename T>
    void number(T value) {
        raw(&value, sizeof value);
    }
    void text(const std::string& value) {
        number(static_cast<std::uint64_t>(value.size()));
        raw(value.data(), value.size());
    }
    template <typename T>
    void list(std::span<const T> values) {
        number(static_cast<std::uint64_t>(values.size()));
        raw(values.data(), values.size_bytes());
    }
    std::vector<std::uint8_t> finish() {
        number(static_cast<std::uint32_t>(crc32_z(0, m_bytes.data(), m_bytes.size())));
        return std::move(m_bytes);
    }

private:
    void raw(const void* data, std::size_t size) {
        const auto* bytes = static_cast<const std::uint8_t*>(data);
        m_bytes.insert(m_bytes.end(), bytes, bytes + size);
    }
    std::vector<std::uint8_t> m_bytes;
};

/// Reads in the same order; after the first failure everything is empty and fine() is false.
class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}

    template <typename T>
    T number() {
        T value = {};
        take(&value, 1);
        return value;
    }
    template <typename T>
    std::vector<T> list(std::uint64_t most) {
        const auto count = number<std::uint64_t>();
        if (count > most || count > m_bytes.size() / sizeof(T)) {
            m_fine = false;
            return {};
        }
        std::vector<T> values(count);
        take(values.data(), values.size());
        return values;
    }
    std::string text() {
        const auto letters = list<char>(4096);
        return {letters.begin(), letters.end()};
    }
    bool fine() const { return m_fine; }
    bool atEnd() const { return m_bytes.empty(); }

private:
    template <typename T>
    void take(T* target, std::size_t count) {
        m_fine = m_fine && count <= m_bytes.size() / sizeof(T);
        if (!m_fine || count == 0) return;
        std::memcpy(target, m_bytes.data(), count * sizeof(T));
        m_bytes = m_bytes.subspan(count * sizeof(T));
    }
    std::span<const std::uint8_t> m_bytes;
    bool m_fine = true;
};

bool fits(const NamedTensor& tensor) {
    std::uint64_t count = 1;
    for (const std::int64_t size : tensor.shape) {
        // A product of larger ones would pass 64 bits.
        if (size < 0 || size > (std::int64_t{1} << 31) || count > (std::uint64_t{1} << 31)) {
            return false;
        }
        count *= static_cast<std::uint64_t>(size);
    }
    return count == tensor.values.size() &&
           std::ranges::all_of(tensor.values, [](float value) { return std::isfinite(value); });
}

base::Error refuse(const std::string& kind, std::string what) {
    return {kind, std::move(what), kDamagedBytesAdvice};
}

base::Result<Archive> unpackBody(const std::string& kind, std::span<const std::uint8_t> body) {
    Reader reader(body);
    (void)reader.number<std::uint64_t>();
    if (const auto found = reader.text(); found != kind) {
        return refuse(kind, "the bytes hold something else: '" + found + "'");
    }
    Archive archive;
    archive.numbers = reader.list<std::int64_t>(1024);
    const auto count = reader.number<std::uint64_t>();
    for (std::uint64_t i = 0; i < count && reader.fine(); ++i) {
        NamedTensor tensor;
        tensor.name = reader.text();
        tensor.shape = reader.list<std::int64_t>(kMostDimensions);
        tensor.values = reader.list<float>(body.size());
        if (!reader.fine() || !fits(tensor)) return refuse(kind, "a tensor is damaged");
        archive.tensors.push_back(std::move(tensor));
    }
    if (!reader.fine() || !reader.atEnd()) return refuse(kind, "the bytes are damaged");
    return archive;
}

}  // namespace

std::vector<std::uint8_t> pack(const std::string& kind, std::span<const std::int64_t> numbers,
                               std::span<const TensorView> tensors) {
    std::size_t expected = 1024 + numbers.size_bytes();
    for (const auto& tensor : tensors) expected += 128 + tensor.values.size_bytes();
    Writer writer(expected);
    writer.number(kMagic);
    writer.text(kind);
    writer.list(numbers);
    writer.number(static_cast<std::uint64_t>(tensors.size()));
    for (const auto& tensor : tensors) {
        writer.text(tensor.name);
        writer.list(std::span<const std::int64_t>(tensor.shape));
        writer.list(tensor.values);
    }
    return writer.finish();
}

base::Result<Archive> unpack(const std::string& kind, std::span<const std::uint8_t> bytes) {
    constexpr std::size_t kLeast = sizeof(kMagic) + sizeof(std::uint32_t);
    if (bytes.size() < kLeast || std::memcmp(bytes.data(), &kMagic, sizeof kMagic) != 0) {
        return refuse(kind, "the bytes were not written by this program");
    }
    const auto body = bytes.first(bytes.size() - sizeof(std::uint32_t));
    std::uint32_t checksum = 0;
    std::memcpy(&checksum, bytes.data() + body.size(), sizeof checksum);
    if (checksum != static_cast<std::uint32_t>(crc32_z(0, body.data(), body.size()))) {
        return refuse(kind, "the bytes are damaged: their checksum is wrong");
    }
    try {
        return unpackBody(kind, body);
    } catch (const std::exception& failure) {
        return refuse(kind, std::string("the bytes cannot be read: ") + failure.what());
    }
}

}  // namespace cohelix::learn
