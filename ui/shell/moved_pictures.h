// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Goes on with a run whose pictures have moved: where they were last time, or where the user says
// they are.

#include <QObject>
#include <QSettings>
#include <functional>

#include "ui/hub/hub.h"

class QWidget;

namespace cohelix::ui {

class MovedPictures : public QObject {
    Q_OBJECT

public:
    /// All must outlive it; the dialogue stands before `window`.
    MovedPictures(Hub& hub, QSettings& settings, QWidget& window);

    /// Replaces the dialogue that asks for a folder; an empty answer is none.
    void setChooseFolder(std::function<QString(const QString& title)> choose);

private:
    void find(std::int64_t run, const QString& tried, const Message& error);
    QString chooseFolder(const QString& title);

    Hub& m_hub;
    QSettings& m_settings;
    QWidget& m_window;
    std::function<QString(const QString&)> m_chooseFolder;
};

}  // namespace cohelix::ui
