// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QVBoxLayout>
#include <utility>

#include "ui/shell/about.h"
#include "ui/shell/appearance.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/menus.h"
#include "ui/shell/message_bar.h"

namespace cohelix::ui {

MainWindow::MainWindow(Hub& hub, QSettings& settings, std::span<const ViewRow> views)
    : m_hub(hub),
      m_settings(settings),
      m_actions(this),
      m_projects(hub, settings, *this),
      m_pictures(hub, settings, *this),
      m_layout(*this, m_actions, settings) {
    setAcceptDrops(true);
    connect(&m_actions, &Actions::added, this, [this](QAction* action) { addAction(action); });
    m_projects.offer(m_actions);
    buildActions();
    buildViews(views);
    buildMenus(*menuBar(), m_actions, views);
    showMessages();
    followDocument();
}

void MainWindow::buildViews(std::span<const ViewRow> views) {
    auto* centre = new QWidget(this);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_messages = new MessageBar(centre);
    m_messages->setObjectName(QStringLiteral("messages"));
    m_banner = new MessageBar(centre);
    m_banner->setObjectName(QStringLiteral("readOnly"));
    column->addWidget(m_messages);
    column->addWidget(m_banner);
    setCentralWidget(centre);
    const ViewContext context{m_hub, m_actions, m_settings};
    for (const ViewRow& row : views) {
        if (row.place == Place::Centre) {
            column->addWidget(row.make(context, centre), 1);
        } else {
            m_layout.add(row, row.make(context, this));
        }
    }
}

void MainWindow::buildActions() {
    const auto keys = [](const char* text) { return QKeySequence(QString::fromLatin1(text)); };
    m_actions.add(QStringLiteral("file.quit"), tr("&Quit"), keys("Ctrl+Q"), [this] { close(); });
    QUndoStack& steps = m_hub.edits().undoStack();
    m_actions.adopt(QStringLiteral("edit.undo"), steps.createUndoAction(this, tr("Undo")),
                    QKeySequence::Undo);
    m_actions.adopt(QStringLiteral("edit.redo"), steps.createRedoAction(this, tr("Redo")),
                    keys("Ctrl+Shift+Z"));
    m_actions.add(QStringLiteral("edit.clearFilter"), tr("Show &all designs"),
                  keys("Ctrl+Backspace"), [this] { m_hub.filter().clear(); });
    m_actions.add(QStringLiteral("view.commands"), tr("&Command palette…"), keys("Ctrl+Shift+P"),
                  [this] { showPalette(); });
    m_actions.add(QStringLiteral("view.resetLayout"), tr("Reset la&yout"), {},
                  [this] { m_layout.arrange(); });
    offerThemes(m_actions, m_settings, *this);
    m_actions.add(QStringLiteral("help.about"), tr("&About Cohelix"), keys("Shift+F1"),
                  [this] { showAbout(this); });
}

void MainWindow::showMessages() {
    connect(&m_hub.messages(), &Messages::said, m_messages, &MessageBar::showMessage);
    connect(&m_hub.messages(), &Messages::takenBack, m_messages, &MessageBar::hideMessage);
    connect(&m_hub.document(), &Document::loaded, this, [this] {
        const Document& document = m_hub.document();
        m_messages->hideMessage();
        m_banner->hideMessage();
        if (document.readOnly()) {
            m_banner->showPermanently(tr("Read only: %1").arg(document.readOnlyReason()));
        }
    });
}

void MainWindow::followDocument() {
    const Document& document = m_hub.document();
    connect(&document, &Document::loaded, this, &MainWindow::updateTitle);
    connect(&document, &Document::stateChanged, this, [this] {
        updateTitle();
        // Later, for a project that has just been opened is not yet shown.
        if (m_leaving) QMetaObject::invokeMethod(this, &MainWindow::leave, Qt::QueuedConnection);
    });
    updateTitle();
}

void MainWindow::updateTitle() {
    const Document& document = m_hub.document();
    QString title = document.title();
    if (document.state() == Document::State::Opening) title = tr("opening…");
    if (document.state() == Document::State::Closing) title = tr("saving…");
    if (document.readOnly()) title += tr(" (read only)");
    setWindowTitle(title + QStringLiteral(" – Cohelix"));
    setWindowFilePath(document.untitled() ? QString() : document.path());
}

void MainWindow::showPalette() {
    CommandPalette palette(m_actions, this);
    palette.move(mapToGlobal(QPoint((width() - palette.width()) / 2, 60)));
    palette.exec();
}

bool MainWindow::event(QEvent* event) {
    // Files are moved and deleted in other programs.
    if (event->type() == QEvent::WindowActivate) m_hub.document().lookForFile();
    return QMainWindow::event(event);
}

void MainWindow::showEvent(QShowEvent* event) {
    if (!std::exchange(m_arranged, true)) m_layout.restore();
    QMainWindow::showEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!m_leaving &&
        !m_projects.mayLeave(tr("Leaving stops the search at its next step and saves it; it can be "
                                "gone on with later. Leave?"))) {
        return event->ignore();
    }
    m_layout.save();
    const Document& document = m_hub.document();
    if (!document.isOpen() && !document.busy()) return event->accept();
    // Stopping and closing blocks, so it happens behind a window that says so.
    event->ignore();
    m_leaving = true;
    setEnabled(false);
    leave();
}

void MainWindow::leave() {
    Document& document = m_hub.document();
    if (document.busy()) return;  // what is being opened is closed once it is open
    if (document.isOpen()) return document.close();
    close();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    for (const QUrl& url : event->mimeData()->urls()) {
        if (!url.isLocalFile()) continue;
        event->acceptProposedAction();
        return m_projects.open(url.toLocalFile());
    }
}

}  // namespace cohelix::ui
