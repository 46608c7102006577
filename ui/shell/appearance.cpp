// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/appearance.h"

#include <QApplication>
#include <QStyleFactory>

#include "core/base/units.h"

#include "ui/hub/icons.h"

namespace cohelix::ui {

void setUpApplication(QApplication& application) {
    QApplication::setOrganizationName(QStringLiteral("Cohelix"));
    QApplication::setApplicationName(QStringLiteral("Cohelix"));
    QApplication::setApplicationVersion(QString::fromUtf8(base::programVersion()));
    QGuiApplication::setDesktopFileName(QStringLiteral("cohelix"));
    application.setWindowIcon(programIcon());
    if (QStyle* style = QStyleFactory::create(QStringLiteral("Fusion"))) {
        QApplication::setStyle(style);
    }
}

void applyThemeChoice(ThemeChoice choice) {
    switch (choice) {
        case ThemeChoice::System: QApplication::setPalette(QPalette()); break;
        case ThemeChoice::Light: QApplication::setPalette(lightPalette()); break;
        case ThemeChoice::Dark: QApplication::setPalette(darkPalette()); break;
    }
}

}  // namespace cohelix::ui
