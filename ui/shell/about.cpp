// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/about.h"

#include <QMessageBox>

#include "core/base/units.h"
#include "core/learn/learn.h"

#include "ui/hub/icons.h"

namespace cohelix::ui {

QString aboutText() {
    return QStringLiteral(
               "<h3>Cohelix %1</h3>"
               "<p>Searches a neural network and the accelerator that runs it together.</p>"
               "<p>Qt %2, QCustomPlot 2, SQLite, LibTorch %3.</p>"
               "<p>Free software under the GNU General Public License, version 3 or later. "
               "It comes with no warranty, as far as the law permits.</p>")
        .arg(QString::fromUtf8(base::programVersion()), QString::fromUtf8(qVersion()),
             QString::fromStdString(std::string(learn::torchVersion())));
}

void showAbout(QWidget* parent) {
    auto* box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(QObject::tr("About Cohelix"));
    box->setIconPixmap(programIcon().pixmap(64, 64));
    box->setTextFormat(Qt::RichText);
    box->setText(aboutText());
    box->open();
}

}  // namespace cohelix::ui
