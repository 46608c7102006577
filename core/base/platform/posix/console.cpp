// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/platform/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

namespace cohelix::platform {

bool standardErrorIsTerminal() { return isatty(STDERR_FILENO) != 0; }

std::size_t terminalColumns() {
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace cohelix::platform
