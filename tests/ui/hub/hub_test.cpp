// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hub.h"

#include <QCoreApplication>
#include <QFile>

#include <gtest/gtest.h>

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

/// Reports designs and waits until the hub has them all.
std::vector<store::DesignRow> report(FakeWorld& world, std::int64_t run,
                                     const std::vector<store::DesignRow>& rows) {
    const auto stored = world.session->report(run, rows);
    waitFor([&] { return world.hub.projection().designList().find(stored.back().id) != nullptr; });
    return stored;
}

/// A project with another seed, in a file of its own.
void makeProject(const QString& path, std::uint64_t seed) {
    auto project = store::Project::create(path.toStdString());
    ASSERT_TRUE(project.ok());
    auto specification = *spec::preset("fashion-mnist-zc706");
    specification.seed = seed;
    ASSERT_TRUE((*project)->addRevision(specification));
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Into the same file, as `cp` does.
void overwrite(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    ASSERT_EQ(file.write(bytes), bytes.size());
}

class OpenAgain : public testing::Test {
protected:
    OpenAgain() {
        makeProject(path, 1);
        makeProject(other, 2);
        QObject::connect(&world.hub.messages(), &Messages::said,
                         [this](const Message& message) { messages.push_back(message); });
        open(path);
    }

    void open(const QString& file) {
        world.hub.document().open(file);
        EXPECT_TRUE(waitFor([&] { return !world.hub.document().busy(); }));
        QCoreApplication::processEvents();
    }

    FakeWorld world;
    const QString path = world.file(QStringLiteral("a.cohelix"));
    const QString other = world.file(QStringLiteral("b.cohelix"));
    std::vector<Message> messages;
};

TEST_F(OpenAgain, TheOpenProjectStaysAndItIsSaid) {
    const FakeSession* before = world.session;
    const QString link = world.file(QStringLiteral("link.cohelix"));
    ASSERT_TRUE(QFile::link(path, link));
    for (const QString& name : {path, link}) {
        messages.clear();
        open(name);
        EXPECT_EQ(world.session, before);
        EXPECT_FALSE(world.hub.document().readOnly());
        ASSERT_EQ(messages.size(), 1u);
        EXPECT_EQ(messages[0].severity, Severity::Info);
    }
}

TEST_F(OpenAgain, AFileThatTookTheNameIsOpened) {
    ASSERT_TRUE(QFile::remove(path));
    ASSERT_TRUE(QFile::rename(other, path));
    open(path);
    EXPECT_EQ(world.hub.edits().specification().seed, 2u);
    EXPECT_FALSE(world.hub.document().readOnly());
    EXPECT_EQ(world.hub.document().path(), path);
}

TEST_F(OpenAgain, AFileThatWasDeletedAndRestoredIsOpened) {
    ASSERT_TRUE(QFile::copy(path, world.file(QStringLiteral("copy"))));
    ASSERT_TRUE(QFile::remove(path));
    open(path);
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].severity, Severity::Error);
    EXPECT_TRUE(world.hub.document().isOpen()) << "what is shown stays";
    ASSERT_TRUE(QFile::rename(world.file(QStringLiteral("copy")), path));
    const FakeSession* before = world.session;
    open(path);
    EXPECT_NE(world.session, before);
    world.hub.control().start();
    EXPECT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
}

TEST_F(OpenAgain, AFileThatWasWrittenOverIsOpenedForWriting) {
    overwrite(path, bytesOf(other));
    open(path);
    EXPECT_EQ(world.hub.edits().specification().seed, 2u);
    EXPECT_FALSE(world.hub.document().readOnly());
    world.hub.control().start();
    EXPECT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
}

TEST_F(OpenAgain, WhatIsNoProjectLeavesTheOpenOneShown) {
    overwrite(path, "no project at all");
    open(path);
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].severity, Severity::Error);
    EXPECT_TRUE(world.hub.document().isOpen());
    EXPECT_EQ(world.hub.edits().specification().seed, 1u);
}

