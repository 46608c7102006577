// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Python's random numbers, so that an order which a published Python program drew can be drawn
// again. Private to core/workload; for nothing else: our own streams are core/base/random.h.

#include <cstdint>
#include <random>

namespace cohelix::workload {

class PythonRandom {
public:
    /// As random.seed(seed).
    explicit PythonRandom(std::uint32_t seed);
    /// 0 … count - 1, as random._randbelow(count).
    std::uint32_t below(std::uint32_t count);

private:
    std::mt19937 m_engine;
};

}  // namespace cohelix::workload
