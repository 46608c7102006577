// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/terminal.h"

#include <algorithm>
#include <cstdio>

#include "core/base/platform/console.h"
#include "core/base/unicode.h"
#include "core/base/units.h"

#include "app/cli/commands.h"

namespace cohelix::cli {
namespace {

constexpr std::chrono::seconds kBetweenLines{10};

/// What of a text stays in one line of the terminal: only that can be redrawn.
std::string inOneLine(const std::string& text) {
    const auto columns = platform::terminalColumns();
    std::size_t end = 0;
    for (std::size_t count = 0; end < text.size(); ++count) {
        if (columns > 0 && count + 1 >= columns) break;
        end += std::max<std::size_t>(1, base::lengthOfFirst(std::string_view(text).substr(end)));
    }
    return text.substr(0, end);
}

}  // namespace

std::string progressText(const run::Progress& progress) {
    const double share = progress.steps > 0 ? static_cast<double>(progress.step) /
                                                  static_cast<double>(progress.steps)
                                            : 0;
    std::string text = std::string(word(progress.phase)) + "  " + base::fixed(100 * share, 0) +
                       " %  " + base::clockTime(progress.elapsedSeconds);
    if (progress.secondsLeft >= 0) text += ", " + base::clockTime(progress.secondsLeft) + " left";
    if (progress.imagesPerSecond > 0) {
        text += "  " + base::fixed(progress.imagesPerSecond, 0) + " images/s";
    }
    if (progress.loss > 0) text += "  loss " + base::fixed(progress.loss, 3);
    if (!progress.detail.empty()) text += "  " + progress.detail;
    return text;
}

Terminal::Terminal() : m_redraws(platform::standardErrorIsTerminal()) {}

void Terminal::clearLine() {
    if (m_lineOpen) std::fputs("\r\x1b[K", stderr);
    m_lineOpen = false;
}

void Terminal::message(const std::string& text) {
    const std::lock_guard lock(m_mutex);
    clearLine();
    std::fprintf(stderr, "%s\n", base::visible(text).c_str());
    std::fflush(stderr);
}

void Terminal::error(const base::Error& error) { message("error: " + base::toText(error)); }

int Terminal::fail(const base::Error& error) {
    this->error(error);
    return error.where.starts_with("--") ? kWrongUse : kFailed;
}

void Terminal::drawLine(const std::string& text) {
    clearLine();
    std::fprintf(stderr, "%s", inOneLine(text).c_str());
    std::fflush(stderr);
    m_lineOpen = true;
}

void Terminal::redraw(const std::string& text) {
    const std::lock_guard lock(m_mutex);
    drawLine(base::visibleLine(text));
}

void Terminal::clear() {
    const std::lock_guard lock(m_mutex);
    clearLine();
    std::fflush(stderr);
}

void Terminal::progress(const run::Progress& progress) {
    const std::lock_guard lock(m_mutex);
    const auto now = std::chrono::steady_clock::now();
    const auto text = base::visibleLine(progressText(progress));
    if (m_redraws) {
        drawLine(text);
    } else if (progress.phase != m_lastPhase || now - m_lastLine > kBetweenLines) {
        std::fprintf(stderr, "%s\n", text.c_str());
        std::fflush(stderr);
        m_lastPhase = progress.phase;
        m_lastLine = now;
    }
}

void Terminal::endProgress() {
    const std::lock_guard lock(m_mutex);
    if (m_lineOpen) std::fputs("\n", stderr);
    m_lineOpen = false;
}

}  // namespace cohelix::cli
