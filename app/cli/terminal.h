// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the command line writes to standard error: messages, and the progress of a search; one line
// that is redrawn on a terminal, plain lines now and then elsewhere. What a terminal would obey in
// a name is spelt out (base::visible). Thread-safe.

#include <chrono>
#include <mutex>
#include <string>

#include "core/run/session.h"

namespace cohelix::cli {

class Terminal {
public:
    Terminal();

    void message(const std::string& text);
    void error(const base::Error& error);
    /// Says what went wrong; the exit code: wrong use where it is an option's value, else failed.
    int fail(const base::Error& error);
    /// Whether there is a line that can be redrawn: standard error is a terminal.
    bool redraws() const { return m_redraws; }
    /// Puts the text in the place of the redrawn line. Only where there is one.
    void redraw(const std::string& text);
    /// Takes the redrawn line away.
    void clear();
    void progress(const run::Progress& progress);
    /// Leaves the redrawn line as it stands.
    void endProgress();

private:
    void clearLine();
    void drawLine(const std::string& text);

    std::mutex m_mutex;
    bool m_redraws = false;
    bool m_lineOpen = false;
    run::Phase m_lastPhase = run::Phase::Ended;
    std::chrono::steady_clock::time_point m_lastLine;
};

/// "joint search  41 %  0:52, 1:16 left  1,830 images/s  loss 0.412  epoch 3 of 8"
std::string progressText(const run::Progress& progress);

}  // namespace cohelix::cli