TEST_F(OpenAgain, SavingUnderItsOwnNameDoesNotReplaceAFileThatTookTheName) {
    ASSERT_TRUE(QFile::remove(path));
    ASSERT_TRUE(QFile::rename(other, path));
    const QByteArray there = bytesOf(path);
    world.hub.edits().saveAs(path);
    ASSERT_TRUE(waitFor([&] { return !messages.empty(); }));
    EXPECT_EQ(messages[0].severity, Severity::Error);
    EXPECT_TRUE(messages[0].what.contains(QStringLiteral("another file")));
    EXPECT_EQ(bytesOf(path), there);
    // Under another name everything is saved.
    const QString copy = world.file(QStringLiteral("c.cohelix"));
    world.hub.edits().saveAs(copy);
    ASSERT_TRUE(waitFor([&] { return world.hub.document().path() == copy; }));
    EXPECT_EQ(world.hub.edits().specification().seed, 1u);
}

TEST_F(OpenAgain, AProjectThatWasWrittenOverIsNotSavedAndItIsSaid) {
    overwrite(path, bytesOf(other));
    world.hub.document().lookForFile();
    ASSERT_TRUE(waitFor([&] { return messages.size() == 1; }));
    EXPECT_EQ(messages[0].severity, Severity::Error);
    EXPECT_FALSE(messages[0].advice.contains(QStringLiteral("kept"))) << "nothing was";
    world.hub.edits().saveAs(path);
    ASSERT_TRUE(waitFor([&] { return messages.size() == 2; }));
    EXPECT_EQ(messages[1].severity, Severity::Error);
    EXPECT_TRUE(messages[1].what.contains(QStringLiteral("written over")));
    EXPECT_EQ(bytesOf(path), bytesOf(other));
}

TEST(Hub, ReportsOfARunningSearchComeInFewBatches) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    int batches = 0;
    QObject::connect(&world.hub.projection(), &Projection::designsChanged,
                     [&batches] { ++batches; });
    std::vector<store::DesignRow> stored;
    for (int i = 0; i < 200; ++i) {
        stored = world.session->report(run, {sampleDesign(run, i, 0.5, 100 + i)});
    }
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().designs().size() == 200; }));
    EXPECT_LE(batches, 3);
}

TEST(Hub, OfManyReportsOfProgressTheLastArrives) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    int reports = 0;
    QObject::connect(&world.hub.projection(), &Projection::progressChanged,
                     [&reports] { ++reports; });
    for (int step = 1; step <= 1000; ++step) {
        run::Progress progress;
        progress.run = run;
        progress.step = step;
        progress.steps = 1000;
        world.session->listener().progressed(progress);
    }
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().progress().has_value(); }));
    EXPECT_EQ(world.hub.projection().progress()->step, 1000);
    EXPECT_EQ(reports, 1);
}

TEST(Hub, SelectionIsKeptByIdentityThroughNewDesignsAndReopening) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    const auto stored =
        report(world, run, {sampleDesign(run, 1, 0.8, 100), sampleDesign(run, 2, 0.7, 200)});
    world.hub.selection().selectDesign(stored[1].id);
    report(world, run, {sampleDesign(run, 3, 0.9, 300)});
    EXPECT_EQ(world.hub.selection().primary(), stored[1].id);

    const QString first = world.hub.document().path();
    world.session->setState(run, store::RunState::Stopped);
    ASSERT_TRUE(waitFor([&] { return !world.hub.projection().activeRun(); }));
    world.hub.document().saveAs(world.file(QStringLiteral("b.cohelix")));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().path() != first; }));
    EXPECT_EQ(world.hub.projection().designs().size(), 3u);
    EXPECT_EQ(world.hub.selection().primary(), stored[1].id);
}

TEST(Hub, TheSelectionIsNotCarriedOverToAnotherProject) {
    FakeWorld world;
    std::int64_t design = 0;
    for (const char* name : {"first.cohelix", "second.cohelix"}) {
        const std::int64_t run = world.openWithRun(QString::fromLatin1(name));
        design = report(world, run, {sampleDesign(run, 1, 0.8, 100)})[0].id;
        world.hub.document().close();
        ASSERT_TRUE(waitFor([&] { return !world.hub.document().busy(); }));
    }
    for (const char* name : {"first.cohelix", "second.cohelix"}) {
        const QString path = world.file(QString::fromLatin1(name));
        world.hub.document().open(path);
        ASSERT_TRUE(waitFor([&] { return world.hub.document().path() == path; }));
        EXPECT_EQ(world.hub.projection().designs().size(), 1u);
        EXPECT_EQ(world.hub.selection().primary(), 0);
        world.hub.selection().selectDesign(design);
        EXPECT_EQ(world.hub.selection().primary(), design);
    }
}

