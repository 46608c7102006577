// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/terminal.h"

#include <cstdio>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

#include "app/cli/commands.h"
#include "core/base/unicode.h"
#include "core/base/units.h"

namespace cohelix::cli {
namespace {

constexpr std::chrono::seconds kBetweenLines{10};

bool standardErrorIsTerminal() {
#ifdef _WIN32
    return _isatty(_fileno(stderr)) != 0;
#else
    return isatty(STDERR_FILENO) != 0;
#endif
}

}  // namespace

std::string progressText(const run::Progress& progress) {
    const double share = progress.steps > 0
                             ? static_cast<double>(progress.step) /
                                   static_cast<double>(progress.steps)
                             : 0;
    std::string text = std::string(run::phaseText(progress.phase)) + "  " +
                       base::fixed(100 * share, 0) + " %  " +
                       base::clockTime(progress.elapsedSeconds);
    if (progress.secondsLeft >= 0) text += ", " + base::clockTime(progress.secondsLeft) + " left";
    if (progress.imagesPerSecond > 0) {
        text += "  " + base::fixed(progress.imagesPerSecond, 0) + " images/s";
    }
    if (progress.loss > 0) text += "  loss " + base::fixed(progress.loss, 3);
    if (!progress.detail.empty()) text += "  " + progress.detail;
    return text;
}

Terminal::Terminal() : m_redraws(standardErrorIsTerminal()) {}

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

void Terminal::progress(const run::Progress& progress) {
    const std::lock_guard lock(m_mutex);
    const auto now = std::chrono::steady_clock::now();
    const auto text = base::visibleLine(progressText(progress));
    if (m_redraws) {
        clearLine();
        std::fprintf(stderr, "%s", text.c_str());
        std::fflush(stderr);
        m_lineOpen = true;
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
