// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QScreen>
#include <QSettings>
#include <QTableView>
#include <QTest>
#include <QTimer>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "ui/shell/command_palette.h"
#include "ui/shell/message_bar.h"
#include "ui/shell/recent_files.h"
#include "ui/views/design/design_view.h"
#include "ui/views/designs/designs_view.h"
#include "ui/views/front/pareto_view.h"
#include "ui/views/spaces/spaces_form.h"
#include "ui/views/spaces/spaces_text.h"
#include "ui/views/spaces/spaces_view.h"

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

/// Pages in the middle hold nothing that can be read any more.
void overwriteMiddle(const QString& path) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadWrite));
    ASSERT_TRUE(file.seek(file.size() / 2 / 4096 * 4096));
    file.write(QByteArray(2 * 4096, 'U'));
}

/// Types an answer into each file dialogue that comes up, by its title, and counts the questions.
class Answers {
public:
    using Texts = std::map<QString, QString>;
    explicit Answers(Texts answers) : m_answers(std::move(answers)) {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { answer(); });
        m_timer.start(50);
    }
    int questions() const { return m_questions; }

private:
    void answer() {
        QWidget* modal = QApplication::activeModalWidget();
        if (auto* question = qobject_cast<QMessageBox*>(modal)) {
            ++m_questions;
            return question->reject();
        }
        const auto* dialog = qobject_cast<QFileDialog*>(modal);
        if (!dialog || m_answers.count(dialog->windowTitle()) == 0) return;
        auto* line = dialog->findChild<QLineEdit*>();
        line->setText(m_answers.extract(dialog->windowTitle()).mapped());
        QTest::keyClick(line, Qt::Key_Return);
    }

    Texts m_answers;
    QTimer m_timer;
    int m_questions = 0;
};

class MainWindowTest : public testing::Test {
protected:
    MainWindowTest()
        : settings(world.file(QStringLiteral("settings.ini")), QSettings::IniFormat),
          window(world.hub, settings) {
        window.show();
    }

    QAction* action(const char* name) const {
        return window.findChild<QAction*>(QString::fromLatin1(name));
    }
    MessageBar& messages() const { return *window.findChild<MessageBar*>("messages"); }
    ParetoView& pareto() const { return *window.findChild<ParetoView*>(); }
    ParetoPlot& plot() const { return *window.findChild<ParetoPlot*>(); }
    DesignsView& designs() const { return *window.findChild<DesignsView*>(); }
    DesignView& design() const { return *window.findChild<DesignView*>(); }
    SpacesView& spaces() const { return *window.findChild<SpacesView*>(); }
    bool enabled(const char* name) const { return action(name)->isEnabled(); }

    void drop(const QString& path) {
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &mime, Qt::LeftButton,
                              Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        QDropEvent event(QPointF(10, 10), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &event);
    }

    QLineEdit* line(const std::string& pointer) const {
        return spaces().form().field(pointer)->findChild<QLineEdit*>();
    }

    void type(const std::string& pointer, const QString& text, bool enter = true) const {
        QLineEdit* at = line(pointer);
        at->setFocus();
        at->selectAll();
        QTest::keyClicks(at, text);
        if (enter) QTest::keyClick(at, Qt::Key_Return);
    }

    FakeWorld world;
    QSettings settings;
    MainWindow window;
};

TEST_F(MainWindowTest, TheExampleIsReadyToStart) {
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    EXPECT_TRUE(enabled("search.start"));
    EXPECT_FALSE(enabled("search.pause"));
    EXPECT_FALSE(enabled("search.stop"));
    EXPECT_FALSE(world.hub.edits().specification().name.empty());
    EXPECT_TRUE(window.windowTitle().contains(QStringLiteral("untitled")));
    EXPECT_TRUE(plot().emptyText().contains(QStringLiteral("Start")));
    EXPECT_TRUE(design().isEmpty());
}

TEST_F(MainWindowTest, WhileASearchRunsItCanBePausedAndStopped) {
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    action("search.start")->trigger();
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
    EXPECT_FALSE(enabled("search.start"));
    EXPECT_TRUE(enabled("search.pause"));
    EXPECT_TRUE(enabled("search.stop"));
    QAction* pause = action("search.pause");
    pause->trigger();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canUnpause(); }));
    EXPECT_TRUE(pause->text().contains(QStringLiteral("Resume")));
    pause->trigger();
    EXPECT_TRUE(waitFor([&] { return world.hub.control().canPause(); }));
}