TEST(Hub, DetailsOfTheSelectedDesignAreReadInTheBackground) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    const auto stored = report(world, run, {sampleDesign(run, 1, 0.8, 100)});
    world.hub.selection().selectDesign(stored[0].id);
    ASSERT_TRUE(waitFor([&] { return world.hub.inspection().details() != nullptr; }));
    const DesignDetails& details = *world.hub.inspection().details();
    EXPECT_EQ(details.row.id, stored[0].id);
    EXPECT_FALSE(details.network.layers.empty());
    EXPECT_GT(details.accelerator.chunkCount(), 0u);
    ASSERT_FALSE(details.choices.empty());
    EXPECT_EQ(details.choices[0].name, "block0");
    EXPECT_EQ(details.cost.fps, 100);
}

TEST(Hub, ADesignThatIsOvertakenLeavesTheFront) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    const auto first = report(world, run, {sampleDesign(run, 1, 0.8, 100)});
    EXPECT_TRUE(world.hub.projection().designList().find(first[0].id)->front);
    report(world, run, {sampleDesign(run, 2, 0.9, 200)});
    EXPECT_FALSE(world.hub.projection().designList().find(first[0].id)->front);
}

TEST(Hub, WhileARunWorksItCanBePausedAndStoppedButNoOtherStarted) {
    FakeWorld world;
    EXPECT_FALSE(world.hub.control().canStart());
    world.openWithRun();
    EXPECT_FALSE(world.hub.control().canStart());
    EXPECT_TRUE(world.hub.control().canPause());
    EXPECT_TRUE(world.hub.control().canStop());
    world.hub.control().pause();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canUnpause(); }));
    EXPECT_FALSE(world.hub.control().canPause());
    world.hub.control().unpause();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canPause(); }));
    world.hub.control().stop();
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    EXPECT_TRUE(world.hub.control().canResume(world.hub.projection().runs().back().id));
}

TEST(Hub, NoSearchStartsWhileSomethingTypedIsNotValid) {
    FakeWorld world;
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.control().canStart(); }));
    std::vector<Message> messages;
    QObject::connect(&world.hub.messages(), &Messages::said,
                     [&messages](const Message& message) { messages.push_back(message); });
    auto owner = std::make_unique<QObject>();
    world.hub.edits().addDraft(owner.get(), [] {
        return base::Result<void>(base::Error{"seed", "'x' is no number", "Correct it"});
    });
    world.hub.control().start();
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].where, QStringLiteral("seed"));
    EXPECT_TRUE(messages[0].what.endsWith(QStringLiteral("'x' is no number")));
    EXPECT_TRUE(world.hub.control().canStart());
    owner.reset();
    world.hub.control().start();
    EXPECT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
}

TEST(Hub, EditsCanBeUndoneAndAreStoredAsRevisions) {
    FakeWorld world;
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    EXPECT_TRUE(world.hub.document().untitled());
    const spec::Specification before = world.hub.edits().specification();
    spec::Specification next = before;
    next.seed = before.seed + 1;
    world.hub.edits().edit(next, QStringLiteral("seed"), QStringLiteral("seed"));
    next.seed = before.seed + 12;
    world.hub.edits().edit(next, QStringLiteral("seed"), QStringLiteral("seed"));
    EXPECT_EQ(world.hub.edits().undoStack().count(), 1);
    const auto revisions = [&] {
        std::size_t count = 0;
        world.session->call([&](store::Project& p) { count = p.revisions()->size(); });
        return count;
    };
    ASSERT_TRUE(waitFor([&] { return revisions() == 2; }));
    world.hub.edits().undoStack().undo();
    EXPECT_EQ(world.hub.edits().specification(), before);
}

