// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What a search in the background tells on the terminal, and the user's wish to end it.

#include <set>

#include "core/run/session.h"

#include "app/cli/terminal.h"

namespace cohelix::cli {

/// From now on Ctrl-C and a polite kill are remembered instead of ending the program.
void catchInterrupts();
bool interrupted();

/// Prints what the search reports.
class Reporter final : public run::Listener {
public:
    explicit Reporter(Terminal& terminal) : m_terminal(terminal) {}

    void progressed(const run::Progress& progress) override { m_terminal.progress(progress); }
    void designsChanged(std::int64_t run, const std::vector<store::DesignRow>& designs) override;
    void runChanged(const store::RunRow&) override {}
    void logged(const store::Event& event) override;
    void steered(std::int64_t, const std::vector<store::SteeringRow>&) override {}  // logged too

private:
    Terminal& m_terminal;
    std::set<std::int64_t> m_seen;
};

}  // namespace cohelix::cli