TEST_F(MainWindowTest, StoppingIsSaidAtOnce) {
    const std::int64_t run = world.openWithRun();
    const auto* phase = window.findChild<QLabel*>("phase");
    action("search.stop")->trigger();
    EXPECT_TRUE(phase->text().contains(QStringLiteral("stopping…")));
    EXPECT_FALSE(enabled("search.stop"));
    EXPECT_FALSE(enabled("search.pause"));
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canResume(run); }));
    EXPECT_FALSE(phase->text().contains(QStringLiteral("stopping…")));
    world.hub.control().resume(run);
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
    EXPECT_TRUE(enabled("search.stop"));
}

TEST_F(MainWindowTest, OneSelectionOverAllViews) {
    const std::int64_t run = world.openWithRun();
    const auto stored =
        world.session->report(run, {sampleDesign(run, 1, 0.8, 100), sampleDesign(run, 2, 0.7, 300),
                                    sampleDesign(run, 3, 0.6, 200)});
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 3; }));
    Q_EMIT plot().designClicked(stored[1].id);
    EXPECT_EQ(world.hub.selection().primary(), stored[1].id);
    EXPECT_EQ(plot().selected(), stored[1].id);
    EXPECT_EQ(designs().designsOf(ExportScope::Selected), std::vector<std::int64_t>{stored[1].id});
    ASSERT_TRUE(waitFor([&] { return !design().isEmpty(); }));

    // It stays through sorting, and through a filter that hides it.
    world.hub.filter().setLimit({Column::Fps, std::nullopt, 250.0});
    EXPECT_EQ(world.hub.selection().primary(), stored[1].id);
    EXPECT_TRUE(designs().designsOf(ExportScope::Selected).empty());
    EXPECT_EQ(designs().designsOf(ExportScope::Filtered).size(), 2u);
    world.hub.filter().clear();
    EXPECT_EQ(world.hub.selection().primary(), stored[1].id);
    EXPECT_EQ(designs().designsOf(ExportScope::Selected), std::vector<std::int64_t>{stored[1].id});
}

TEST_F(MainWindowTest, AnotherProjectReplacesFilteredDesignsInAllViews) {
    const std::int64_t run = world.openWithRun();
    std::vector<store::DesignRow> rows;
    for (int i = 0; i < 50; ++i) rows.push_back(sampleDesign(run, i, 0.5, 100 + i));
    world.session->report(run, rows);
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 50; }));
    world.hub.filter().setLimit({Column::Fps, 120.0, std::nullopt});
    world.session->setState(run, store::RunState::Stopped);
    ASSERT_TRUE(waitFor([&] { return !world.hub.projection().activeRun(); }));
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().empty(); }));
    EXPECT_TRUE(designs().designsOf(ExportScope::Filtered).empty());
    EXPECT_TRUE(plot().data().points.empty());
    EXPECT_TRUE(world.hub.filter().empty());
}

TEST_F(MainWindowTest, TheStateOfADesignOnTheFrontStandsInFull) {
    const std::int64_t run = world.openWithRun();
    world.session->report(run, {sampleDesign(run, 1, 0.8, 100)});
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 1; }));
    const auto* table = designs().findChild<QTableView*>();
    const auto cell = table->model()->index(0, static_cast<int>(Column::State));
    EXPECT_GE(table->columnWidth(cell.column()), table->sizeHintForIndex(cell).width());
}

TEST_F(MainWindowTest, RowsAreCopiedWithTheirTitles) {
    const std::int64_t run = world.openWithRun();
    const auto stored = world.session->report(run, {sampleDesign(run, 1, 0.8, 100)});
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 1; }));
    world.hub.selection().selectDesign(stored[0].id);
    const QStringList lines = designs().selectedText().split('\n');
    ASSERT_EQ(lines.size(), 2);
    EXPECT_TRUE(lines[0].contains(QStringLiteral("Latency (ms)")));
    EXPECT_TRUE(lines[1].contains(QStringLiteral("80.00")));
}

TEST_F(MainWindowTest, EveryActionHasATextAndNoTwoShareAShortcut) {
    std::set<QString> shortcuts;
    std::set<QString> names;
    for (const QAction* action : window.findChild<Actions*>()->all()) {
        EXPECT_FALSE(action->text().isEmpty()) << action->objectName().toStdString();
        EXPECT_TRUE(names.insert(action->objectName()).second)
            << action->objectName().toStdString();
        if (action->shortcut().isEmpty()) continue;
        EXPECT_TRUE(shortcuts.insert(action->shortcut().toString()).second)
            << action->shortcut().toString().toStdString();
    }
    EXPECT_GT(shortcuts.size(), 15u);
}

