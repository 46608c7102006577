// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/work_line.h"

#include <system_error>

#include "core/base/units.h"

namespace cohelix::cli {

WorkLine::WorkLine(std::string work, std::string part, std::size_t parts)
    : m_work(std::move(work)), m_part(std::move(part)), m_parts(parts) {
    if (!m_terminal.redraws()) return;
    try {
        m_ticking = std::thread([this] { drawEverySecond(); });
    } catch (const std::system_error&) {  // the work goes on without its line
    }
}

WorkLine::~WorkLine() {
    if (!m_ticking.joinable()) return;
    {
        const std::lock_guard lock(m_mutex);
        m_ended = true;
    }
    m_changed.notify_all();
    m_ticking.join();
    m_terminal.clear();
}

void WorkLine::begin(std::size_t index, const std::string& name) {
    if (!m_ticking.joinable()) return;
    const std::lock_guard lock(m_mutex);
    m_index = index;
    m_name = name;
    draw();
}

void WorkLine::draw() {
    const auto number = [](std::size_t count) {
        return base::grouped(static_cast<std::int64_t>(count));
    };
    const double seconds = std::chrono::duration<double>(Clock::now() - m_begin).count();
    const double share = 100 * static_cast<double>(m_index) / static_cast<double>(m_parts);
    m_terminal.redraw(m_work + "  " + base::fixed(share, 0) + " %  " + base::clockTime(seconds) +
                      "  " + m_part + " " + number(m_index + 1) + " of " + number(m_parts) + ": " +
                      m_name);
}

void WorkLine::drawEverySecond() {
    std::unique_lock lock(m_mutex);
    while (!m_changed.wait_for(lock, std::chrono::seconds(1), [this] { return m_ended; })) {
        if (!m_name.empty()) draw();
    }
}

}  // namespace cohelix::cli
