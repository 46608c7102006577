// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/appearance.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenu>
#include <QStyleFactory>

#include "core/base/units.h"

#include "ui/hub/icons.h"

namespace cohelix::ui {

namespace {

constexpr const char* kThemeKey = "theme";

struct ThemeRow {
    const char* name;
    const char* text;
    ThemeChoice choice;
};

constexpr ThemeRow kThemes[] = {
    {"view.theme.system", QT_TRANSLATE_NOOP("Themes", "Theme of the &system"), ThemeChoice::System},
    {"view.theme.light", QT_TRANSLATE_NOOP("Themes", "&Light theme"), ThemeChoice::Light},
    {"view.theme.dark", QT_TRANSLATE_NOOP("Themes", "&Dark theme"), ThemeChoice::Dark},
};

}  // namespace

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

void offerThemes(Actions& actions, QSettings& settings, QWidget& window) {
    const auto chosen =
        static_cast<ThemeChoice>(settings.value(QLatin1String(kThemeKey), 0).toInt());
    applyThemeChoice(chosen);
    auto* menu = new QMenu(QCoreApplication::translate("Themes", "&Theme"), &window);
    auto* group = new QActionGroup(&window);
    for (const ThemeRow& row : kThemes) {
        QAction* action = actions.add(
            QString::fromLatin1(row.name), QCoreApplication::translate("Themes", row.text), {},
            [&settings, choice = row.choice] {
                settings.setValue(QLatin1String(kThemeKey), static_cast<int>(choice));
                applyThemeChoice(choice);
            });
        action->setCheckable(true);
        action->setChecked(row.choice == chosen);
        group->addAction(action);
        menu->addAction(action);
    }
    actions.adoptMenu(QStringLiteral("view.theme"), menu->menuAction());
}

}  // namespace cohelix::ui