TEST_F(MainWindowTest, NoTwoEntriesOfAMenuShareALetter) {
    for (const QMenu* menu : window.menuBar()->findChildren<QMenu*>()) {
        std::set<QKeySequence> letters;
        for (const QAction* action : menu->actions()) {
            const auto letter = QKeySequence::mnemonic(action->text());
            if (letter.isEmpty()) continue;
            EXPECT_TRUE(letters.insert(letter).second)
                << menu->title().toStdString() << ": " << action->text().toStdString();
        }
    }
}

TEST_F(MainWindowTest, ThePaletteFindsCommandsByLettersInOrder) {
    CommandPalette palette(*window.findChild<Actions*>(), &window);
    EXPECT_EQ(palette.shown().size(),
              static_cast<qsizetype>(window.findChild<Actions*>()->all().size()));
    palette.type(QStringLiteral("reset lay"));
    ASSERT_FALSE(palette.shown().isEmpty());
    EXPECT_EQ(palette.shown().first(), QStringLiteral("View: Reset layout"));
    palette.type(QStringLiteral("dark"));
    EXPECT_EQ(palette.shown().first(), QStringLiteral("View: Dark theme"));
    palette.type(QStringLiteral("zzzz"));
    EXPECT_TRUE(palette.shown().isEmpty());
}

TEST_F(MainWindowTest, AFileOfAnotherKindIsRefusedInTheMessageBar) {
    drop(QStringLiteral("/tmp/picture.png"));
    EXPECT_TRUE(messages().isVisibleTo(&window));
    EXPECT_EQ(messages().severity(), Severity::Error);
    EXPECT_TRUE(messages().text().contains(QStringLiteral(".cohelix")));
}

TEST_F(MainWindowTest, ADamagedProjectIsExplainedAndTheOpenOneStays) {
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    const QString path = world.file(QStringLiteral("damaged.cohelix"));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("SQLite format 3");
    file.close();
    drop(path);
    ASSERT_TRUE(waitFor([&] { return messages().isVisibleTo(&window); }));
    EXPECT_EQ(messages().severity(), Severity::Error);
    EXPECT_TRUE(world.hub.control().canStart());
}

TEST_F(MainWindowTest, ASpecificationIsOpenedAsAnUntitledProject) {
    const QString path = world.file(QStringLiteral("mine.json"));
    spec::Specification specification = *spec::preset("fashion-mnist-zc706");
    specification.name = "mine";
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString(toText(specification)));
    file.close();
    drop(path);
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    EXPECT_EQ(world.hub.edits().specification().name, "mine");
    EXPECT_TRUE(world.hub.document().untitled());
}

TEST_F(MainWindowTest, AWrongSpecificationIsRefusedWithTheFieldThatIsWrong) {
    const QString path = world.file(QStringLiteral("wrong.json"));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("{\"cohelix\": 1, \"name\": 7}");
    file.close();
    drop(path);
    ASSERT_TRUE(waitFor([&] { return messages().isVisibleTo(&window); }));
    EXPECT_EQ(messages().severity(), Severity::Error);
    EXPECT_TRUE(messages().text().contains(QStringLiteral("name")));
}

TEST_F(MainWindowTest, ASecondUserOfAProjectReadsOnlyAndIsTold) {
    world.openWithRun(QStringLiteral("shared.cohelix"));
    auto other = store::Project::open(world.file(QStringLiteral("shared.cohelix")).toStdString(),
                                      store::Access::ReadOnly);
    ASSERT_TRUE(other.ok());
    // The same file opened by a second window.
    FakeWorld second;
    QSettings own(second.file(QStringLiteral("settings.ini")), QSettings::IniFormat);
    MainWindow reader(second.hub, own);
    second.hub.document().open(world.file(QStringLiteral("shared.cohelix")));
    ASSERT_TRUE(waitFor([&] { return second.hub.document().isOpen(); }));
    if (!second.hub.document().readOnly()) GTEST_SKIP() << "the system does not lock files";
    const auto& banner = *reader.findChild<MessageBar*>("readOnly");
    EXPECT_TRUE(banner.isVisibleTo(&reader));
    EXPECT_TRUE(banner.text().contains(QStringLiteral("Read only")));
    EXPECT_FALSE(second.hub.control().canStart());
}

