// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_pointer.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace cohelix::ui {
namespace {

/// Walks a JSON text once and notes where each pointer begins. Lenient: it serves texts that the
/// parser has accepted already.
class Walk {
public:
    explicit Walk(std::string_view text) : m_text(text) {}

    const std::map<std::string, std::size_t>& offsets() {
        value("", 0);
        return m_offsets;
    }

private:
    static bool isFiller(char c) {
        return std::string_view(" \t\r\n,:").find(c) != std::string_view::npos;
    }

    void skipSpace() {
        while (m_at < m_text.size() && isFiller(m_text[m_at])) ++m_at;
    }

    std::string quoted() {
        std::string out;
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\') ++m_at;
            if (m_at >= m_text.size()) break;
            const char c = m_text[m_at];
            out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
        }
        ++m_at;
        return out;
    }

    void object(const std::string& pointer, int depth) {
        ++m_at;
        while (true) {
            skipSpace();
            if (m_at >= m_text.size() || m_text[m_at] != '"') break;
            const auto start = m_at;
            const std::string child = pointer + "/" + quoted();
            m_offsets.emplace(child, start);
            value(child, depth + 1);
        }
        ++m_at;
    }

    void list(const std::string& pointer, int depth) {
        ++m_at;
        for (int index = 0;; ++index) {
            skipSpace();
            if (m_at >= m_text.size() || m_text[m_at] == ']') break;
            const std::string child = pointer + "/" + std::to_string(index);
            m_offsets.emplace(child, m_at);
            const auto before = m_at;
            value(child, depth + 1);
            if (m_at == before) break;
        }
        ++m_at;
    }

    void value(const std::string& pointer, int depth) {
        skipSpace();
        if (m_at >= m_text.size() || depth > kMostDepth) return;
        switch (m_text[m_at]) {
            case '{': object(pointer, depth); break;
            case '[': list(pointer, depth); break;
            case '"': quoted(); break;
            default: m_at = std::min(m_text.find_first_of(",]} \t\r\n", m_at), m_text.size());
        }
    }

    static constexpr int kMostDepth = 64;
    std::string_view m_text;
    std::size_t m_at = 0;
    std::map<std::string, std::size_t> m_offsets;
};

std::optional<int> lineInMessage(const std::string& message) {
    constexpr std::string_view kWord = "line ";
    const auto found = message.find(kWord);
    if (found == std::string::npos) return std::nullopt;
    int line = 0;
    const char* first = message.data() + found + kWord.size();
    const auto read = std::from_chars(first, message.data() + message.size(), line);
    if (read.ec != std::errc() || line < 1) return std::nullopt;
    return line - 1;
}

}  // namespace

std::optional<std::size_t> offsetOfPointer(std::string_view text, const std::string& pointer) {
    Walk walk(text);
    const auto& offsets = walk.offsets();
    for (std::string at = pointer; at.starts_with('/'); at.resize(at.rfind('/'))) {
        if (const auto found = offsets.find(at); found != offsets.end()) return found->second;
    }
    if (offsets.empty()) return std::nullopt;
    return 0;
}

int lineOfError(std::string_view text, const base::Error& error) {
    if (error.where.starts_with('/')) {
        const auto offset = std::min(offsetOfPointer(text, error.where).value_or(0), text.size());
        return static_cast<int>(
            std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    }
    return lineInMessage(error.what).value_or(0);
}

}  // namespace cohelix::ui