TEST(Hub, EditsCanBeUndoneInACopyButNotInAnotherProject) {
    FakeWorld world;
    Document& document = world.hub.document();
    document.createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return document.isOpen(); }));
    const spec::Specification before = world.hub.edits().specification();
    spec::Specification next = before;
    next.seed += 1;
    world.hub.edits().edit(next, QStringLiteral("seed"));
    world.hub.edits().saveAs(world.file(QStringLiteral("copy.cohelix")));
    ASSERT_TRUE(waitFor([&] { return !document.untitled() && !document.busy(); }));
    EXPECT_EQ(world.hub.edits().specification(), next);
    world.hub.edits().undoStack().undo();
    EXPECT_EQ(world.hub.edits().specification(), before);
    document.createUntitled(next);
    ASSERT_TRUE(waitFor([&] { return document.untitled() && !document.busy(); }));
    EXPECT_EQ(world.hub.edits().undoStack().count(), 0);
}

TEST(Hub, AFileThatIsNoProjectIsRefusedAndTheOpenOneStays) {
    FakeWorld world;
    world.openWithRun();
    const QString path = world.hub.document().path();
    QFile foreign(world.file(QStringLiteral("foreign.cohelix")));
    ASSERT_TRUE(foreign.open(QIODevice::WriteOnly));
    foreign.write("This is no database.");
    foreign.close();
    std::vector<Message> messages;
    QObject::connect(&world.hub.messages(), &Messages::said,
                     [&messages](const Message& message) { messages.push_back(message); });
    world.hub.document().open(foreign.fileName());
    ASSERT_TRUE(waitFor([&] { return !messages.empty(); }));
    EXPECT_EQ(messages[0].severity, Severity::Error);
    EXPECT_FALSE(messages[0].what.isEmpty());
    EXPECT_EQ(world.hub.document().path(), path);
    // What the search reports still arrives.
    const std::int64_t run = world.hub.projection().activeRun()->id;
    report(world, run, {sampleDesign(run, 1, 0.8, 100)});
    EXPECT_EQ(world.hub.projection().designs().size(), 1u);
}

TEST(Hub, SavingAnUntitledProjectMovesIt) {
    FakeWorld world;
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    const QString before = world.hub.document().path();
    const QString after = world.file(QStringLiteral("mine.cohelix"));
    world.hub.document().saveAs(after);
    ASSERT_TRUE(waitFor([&] { return world.hub.document().path() == after; }));
    EXPECT_TRUE(waitFor([&] { return !QFile::exists(before); }));
    EXPECT_TRUE(QFile::exists(after));
    EXPECT_FALSE(world.hub.document().untitled());
}

TEST(Hub, AProjectWhoseFileIsGoneIsSavedUnderItsOldName) {
    FakeWorld world;
    const QString path = world.file(QStringLiteral("a.cohelix"));
    world.hub.document().create(path, *spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    ASSERT_TRUE(QFile::remove(path));
    const FakeSession* before = world.session;
    world.hub.document().saveAs(path);
    ASSERT_TRUE(waitFor([&] { return world.session != before; }));
    ASSERT_TRUE(waitFor([&] { return !world.hub.document().busy(); }));
    EXPECT_TRUE(QFile::exists(path));
    EXPECT_EQ(world.hub.document().path(), path);
    EXPECT_EQ(world.hub.edits().specification(), *spec::preset("fashion-mnist-zc706"));
}

TEST(Hub, EditsMadeAfterTheFileIsGoneAreInTheCopy) {
    FakeWorld world;
    const QString path = world.file(QStringLiteral("a.cohelix"));
    world.hub.document().create(path, *spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    ASSERT_TRUE(QFile::rename(path, world.file(QStringLiteral("elsewhere.cohelix"))));
    std::vector<Message> messages;
    QObject::connect(&world.hub.messages(), &Messages::said,
                     [&messages](const Message& message) { messages.push_back(message); });
    spec::Specification edited = world.hub.edits().specification();
    edited.seed += 1;
    world.hub.edits().edit(edited, QStringLiteral("seed"));
    ASSERT_TRUE(waitFor([&] { return !messages.empty(); }));
    EXPECT_EQ(messages[0].severity, Severity::Error);
    const QString copy = world.file(QStringLiteral("copy.cohelix"));
    world.hub.edits().saveAs(copy);
    ASSERT_TRUE(waitFor([&] { return world.hub.document().path() == copy; }));
    EXPECT_EQ(world.hub.edits().specification(), edited);
    const auto stored = store::Project::open(copy.toStdString(), store::Access::ReadOnly);
    ASSERT_TRUE(stored.ok());
    EXPECT_EQ((*stored)->latestSpecification().value(), edited);
}

TEST(Hub, TheDocumentFollowsASearchThatGoesOnInAnotherFile) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    const QString before = world.hub.document().path();
    const QString after = world.file(QStringLiteral("moved.cohelix"));
    std::vector<Message> messages;
    QObject::connect(&world.hub.messages(), &Messages::said,
                     [&messages](const Message& message) { messages.push_back(message); });
    QStringList used;
    QObject::connect(&world.hub.document(), &Document::used,
                     [&used](const QString& path) { used << path; });
    ASSERT_TRUE(QFile::rename(before, after));
    world.session->goOnIn(after.toStdString(), run);
    ASSERT_TRUE(waitFor([&] { return world.hub.document().path() == after; }));
    EXPECT_EQ(world.hub.document().title(), QStringLiteral("moved"));
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].severity, Severity::Warning);
    EXPECT_EQ(messages[0].where, after);
    EXPECT_EQ(used, QStringList{after});
}

