// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/python_random.h"

#include <array>
#include <bit>
#include <locale>
#include <sstream>

namespace cohelix::workload {
namespace {

constexpr std::size_t kWords = std::mt19937::state_size;
using State = std::array<std::uint32_t, kWords>;

/// The seeding of Matsumoto and Nishimura (2002) for a key of one word, which Python uses and
/// std::seed_seq does not.
State stateFrom(std::uint32_t key) {
    State state;
    state[0] = 19650218;
    for (std::uint32_t i = 1; i < kWords; ++i) {
        state[i] = 1812433253U * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
    }
    std::size_t i = 1;
    const auto next = [&] {
        if (++i < kWords) return;
        state[0] = state[kWords - 1];
        i = 1;
    };
    const auto mixed = [&](std::uint32_t factor) {
        return state[i] ^ ((state[i - 1] ^ (state[i - 1] >> 30)) * factor);
    };
    for (std::size_t k = 0; k < kWords; ++k, next()) state[i] = mixed(1664525U) + key;
    for (std::size_t k = 1; k < kWords; ++k, next()) {
        state[i] = mixed(1566083941U) - static_cast<std::uint32_t>(i);
    }
    state[0] = 0x80000000U;
    return state;
}

}  // namespace

PythonRandom::PythonRandom(std::uint32_t seed) {
    // An engine's state can only be set through its text: the words, then the position.
    std::stringstream text;
    text.imbue(std::locale::classic());
    for (const auto word : stateFrom(seed)) text << word << ' ';
    text << kWords;
    text >> m_engine;
}

std::uint32_t PythonRandom::below(std::uint32_t count) {
    const int bits = std::bit_width(count);
    std::uint32_t drawn = 0;
    do {
        drawn = static_cast<std::uint32_t>(m_engine()) >> (32 - bits);
    } while (drawn >= count);
    return drawn;
}

}  // namespace cohelix::workload