TEST_F(MainWindowTest, LeavingWhileASearchRunsAsksAndSaves) {
    world.openWithRun();
    int asked = 0;
    bool answer = false;
    window.projects().setConfirm([&](const QString&) {
        ++asked;
        return answer;
    });
    window.close();
    EXPECT_EQ(asked, 1);
    EXPECT_TRUE(window.isVisible());
    EXPECT_TRUE(world.hub.document().isOpen());
    answer = true;
    window.close();
    EXPECT_EQ(asked, 2);
    EXPECT_TRUE(waitFor([&] { return !window.isVisible(); }));
    EXPECT_FALSE(world.hub.document().isOpen());
}

TEST_F(MainWindowTest, LeavingWhileAProjectIsOpenedWaitsForIt) {
    window.projects().openExample();
    ASSERT_TRUE(world.hub.document().busy());
    window.close();
    EXPECT_TRUE(waitFor([&] { return !window.isVisible(); }));
    EXPECT_FALSE(world.hub.document().isOpen());
}

TEST_F(MainWindowTest, TheOpenProjectIsOpenedAgainWithoutStoppingItsSearch) {
    world.openWithRun();
    window.projects().setConfirm([](const QString& question) {
        ADD_FAILURE() << question.toStdString();
        return false;
    });
    window.projects().open(world.hub.document().path());
    ASSERT_TRUE(waitFor([&] { return messages().isVisibleTo(&window); }));
    EXPECT_EQ(messages().severity(), Severity::Info);
    EXPECT_TRUE(world.hub.projection().activeRun().has_value());
}

TEST_F(MainWindowTest, TheWindowFitsItsScreen) {
    const QRect screen = window.screen()->availableGeometry();
    ASSERT_LT(screen.width(), 1440);
    EXPECT_TRUE(screen.contains(window.frameGeometry()));
}

TEST_F(MainWindowTest, AWindowThatWasLargerThanTheScreenFitsItToo) {
    const QRect screen = window.screen()->availableGeometry();
    window.setGeometry(screen.adjusted(40, 40, 900, 700));
    window.close();
    ASSERT_TRUE(waitFor([&] { return !window.isVisible(); }));
    MainWindow next(world.hub, settings);
    next.show();
    EXPECT_TRUE(screen.contains(next.frameGeometry()));
}

TEST_F(MainWindowTest, TheLayoutOfAWiderWindowLeavesThePlotItsRoom) {
    window.resize(2400, 900);
    QApplication::processEvents();
    QDockWidget* spaces = window.findChild<QDockWidget*>(QStringLiteral("spaces"));
    window.resizeDocks({spaces}, {1000}, Qt::Horizontal);
    QApplication::processEvents();
    ASSERT_GT(spaces->width(), 900);
    window.close();
    ASSERT_TRUE(waitFor([&] { return !window.isVisible(); }));
    MainWindow next(world.hub, settings);
    next.show();
    QApplication::processEvents();
    EXPECT_GT((*next.findChild<ParetoView*>()).width(), next.width() / 3);
}

TEST_F(MainWindowTest, AProjectWhoseFileIsGoneIsNotLeftUnasked) {
    const QString path = world.file(QStringLiteral("gone.cohelix"));
    world.hub.document().create(path, *spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    QStringList questions;
    window.projects().setConfirm([&](const QString& question) {
        questions << question;
        return false;
    });
    ASSERT_TRUE(QFile::remove(path));
    window.projects().openExample();
    window.close();
    ASSERT_EQ(questions.size(), 2);
    EXPECT_TRUE(questions[0].contains(QStringLiteral("Save As")));
    EXPECT_TRUE(window.isVisible());
    EXPECT_EQ(world.hub.document().path(), path);
    world.hub.edits().saveAs(world.file(QStringLiteral("saved.cohelix")));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().path() != path; }));
    window.close();
    EXPECT_EQ(questions.size(), 2);
    EXPECT_TRUE(waitFor([&] { return !window.isVisible(); }));
}

TEST_F(MainWindowTest, EditsOfTheSpecificationCanBeUndoneFromTheMenu) {
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    const spec::Specification before = world.hub.edits().specification();
    spec::Specification next = before;
    next.seed += 1;
    world.hub.edits().edit(next, QStringLiteral("seed"));
    EXPECT_TRUE(enabled("edit.undo"));
    action("edit.undo")->trigger();
    EXPECT_EQ(world.hub.edits().specification(), before);
    EXPECT_TRUE(enabled("edit.redo"));
}

