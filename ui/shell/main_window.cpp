// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QScreen>
#include <QStandardPaths>
#include <QStyle>
#include <QToolBar>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/shell/appearance.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/message_bar.h"
#include "ui/shell/recent_files.h"
#include "ui/views/design/design_view.h"
#include "ui/views/designs/designs_view.h"
#include "ui/views/front/pareto_view.h"
#include "ui/views/front/true_front_dialog.h"
#include "ui/views/runs/log_view.h"
#include "ui/views/runs/run_bar.h"
#include "ui/views/runs/runs_view.h"
#include "ui/views/runs/steer_view.h"
#include "ui/views/spaces/spaces_view.h"

namespace cohelix::ui {

namespace {

/// Raised when docks are added or renamed, so that an old layout is not applied to new docks.
constexpr int kLayoutVersion = 2;
/// Width in pixels from which the sides of the plot get a column each.
constexpr int kThreeColumns = 1250;
/// In which the widest row of the form stands in full.
constexpr int kSpacesWidth = 350;
/// Where the screen has room for it.
constexpr QSize kFirstSize(1440, 900);
constexpr const char* kExample = "fashion-mnist-zc706";

}  // namespace

MainWindow::MainWindow(Hub& hub, QSettings& settings, QWidget* parent)
    : QMainWindow(parent), m_hub(hub), m_settings(settings), m_actions(this) {
    setAcceptDrops(true);
    setDockNestingEnabled(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    resize(kFirstSize.boundedTo(roomOnScreen().size()));
    setTheme(static_cast<ThemeChoice>(settings.value(QStringLiteral("theme"), 0).toInt()));
    buildCentre();
    buildActions();
    buildDocks();
    buildMenus();
    bindViews();
    updateActions();
    updateTitle();
}

void MainWindow::buildCentre() {
    auto* centre = new QWidget(this);
    auto* column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_messages = new MessageBar(centre);
    m_banner = new MessageBar(centre);
    m_pareto = new ParetoView(m_hub, centre);
    column->addWidget(m_messages);
    column->addWidget(m_banner);
    column->addWidget(m_pareto, 1);
    setCentralWidget(centre);
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* view,
                                 Qt::DockWidgetArea area, const QKeySequence& shortcut) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(view);
    addDockWidget(area, dock);
    m_actions.adopt(QStringLiteral("view.") + name, dock->toggleViewAction(), shortcut);
    return dock;
}

void MainWindow::buildDocks() {
    auto* bar = addToolBar(tr("Search"));
    bar->setObjectName(QStringLiteral("searchBar"));
    bar->setMovable(false);
    bar->addWidget(new RunBar(m_hub,
                              {m_actions.find(QStringLiteral("search.start")),
                               m_actions.find(QStringLiteral("search.pause")),
                               m_actions.find(QStringLiteral("search.stop"))},
                              bar));
    m_actions.adopt(QStringLiteral("view.searchBar"), bar->toggleViewAction());

    m_spaces = new SpacesView(this);
    m_runs = new RunsView(m_hub, this);
    m_design = new DesignView(m_hub, this);
    m_designs = new DesignsView(m_hub, this);
    addDock(QStringLiteral("spaces"), tr("Spaces"), m_spaces, Qt::LeftDockWidgetArea,
            QKeySequence(QStringLiteral("Ctrl+1")));
    addDock(QStringLiteral("runs"), tr("Runs"), m_runs, Qt::LeftDockWidgetArea,
            QKeySequence(QStringLiteral("Ctrl+2")));
    addDock(QStringLiteral("design"), tr("Design"), m_design, Qt::RightDockWidgetArea,
            QKeySequence(QStringLiteral("Ctrl+3")));
    addDock(QStringLiteral("designs"), tr("Designs"), m_designs, Qt::BottomDockWidgetArea,
            QKeySequence(QStringLiteral("Ctrl+4")));
    addDock(QStringLiteral("log"), tr("Log"), new LogView(m_hub, this), Qt::BottomDockWidgetArea,
            QKeySequence(QStringLiteral("Ctrl+5")));
    m_steer = new SteerView(m_hub.steering(), this);
    addDock(QStringLiteral("steer"), tr("Steer"), m_steer, Qt::LeftDockWidgetArea,
            QKeySequence(QStringLiteral("Ctrl+6")));
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
}

void MainWindow::arrangeDocks() {
    for (const char* name : {"spaces", "steer", "runs", "design", "designs", "log"}) {
        dock(name).setFloating(false);
        dock(name).show();
    }
    addDockWidget(Qt::LeftDockWidgetArea, &dock("spaces"));
    addDockWidget(Qt::BottomDockWidgetArea, &dock("designs"));
    tabifyDockWidget(&dock("designs"), &dock("log"));
    dock("designs").raise();
    tabifyDockWidget(&dock("spaces"), &dock("steer"));
    dock("spaces").raise();
    // Three columns need room; in a narrow window the sides share one.
    if (width() < kThreeColumns) {
        tabifyDockWidget(&dock("steer"), &dock("runs"));
        tabifyDockWidget(&dock("runs"), &dock("design"));
        dock("spaces").raise();
        resizeDocks({&dock("spaces")}, {width() * 42 / 100}, Qt::Horizontal);
    } else {
        splitDockWidget(&dock("spaces"), &dock("runs"), Qt::Vertical);
        addDockWidget(Qt::RightDockWidgetArea, &dock("design"));
        resizeDocks({&dock("spaces"), &dock("design")},
                    {std::max(kSpacesWidth, width() * 22 / 100), width() * 32 / 100},
                    Qt::Horizontal);
        resizeDocks({&dock("spaces"), &dock("runs")}, {height() * 72 / 100, height() * 20 / 100},
                    Qt::Vertical);
    }
    resizeDocks({&dock("designs")}, {height() * 30 / 100}, Qt::Vertical);
}

QDockWidget& MainWindow::dock(const char* name) const {
    return *findChild<QDockWidget*>(QString::fromLatin1(name));
}

QRect MainWindow::roomOnScreen() const {
    const int frame = style()->pixelMetric(QStyle::PM_MdiSubWindowFrameWidth);
    const int title = style()->pixelMetric(QStyle::PM_TitleBarHeight);
    return screen()->availableGeometry().adjusted(frame, title, -frame, -frame);
}

void MainWindow::restoreLayout() {
    const auto geometry = m_settings.value(QStringLiteral("window/geometry")).toByteArray();
    if (restoreGeometry(geometry)) fitScreen();
    arrangeDocks();
    // What was arranged in a wider window would leave the plot no room.
    const int before = m_settings.value(QStringLiteral("window/width"), 0).toInt();
    const auto layout = m_settings.value(QStringLiteral("window/layout")).toByteArray();
    const bool fills = isMaximized() || isFullScreen();
    const int now = fills ? screen()->availableSize().width() : width();
    if (now * 10 >= before * 9) restoreState(layout, kLayoutVersion);
}

void MainWindow::fitScreen() {
    if (isMaximized() || isFullScreen()) return;
    const QRect room = roomOnScreen();
    QRect fitting(geometry().topLeft(), size().boundedTo(room.size()));
    fitting.moveRight(std::min(fitting.right(), room.right()));
    fitting.moveBottom(std::min(fitting.bottom(), room.bottom()));
    fitting.moveLeft(std::max(fitting.left(), room.left()));
    fitting.moveTop(std::max(fitting.top(), room.top()));
    if (geometry() != fitting) setGeometry(fitting);
}

void MainWindow::saveLayout() {
    m_settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    m_settings.setValue(QStringLiteral("window/width"), width());
    m_settings.setValue(QStringLiteral("window/layout"), saveState(kLayoutVersion));
}

void MainWindow::bindViews() {
    connect(&m_hub.messages(), &Messages::said, m_messages, &MessageBar::showMessage);
    connect(&m_hub.control(), &Control::picturesMissing, this, &MainWindow::resumeElsewhere);
    connect(&m_hub.control(), &Control::changed, this, &MainWindow::updateActions);
    connect(&m_hub.references(), &References::progressChanged, this, &MainWindow::updateActions);
    restoreReferences();
    connect(&m_hub.projection(), &Projection::runsChanged, this, [this] {
        // An untitled project is worth finding again once something was searched in it.
        const QString path = m_hub.document().path();
        if (m_hub.projection().activeRun() && m_hub.document().untitled())
            addRecentFile(m_settings, path);
    });
    connect(&m_hub.selection(), &Selection::primaryChanged, this, [this](std::int64_t design) {
        // Where the design shares its place with other docks, choosing one brings it to the front.
        if (design != 0 && dock("design").toggleViewAction()->isChecked()) dock("design").raise();
    });
    connect(&m_hub.edits(), &Edits::changed, this,
            [this] { m_spaces->setSpecification(m_hub.edits().specification()); });
    connect(&m_hub.check(), &SpecificationCheck::changed, this,
            [this] { m_spaces->setProblem(m_hub.check().problem()); });
    connect(m_spaces, &SpacesView::specificationEdited, this,
            [this](const spec::Specification& next, const QString& what) {
                m_hub.edits().edit(next, what, what);
            });
    Document& document = m_hub.document();
    connect(&document, &Document::used, this,
            [this](const QString& path) { addRecentFile(m_settings, path); });
    connect(&document, &Document::stateChanged, this, [this] {
        updateTitle();
        // Later, for a project that has just been opened is not yet shown.
        if (m_leaving) QMetaObject::invokeMethod(this, &MainWindow::leave, Qt::QueuedConnection);
    });
    connect(&document, &Document::loaded, this, [this](const Contents& contents) {
        const Document& now = m_hub.document();
        if (!contents.isCopy) m_spaces->startOver(m_hub.edits().specification());
        m_messages->hideMessage();
        m_banner->hideMessage();
        m_spaces->setEditable(now.isOpen() && !now.readOnly());
        if (now.readOnly()) {
            m_banner->showPermanently(tr("Read only: %1").arg(now.readOnlyReason()));
        }
        updateTitle();
        updateActions();
    });
    m_spaces->setEditable(false);
}

void MainWindow::showSteering() {
    dock("steer").show();
    dock("steer").raise();
    m_steer->setFocus();
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

void MainWindow::openPath(const QString& path) {
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix != QLatin1String("cohelix") && suffix != QLatin1String("json")) {
        return m_messages->showMessage({Severity::Error, path,
                                        tr("This is neither a project nor a specification"),
                                        tr("Open a .cohelix project or a .json specification")});
    }
    // The open project is not closed for itself.
    const bool isOther = QFileInfo(path).absoluteFilePath() != m_hub.document().path();
    if (isOther &&
        !mayLeaveProject(tr("Opening another file stops the search. Its state is saved and it can "
                            "be gone on with later. Stop it?"))) {
        return;
    }
    if (suffix == QLatin1String("json")) {
        m_hub.document().openSpecification(path);
    } else {
        m_hub.document().open(path);
    }
}

void MainWindow::openExample() { openPreset(kExample); }

void MainWindow::openPreset(const std::string& name) {
    const auto specification = spec::preset(name);
    if (!specification) return m_messages->showMessage(errorMessage(specification.error()));
    if (!mayLeaveProject(tr("A new project stops the search. Its state is saved and it can be gone "
                            "on with later. Stop it?"))) {
        return;
    }
    m_hub.document().createUntitled(*specification);
}

void MainWindow::newProject() { openExample(); }

void MainWindow::chooseFile() {
    const QString path =
        QFileDialog::getOpenFileName(this, tr("Open"), QFileInfo(m_hub.document().path()).path(),
                                     tr("Projects and specifications (*.cohelix *.json)"));
    if (!path.isEmpty()) openPath(path);
}

void MainWindow::rescueFile() {
    const QString filter = tr("Cohelix projects (*.cohelix)");
    const QString damaged = QFileDialog::getOpenFileName(
        this, tr("Damaged project"), QFileInfo(m_hub.document().path()).path(), filter);
    if (damaged.isEmpty()) return;
    const QFileInfo file(damaged);
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save what can be read of it as"),
        file.path() + '/' + file.completeBaseName() + QStringLiteral("-rescued.cohelix"), filter,
        nullptr, QFileDialog::DontConfirmOverwrite);  // a file that exists is refused
    if (path.isEmpty() ||
        !mayLeaveProject(tr("Opening the rescued project stops the search. Its state is saved and "
                            "it can be gone on with later. Stop it?"))) {
        return;
    }
    m_hub.document().rescue(damaged, projectName(path));
}