TEST(Hub, AnUntitledProjectWhoseFileIsGoneIsSavedUnderItsOldName) {
    FakeWorld world;
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    const QString path = world.hub.document().path();
    ASSERT_TRUE(QFile::remove(path));
    const FakeSession* before = world.session;
    world.hub.document().saveAs(path);
    ASSERT_TRUE(waitFor([&] { return world.session != before; }));
    ASSERT_TRUE(waitFor([&] { return !world.hub.document().busy(); }));
    world.hub.control().start();
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().activeRun().has_value(); }));
    EXPECT_TRUE(QFile::exists(path));
}

TEST(Hub, ATitleIsTheWholeNameWithoutTheSuffix) {
    FakeWorld world;
    for (const char* name : {"model v1.2", "b.cohelix"}) {
        const QString path = world.file(projectName(QString::fromLatin1(name)));
        world.hub.document().create(path, *spec::preset("fashion-mnist-zc706"));
        ASSERT_TRUE(waitFor([&] { return world.hub.document().path() == path; }));
        EXPECT_TRUE(path.endsWith(QStringLiteral(".cohelix")));
        const QString wanted = QString::fromLatin1(name).remove(QStringLiteral(".cohelix"));
        EXPECT_EQ(world.hub.document().title(), wanted);
    }
}

TEST(Hub, AnUntouchedUntitledProjectLeavesNoFileBehind) {
    FakeWorld world;
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.document().isOpen(); }));
    const QString path = world.hub.document().path();
    world.hub.document().close();
    ASSERT_TRUE(waitFor([&] { return !world.hub.document().busy(); }));
    EXPECT_FALSE(QFile::exists(path));
}

TEST(Hub, DesignsAreExportedWithTheChoicesOfTheirSpecification) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    const auto stored = report(world, run, {sampleDesign(run, 1, 0.8, 100)});
    const QString path = world.file(QStringLiteral("designs.csv"));
    world.hub.files().exportDesigns(path, {stored[0].id});
    ASSERT_TRUE(waitFor([&] { return QFile::exists(path); }));
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    const QString header = QString::fromUtf8(file.readLine());
    EXPECT_TRUE(header.startsWith(QStringLiteral("id,run,state,accuracy,accuracy_grade,fps")));
    EXPECT_TRUE(header.contains(QStringLiteral("block0")));
}

TEST(Hub, AFileThatCannotBeWrittenIsSaidSo) {
    FakeWorld world;
    std::vector<Message> messages;
    QObject::connect(&world.hub.messages(), &Messages::said,
                     [&messages](const Message& message) { messages.push_back(message); });
    world.hub.files().write(world.file(QStringLiteral("no/such/folder/a.svg")), QByteArray("x"),
                            QStringLiteral("the plot"));
    ASSERT_TRUE(waitFor([&] { return !messages.empty(); }));
    EXPECT_EQ(messages[0].severity, Severity::Error);
    EXPECT_FALSE(messages[0].advice.isEmpty());
}

}  // namespace
}  // namespace cohelix::ui
