// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// When a search's state is worth writing. Designs are committed as they are found; a state is
// weights with their moments, up to hundreds of megabytes, and what a crash costs without it is a
// repetition of steps that leads to the same designs. So states share a budget of bytes a minute
// and of the search's time. Time decides nothing but when they are written. Private to the room.

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace cohelix::run {

class CheckpointPace {
public:
    using Clock = std::chrono::steady_clock;
    static constexpr double kBytesPerMinute = 15e6;
    static constexpr std::chrono::seconds kLeastBetween{60};
    static constexpr double kMostShareOfTime = 0.01;

    explicit CheckpointPace(Clock::time_point start) : m_last(start) {}

    /// Whether a state of the size of the last one may be written now; before there is one, whether
    /// it is time to find out its size.
    bool isDue(Clock::time_point now) const { return isDue(now, m_bytes); }
    bool isDue(Clock::time_point now, std::size_t bytes) const {
        const double minutes = static_cast<double>(bytes) / kBytesPerMinute;
        const auto wait =
            std::max({std::chrono::duration<double>(kLeastBetween),
                      std::chrono::duration<double>(60 * minutes), m_took / kMostShareOfTime});
        return now - m_last >= wait;
    }
    /// A state has so many bytes, whether it is written or not.
    void measured(std::size_t bytes) { m_bytes = bytes; }
    /// It has been written.
    void wrote(Clock::time_point begin, Clock::time_point end) {
        m_took = end - begin;
        m_last = end;
    }

private:
    Clock::time_point m_last;
    std::size_t m_bytes = 0;
    std::chrono::duration<double> m_took{0};
};

}  // namespace cohelix::run