void MainWindow::saveAs() {
    const QString folder = m_hub.document().untitled()
                               ? QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation)
                               : QFileInfo(m_hub.document().path()).path();
    const QString name = QString::fromStdString(m_hub.edits().specification().name);
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Save a copy of the project"),
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

void MainWindow::startSearch() {
    const auto applied = m_spaces->applyTyped();
    if (applied) return m_hub.control().start();
    auto error = applied.error();
    error.what = "No search was started, for a value is not valid: " + error.what;
    m_messages->showMessage(errorMessage(error));
}

void MainWindow::resumeElsewhere(std::int64_t run, const QString& tried, const Message& error) {
    const QString key = QStringLiteral("pictures");
    const QString owner = QStringLiteral("%1#%2").arg(m_hub.document().path()).arg(run);
    QVariantMap known = m_settings.value(key).toMap();
    const QString last = known.value(owner).toString();
    if (tried.isEmpty() && !last.isEmpty()) return m_hub.control().resume(run, last);
    m_messages->showMessage(error);
    const QString folder = chooseFolder(tr("Where the pictures of run %1 are now").arg(run));
    if (folder.isEmpty()) return;
    known[owner] = folder;
    m_settings.setValue(key, known);
    m_messages->hideMessage();
    m_hub.control().resume(run, folder);
}

