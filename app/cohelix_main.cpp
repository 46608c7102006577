// SPDX-License-Identifier: GPL-3.0-or-later
// The window, and `cohelix plot`, which draws without one.

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <system_error>
#include <thread>

#include "core/base/platform/process.h"
#include "core/base/units.h"
#include "core/learn/learn.h"

#include "ui/hub/hub.h"
#include "ui/shell/appearance.h"
#include "ui/shell/main_window.h"

#include "app/plot_command.h"

namespace {

using namespace cohelix;

constexpr const char* kUsage =
    "Usage: cohelix [FILE.cohelix | SPECIFICATION.json]\n"
    "       cohelix plot PROJECT.cohelix --out FILE.(svg|pdf|png)\n"
    "                    [--width MM] [--height MM] [--dpi N] [--run N] [--log-x]\n"
    "                    [--published GROUP,…]   see cohelix-cli published\n"
    "       cohelix --version | --help\n";

bool hasDisplay() {
#ifdef Q_OS_UNIX
    const auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value && *value;
    };
    return set("DISPLAY") || set("WAYLAND_DISPLAY") || set("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

/// A display that is named but cannot be reached would end the program; drawing needs none.
void useNoDisplay() {
#ifdef Q_OS_UNIX
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
#endif
}

/// While the user looks around, so that neither the window nor a search waits for it. Where the
/// system starts no thread the first search waits.
std::jthread loadTraining() {
    try {
        return std::jthread([] { static_cast<void>(learn::checkTraining()); });
    } catch (const std::system_error&) {
        return {};
    }
}

int showWindow(const QStringList& files) {
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    ui::Hub hub({&run::Session::open, &run::Session::create}, data);
    QSettings settings;
    ui::MainWindow window(hub, settings);
    window.show();
    if (files.isEmpty()) {
        window.projects().openExample();
    } else {
        window.projects().open(files.first());
    }
    const auto training = loadTraining();
    return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
    platform::surviveFileSizeLimit();
    const std::string first = argc > 1 ? argv[1] : "";
    if (first == "--help" || first == "-h") {
        std::cout << kUsage;
        return 0;
    }
    if (first == "--version") {
        std::cout << "cohelix " << base::programVersion() << '\n';
        return 0;
    }
    const bool plots = first == "plot";
    if (!plots && (argc > 2 || (!first.empty() && first[0] == '-'))) {
        std::cerr << kUsage;
        return 2;
    }
    if (!plots && !hasDisplay()) {
        std::cerr << "cohelix: there is no display to open a window on. "
                     "Use cohelix-cli, or set DISPLAY\n";
        return 1;
    }
    if (plots) useNoDisplay();
    QApplication application(argc, argv);
    ui::setUpApplication(application);
    const QStringList arguments = QApplication::arguments().mid(1);
    return plots ? app::plotCommand(arguments.mid(1)) : showWindow(arguments);
}
