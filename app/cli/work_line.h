// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How far a command is that may take minutes, for who waits for it at a terminal: one line, whose
// time goes on. Where standard error is no terminal there is none.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>

#include "app/cli/terminal.h"

namespace cohelix::cli {

class WorkLine {
public:
    /// Shows work on so many parts, "layers".
    WorkLine(std::string work, std::string part, std::size_t parts);
    /// Takes the line away.
    ~WorkLine();
    WorkLine(const WorkLine&) = delete;
    WorkLine& operator=(const WorkLine&) = delete;

    /// The part of this index begins: "mapping  40 %  1:05  layer 3 of 5: conv3".
    void begin(std::size_t index, const std::string& name);

private:
    using Clock = std::chrono::steady_clock;

    /// With the mutex held.
    void draw();
    void drawEverySecond();

    const std::string m_work;
    const std::string m_part;
    const std::size_t m_parts;
    const Clock::time_point m_begin = Clock::now();
    Terminal m_terminal;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_name;
    std::size_t m_index = 0;
    bool m_ended = false;
    std::thread m_ticking;  ///< last: it uses all of the above
};

}  // namespace cohelix::cli