QString MainWindow::chooseFolder(const QString& title) {
    if (m_chooseFolder) return m_chooseFolder(title);
    return QFileDialog::getExistingDirectory(this, title,
                                             QFileInfo(m_hub.document().path()).path());
}

void MainWindow::setChooseFolder(std::function<QString(const QString&)> choose) {
    m_chooseFolder = std::move(choose);
}

void MainWindow::setTheme(ThemeChoice choice) {
    m_settings.setValue(QStringLiteral("theme"), static_cast<int>(choice));
    applyThemeChoice(choice);
}

void MainWindow::restoreReferences() {
    const QString key = QStringLiteral("references/published");
    ParetoReferences& references = m_pareto->references();
    references.setShownGroups(m_settings.value(key).toStringList());
    connect(&references, &ParetoReferences::changed, this,
            [this, key, &references] { m_settings.setValue(key, references.shownGroups()); });
}

void MainWindow::askForTrueFront() {
    tables::FrontRequest last;
    last.specification = std::make_shared<const spec::Specification>(m_hub.edits().specification());
    last.table = m_settings.value(QStringLiteral("trueFront/table")).toString().toStdString();
    last.benchmark =
        m_settings
            .value(QStringLiteral("trueFront/benchmark"), QString::fromStdString(last.benchmark))
            .toString()
            .toStdString();
    TrueFrontDialog dialog(last, this);
    if (dialog.exec() != QDialog::Accepted) return;
    const tables::FrontRequest request = dialog.request();
    m_settings.setValue(QStringLiteral("trueFront/table"), QString::fromStdString(request.table));
    m_settings.setValue(QStringLiteral("trueFront/benchmark"),
                        QString::fromStdString(request.benchmark));
    m_hub.references().compute(request);
}