TEST_F(MainWindowTest, WhatARescueLostStaysInTheMessageBarAndInTheLog) {
    const std::int64_t run = world.openWithRun(QStringLiteral("damaged.cohelix"));
    std::vector<store::DesignRow> rows;
    for (int i = 0; i < 200; ++i) rows.push_back(sampleDesign(run, i, 0.5, 100 + i));
    world.session->report(run, rows);
    world.session->setState(run, store::RunState::Stopped);
    const QString from = world.file(QStringLiteral("copy.cohelix"));
    ASSERT_TRUE(QFile::copy(world.hub.document().path(), from));
    overwriteMiddle(from);
    const QString to = world.file(QStringLiteral("rescued.cohelix"));
    world.hub.document().rescue(from, to);
    ASSERT_TRUE(waitFor([&] { return world.hub.document().path() == to; }));
    QTest::qWait(50);
    EXPECT_TRUE(messages().isVisibleTo(&window));
    EXPECT_EQ(messages().severity(), Severity::Warning);
    EXPECT_TRUE(messages().text().contains(QStringLiteral("Lost: ")));
    ASSERT_FALSE(world.hub.projection().events().empty());
    EXPECT_EQ(world.hub.projection().events().back().kind, "warning");
}

TEST_F(MainWindowTest, AMissingFileIsToldWhenTheWindowIsComeBackTo) {
    const QString path = world.file(QStringLiteral("gone.cohelix"));
    world.hub.document().create(path, *spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    const auto comeBack = [this] {
        QEvent activated(QEvent::WindowActivate);
        QApplication::sendEvent(&window, &activated);
        QTest::qWait(50);
    };
    comeBack();
    EXPECT_FALSE(messages().isVisibleTo(&window));
    ASSERT_TRUE(QFile::remove(path));
    comeBack();
    EXPECT_TRUE(messages().isVisibleTo(&window));
    EXPECT_TRUE(messages().text().contains(QStringLiteral("Save As")));
    messages().closeShown();
    comeBack();
    EXPECT_FALSE(messages().isVisibleTo(&window)) << "once is enough";
}

TEST_F(MainWindowTest, ARunWhosePicturesHaveMovedAsksForThemOnce) {
    const std::int64_t run = world.openWithRun();
    world.session->setPictures("/new");
    QStringList answers = {QStringLiteral("/wrong"), QStringLiteral("/new")};
    int asked = 0;
    window.pictures().setChooseFolder([&](const QString&) {
        ++asked;
        return answers.isEmpty() ? QString() : answers.takeFirst();
    });
    QAction* resume = action("search.resume");
    const auto stop = [&] {
        world.session->setState(run, store::RunState::Stopped);
        return waitFor([&] { return world.hub.control().canResume(run); });
    };
    ASSERT_TRUE(stop());
    resume->trigger();
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
    EXPECT_EQ(asked, 2);
    ASSERT_TRUE(stop());
    resume->trigger();
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
    EXPECT_EQ(asked, 2) << "the folder is remembered";
    // Whoever gives no folder leaves the run as it was.
    ASSERT_TRUE(stop());
    world.session->setPictures("/newer");
    resume->trigger();
    ASSERT_TRUE(waitFor([&] { return asked == 3; }));
    EXPECT_TRUE(world.hub.control().canResume(run));
    EXPECT_EQ(messages().severity(), Severity::Error);
}

TEST_F(MainWindowTest, WhatIsSavedCanBeOpened) {
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    const Answers answers(Answers::Texts{
        {QStringLiteral("Save a copy of the project"), world.file(QStringLiteral("model v1.2"))}});
    action("file.saveAs")->trigger();
    const QString path = world.file(QStringLiteral("model v1.2.cohelix"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().path() == path; }));
    EXPECT_TRUE(QFile::exists(path));
    EXPECT_TRUE(window.windowTitle().startsWith(QStringLiteral("model v1.2 ")));
    EXPECT_TRUE(messages().text().contains(QStringLiteral("saved")));
}

