// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/moved_pictures.h"

#include <QFileDialog>
#include <QFileInfo>
#include <utility>

namespace cohelix::ui {

MovedPictures::MovedPictures(Hub& hub, QSettings& settings, QWidget& window)
    : QObject(&window), m_hub(hub), m_settings(settings), m_window(window) {
    connect(&hub.control(), &Control::picturesMissing, this, &MovedPictures::find);
}

void MovedPictures::find(std::int64_t run, const QString& tried, const Message& error) {
    const QString key = QStringLiteral("pictures");
    const QString owner = QStringLiteral("%1#%2").arg(m_hub.document().path()).arg(run);
    QVariantMap known = m_settings.value(key).toMap();
    const QString last = known.value(owner).toString();
    if (tried.isEmpty() && !last.isEmpty()) return m_hub.control().resume(run, last);
    m_hub.messages().say(error);
    const QString folder = chooseFolder(tr("Where the pictures of run %1 are now").arg(run));
    if (folder.isEmpty()) return;
    known[owner] = folder;
    m_settings.setValue(key, known);
    m_hub.messages().takeBack();
    m_hub.control().resume(run, folder);
}

QString MovedPictures::chooseFolder(const QString& title) {
    if (m_chooseFolder) return m_chooseFolder(title);
    return QFileDialog::getExistingDirectory(&m_window, title,
                                             QFileInfo(m_hub.document().path()).path());
}

void MovedPictures::setChooseFolder(std::function<QString(const QString&)> choose) {
    m_chooseFolder = std::move(choose);
}

}  // namespace cohelix::ui