void MainWindow::showPalette() {
    CommandPalette palette(m_actions, this);
    palette.move(mapToGlobal(QPoint((width() - palette.width()) / 2, 60)));
    palette.exec();
}

void MainWindow::setConfirm(std::function<bool(const QString&)> confirm) {
    m_confirm = std::move(confirm);
}

bool MainWindow::mayLeaveProject(const QString& question) {
    if (m_hub.projection().activeRun()) return confirmed(tr("A search is running"), question);
    return !m_hub.document().isGone() ||
           confirmed(tr("The project's file is gone"),
                     tr("The project's file was moved, deleted or replaced. If no other copy is "
                        "left, what was found is lost unless you save it first with File > Save "
                        "As. Leave it unsaved?"));
}

bool MainWindow::confirmed(const QString& title, const QString& question) {
    if (m_confirm) return m_confirm(question);
    QMessageBox box(QMessageBox::Question, title, question, QMessageBox::Yes | QMessageBox::No,
                    this);
    box.setTextFormat(Qt::PlainText);
    box.setDefaultButton(QMessageBox::No);
    return box.exec() == QMessageBox::Yes;
}

bool MainWindow::event(QEvent* event) {
    // Files are moved and deleted in other programs.
    if (event->type() == QEvent::WindowActivate) m_hub.document().lookForFile();
    return QMainWindow::event(event);
}

void MainWindow::showEvent(QShowEvent* event) {
    // The docks can only be arranged once the window has its size.
    if (!std::exchange(m_arranged, true)) restoreLayout();
    QMainWindow::showEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!m_leaving && !mayLeaveProject(tr("Leaving stops the search at its next step and saves it; "
                                          "it can be gone on with later. Leave?"))) {
        return event->ignore();
    }
    saveLayout();
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
        return openPath(url.toLocalFile());
    }
}

}  // namespace cohelix::ui
