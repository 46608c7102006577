// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Walks a vector of option indices from front to back, a few at a time.

#include <cassert>
#include <cstddef>
#include <span>

namespace cohelix::hardware {

template <typename Index>
class ChoiceCursor {
public:
    explicit ChoiceCursor(std::span<Index> choices) : m_rest(choices) {}

    std::span<Index> take(std::size_t count) {
        assert(count <= m_rest.size());
        const auto taken = m_rest.first(count);
        m_rest = m_rest.subspan(count);
        return taken;
    }
    void skip(std::size_t count) { (void)take(count); }

private:
    std::span<Index> m_rest;
};

}  // namespace cohelix::hardware