TEST_F(MainWindowTest, AFileThatTheSuffixWouldReplaceIsAskedFor) {
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    const QString taken = world.file(QStringLiteral("taken.cohelix"));
    QFile file(taken);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("precious");
    file.close();
    const Answers answers(Answers::Texts{
        {QStringLiteral("Save a copy of the project"), world.file(QStringLiteral("taken"))}});
    action("file.saveAs")->trigger();
    EXPECT_EQ(answers.questions(), 1);
    QTest::qWait(50);
    EXPECT_TRUE(world.hub.document().untitled());
    EXPECT_EQ(QFileInfo(taken).size(), 8);
}

TEST_F(MainWindowTest, ARescueOntoAFileThatExistsIsRefusedWithoutAQuestion) {
    world.openWithRun(QStringLiteral("damaged.cohelix"));
    world.hub.document().close();
    ASSERT_TRUE(waitFor([&] { return !world.hub.document().busy(); }));
    const QString from = world.file(QStringLiteral("damaged.cohelix"));
    const QString to = world.file(QStringLiteral("taken.cohelix"));
    ASSERT_TRUE(QFile::copy(from, to));
    const Answers answers(Answers::Texts{{QStringLiteral("Damaged project"), from},
                                         {QStringLiteral("Save what can be read of it as"), to}});
    action("file.rescue")->trigger();
    EXPECT_EQ(answers.questions(), 0);
    ASSERT_TRUE(waitFor([&] { return messages().isVisibleTo(&window); }));
    EXPECT_EQ(messages().severity(), Severity::Error);
    EXPECT_FALSE(world.hub.document().isOpen());
}

TEST_F(MainWindowTest, NoSearchStartsWithOtherValuesThanTheFormShows) {
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    QAction* start = action("search.start");
    type("/search/batch", "many");
    start->trigger();
    EXPECT_TRUE(world.hub.control().canStart());
    EXPECT_EQ(messages().severity(), Severity::Error);
    EXPECT_TRUE(messages().text().contains(QStringLiteral("batch")));
    EXPECT_TRUE(world.hub.projection().runs().empty());
    // What is valid is taken, though nobody pressed Enter.
    type("/search/batch", "48", false);
    start->trigger();
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
    EXPECT_EQ(world.hub.edits().specification().search.batch, 48);
}

TEST_F(MainWindowTest, NoSearchStartsWhileTheTextIsNotValid) {
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    QTest::keyClicks(&spaces().text().editor(), "{");
    action("search.start")->trigger();
    EXPECT_TRUE(world.hub.control().canStart());
    EXPECT_EQ(messages().severity(), Severity::Error);
    EXPECT_TRUE(messages().text().contains(QStringLiteral(" of the text")));
}

TEST_F(MainWindowTest, AnInvalidValueIsNotTakenIntoTheNextProject) {
    window.projects().openExample();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    type("/search/batch", "many");
    EXPECT_TRUE(spaces().hasDraft());
    world.hub.document().create(world.file(QStringLiteral("next.cohelix")),
                                *spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return !world.hub.document().untitled(); }));
    EXPECT_FALSE(spaces().hasDraft());
    EXPECT_NE(line("/search/batch")->text(), QStringLiteral("many"));
}

TEST_F(MainWindowTest, TheNamesOfRecentFilesStandAsTheyAre) {
    const QString path = world.file(QStringLiteral("R&D\tone\ntwo.cohelix"));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    addRecentFile(settings, path);
    QMenu* recent = nullptr;
    for (QMenu* menu : window.findChildren<QMenu*>()) {
        if (menu->title() == QStringLiteral("Open &recent")) recent = menu;
    }
    ASSERT_TRUE(recent);
    Q_EMIT recent->aboutToShow();
    const QString text = recent->actions().first()->text();
    EXPECT_TRUE(text.endsWith(QStringLiteral("R&&D\\tone\\ntwo.cohelix"))) << text.toStdString();
}

TEST(RecentFiles, TheNewestComesFirstOnceAndTheListIsBounded) {
    QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("s.ini")), QSettings::IniFormat);
    for (int i = 0; i < 15; ++i) addRecentFile(settings, QStringLiteral("/%1.cohelix").arg(i));
    addRecentFile(settings, QStringLiteral("/9.cohelix"));
    const QStringList files = recentFiles(settings);
    EXPECT_EQ(files.size(), kMostRecent);
    EXPECT_EQ(files.first(), QStringLiteral("/9.cohelix"));
    EXPECT_EQ(files.count(QStringLiteral("/9.cohelix")), 1);
}

}  // namespace
}  // namespace cohelix::ui
