// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/project_files.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QStandardPaths>
#include <utility>

#include "ui/hub/plain_text.h"
#include "ui/shell/recent_files.h"

namespace cohelix::ui {

namespace {

constexpr const char* kExample = "fashion-mnist-zc706";

}  // namespace

ProjectFiles::ProjectFiles(Hub& hub, QSettings& settings, QWidget& window)
    : QObject(&window), m_hub(hub), m_settings(settings), m_window(window) {
    connect(&hub.document(), &Document::used, this,
            [this](const QString& path) { addRecentFile(m_settings, path); });
    connect(&hub.projection(), &Projection::runsChanged, this, [this] {
        // An untitled project is worth finding again once something was searched in it.
        const Document& document = m_hub.document();
        if (m_hub.projection().activeRun() && document.untitled()) {
            addRecentFile(m_settings, document.path());
        }
    });
}

void ProjectFiles::offer(Actions& actions) {
    QAction* fresh = actions.add(
        QStringLiteral("file.new"), tr("&New"), QKeySequence::New, [this] { openExample(); },
        QStringLiteral("new"));
    offerPresets(actions);
    QAction* opening = actions.add(
        QStringLiteral("file.open"), tr("&Open…"), QKeySequence::Open, [this] { chooseAndOpen(); },
        QStringLiteral("open"));
    offerRecent(actions);
    QAction* rescuing = actions.add(QStringLiteral("file.rescue"), tr("Res&cue a damaged project…"),
                                    {}, [this] { rescue(); });
    QAction* saving = actions.add(
        QStringLiteral("file.saveAs"), tr("Save &As…"),
        QKeySequence(QStringLiteral("Ctrl+Shift+S")), [this] { saveAs(); }, QStringLiteral("save"));
    const auto refresh = [=, this] {
        const Document& document = m_hub.document();
        for (QAction* action : {fresh, opening, rescuing}) action->setEnabled(!document.busy());
        saving->setEnabled(document.isOpen() && !document.busy());
    };
    connect(&m_hub.document(), &Document::stateChanged, this, refresh);
    refresh();
}

void ProjectFiles::offerPresets(Actions& actions) {
    auto* menu = new QMenu(tr("New from &preset"), &m_window);
    menu->setToolTipsVisible(true);
    for (const spec::Preset& preset : spec::presets()) {
        const QString name = QString::fromStdString(preset.name);
        QAction* action =
            actions.add(QStringLiteral("file.preset.") + name, tr("New from preset: %1").arg(name),
                        {}, [this, preset = preset.name] { openPreset(preset); });
        action->setToolTip(QString::fromStdString(preset.summary));
        menu->addAction(action);
    }
    actions.adoptMenu(QStringLiteral("file.presets"), menu->menuAction());
}

void ProjectFiles::offerRecent(Actions& actions) {
    auto* menu = new QMenu(tr("Open &recent"), &m_window);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillRecent(*menu); });
    actions.adoptMenu(QStringLiteral("file.recent"), menu->menuAction());
}

void ProjectFiles::fillRecent(QMenu& menu) {
    menu.clear();
    for (const QString& path : recentFiles(m_settings)) {
        if (!QFileInfo::exists(path)) continue;
        menu.addAction(menuText(path), this, [this, path] { open(path); });
    }
    if (menu.isEmpty()) menu.addAction(tr("None yet"))->setEnabled(false);
    menu.addSeparator();
    menu.addAction(tr("Clear this list"), this, [this] { clearRecentFiles(m_settings); });
}

void ProjectFiles::open(const QString& path) {
    Document& document = m_hub.document();
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix != QLatin1String("cohelix") && suffix != QLatin1String("json")) {
        return m_hub.messages().say({Severity::Error, path,
                                     tr("This is neither a project nor a specification"),
                                     tr("Open a .cohelix project or a .json specification")});
    }
    // The open project is not closed for itself.
    const bool isOther = QFileInfo(path).absoluteFilePath() != document.path();
    if (isOther && !mayLeave(tr("Opening another file stops the search. Its state is saved and it "
                                "can be gone on with later. Stop it?"))) {
        return;
    }
    suffix == QLatin1String("json") ? document.openSpecification(path) : document.open(path);
}

void ProjectFiles::openExample() { openPreset(kExample); }

void ProjectFiles::openPreset(const std::string& name) {
    const auto specification = spec::preset(name);
    if (!specification) return m_hub.messages().say(errorMessage(specification.error()));
    if (!mayLeave(tr("A new project stops the search. Its state is saved and it can be gone on "
                     "with later. Stop it?"))) {
        return;
    }
    m_hub.document().createUntitled(*specification);
}

void ProjectFiles::chooseAndOpen() {
    const QString path = QFileDialog::getOpenFileName(
        &m_window, tr("Open"), QFileInfo(m_hub.document().path()).path(),
        tr("Projects and specifications (*.cohelix *.json)"));
    if (!path.isEmpty()) open(path);
}

void ProjectFiles::rescue() {
    const QString filter = tr("Cohelix projects (*.cohelix)");
    const QString damaged = QFileDialog::getOpenFileName(
        &m_window, tr("Damaged project"), QFileInfo(m_hub.document().path()).path(), filter);
    if (damaged.isEmpty()) return;
    const QFileInfo file(damaged);
    const QString path = QFileDialog::getSaveFileName(
        &m_window, tr("Save what can be read of it as"),
        file.path() + '/' + file.completeBaseName() + QStringLiteral("-rescued.cohelix"), filter,
        nullptr, QFileDialog::DontConfirmOverwrite);  // a file that exists is refused
    if (path.isEmpty() ||
        !mayLeave(tr("Opening the rescued project stops the search. Its state is saved and it can "
                     "be gone on with later. Stop it?"))) {
        return;
    }
    m_hub.document().rescue(damaged, projectName(path));
}

void ProjectFiles::saveAs() {
    const Document& document = m_hub.document();
    const QString folder = document.untitled()
                               ? QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)
                               : QFileInfo(document.path()).path();
    const QString name = QString::fromStdString(m_hub.edits().specification().name);
    const QString path = QFileDialog::getSaveFileName(
        &m_window, tr("Save a copy of the project"),
        folder + '/' + (name.isEmpty() ? tr("project") : name) + QStringLiteral(".cohelix"),
        tr("Cohelix projects (*.cohelix)"));
    if (path.isEmpty()) return;
    const QString whole = projectName(path);
    // The dialogue asked for the name without the suffix.
    if (whole != path && QFileInfo::exists(whole) &&
        !confirmed(tr("A file has this name"), tr("Replace %1?").arg(whole))) {
        return;
    }
    m_hub.edits().saveAs(whole);
}

void ProjectFiles::setConfirm(std::function<bool(const QString&)> confirm) {
    m_confirm = std::move(confirm);
}

bool ProjectFiles::mayLeave(const QString& question) {
    if (m_hub.projection().activeRun()) return confirmed(tr("A search is running"), question);
    return !m_hub.document().isGone() ||
           confirmed(tr("The project's file is gone"),
                     tr("The project's file was moved, deleted or replaced. If no other copy is "
                        "left, what was found is lost unless you save it first with File > Save "
                        "As. Leave it unsaved?"));
}

bool ProjectFiles::confirmed(const QString& title, const QString& question) {
    if (m_confirm) return m_confirm(question);
    QMessageBox box(QMessageBox::Question, title, question, QMessageBox::Yes | QMessageBox::No,
                    &m_window);
    box.setTextFormat(Qt::PlainText);
    box.setDefaultButton(QMessageBox::No);
    return box.exec() == QMessageBox::Yes;
}

}  // namespace cohelix::ui
