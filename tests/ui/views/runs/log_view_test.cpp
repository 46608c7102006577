// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/log_view.h"

#include <QScrollBar>
#include <QTest>

#include <gtest/gtest.h>

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

store::Event event(std::int64_t run, const char* kind, const char* text) {
    store::Event made;
    made.run = run;
    made.kind = kind;
    made.text = text;
    made.time = "2025-01-31T09:15:00.250Z";
    return made;
}

TEST(LogViewTest, ListsWhatIsReportedWithItsRunAndItsKindInWords) {
    FakeWorld world;
    LogView view(world.context);
    EXPECT_FALSE(view.placeholderText().isEmpty());
    const std::int64_t run = world.openWithRun();
    world.session->listener().logged(event(run, "warning", "a < b & <b>c</b>"));
    ASSERT_TRUE(waitFor([&] { return view.toPlainText().contains(QStringLiteral("a < b")); }));
    const QString line = view.toPlainText().split('\n').last();
    EXPECT_TRUE(line.contains(QStringLiteral("run %1: warning: a < b & <b>c</b>").arg(run)))
        << line.toStdString();
}

TEST(LogViewTest, IsEmptyAgainInAnotherProject) {
    FakeWorld world;
    const std::int64_t run = world.openWithRun();
    world.session->listener().logged(event(run, "info", "hello"));
    ASSERT_TRUE(waitFor([&] { return !world.hub.projection().events().empty(); }));
    LogView view(world.context);
    EXPECT_TRUE(view.toPlainText().contains(QStringLiteral("hello"))) << "what was there before it";
    world.session->setState(run, store::RunState::Stopped);
    world.hub.document().createUntitled(*spec::preset("fashion-mnist-zc706"));
    ASSERT_TRUE(waitFor([&] { return world.hub.projection().runs().empty(); }));
    EXPECT_TRUE(view.toPlainText().isEmpty());
}

}  // namespace
}  // namespace cohelix::ui
