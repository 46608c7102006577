// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reporter.h"

#include <csignal>

#include "core/base/platform/process.h"
#include "core/base/units.h"

namespace cohelix::cli {
namespace {

volatile std::sig_atomic_t stopWanted = 0;

void onInterrupt(int) { stopWanted = 1; }

}  // namespace

void catchInterrupts() { platform::onInterrupt(onInterrupt); }

bool interrupted() { return stopWanted != 0; }

void Reporter::designsChanged(std::int64_t, const std::vector<store::DesignRow>& designs) {
    for (const auto& row : designs) {
        if (row.state != store::DesignState::Trained || !m_seen.insert(row.id).second) continue;
        m_terminal.message("design " + std::to_string(row.id) +
                           " trained: " + base::fixed(100 * row.accuracy, 2) +
                           " % on the test images, " + base::fixed(row.fps, 1) + " FPS");
    }
}

void Reporter::logged(const store::Event& event) {
    m_terminal.message((event.kind == "info" ? "" : event.kind + ": ") + event.text);
}

}  // namespace cohelix::cli
