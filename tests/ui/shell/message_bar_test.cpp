// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/message_bar.h"

#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

#include <gtest/gtest.h>

namespace cohelix::ui {
namespace {

class MessageBarTest : public testing::Test {
protected:
    MessageBarTest() : bar(new MessageBar(&window)) {
        auto* layout = new QVBoxLayout(&window);
        layout->addWidget(bar);
        layout->addStretch(1);
        window.resize(500, 300);
        window.show();
    }

    void close() { QTest::mouseClick(bar->findChild<QToolButton*>(), Qt::LeftButton); }

    QWidget window;
    MessageBar* bar;
    const Message error{Severity::Error, QStringLiteral("/a"), QStringLiteral("it is full"),
                        QStringLiteral("Make room")};
    const Message warning{
        Severity::Warning, QStringLiteral("/b"), QStringLiteral("it has moved"), {}};
    const Message news = infoMessage(QStringLiteral("Saved the plot"), QStringLiteral("/c"));
};

TEST_F(MessageBarTest, NewsAreSeenWhileAnErrorStands) {
    bar->showMessage(error);
    bar->showMessage(news);
    EXPECT_TRUE(bar->text().contains(QStringLiteral("Saved the plot")));
    close();
    EXPECT_TRUE(bar->text().contains(QStringLiteral("It is full")));
    EXPECT_EQ(bar->severity(), Severity::Error);
    close();
    EXPECT_FALSE(bar->isVisible());
}

TEST_F(MessageBarTest, AWarningIsSeenAfterAnError) {
    bar->showMessage(error);
    bar->showMessage(warning);
    EXPECT_EQ(bar->severity(), Severity::Warning);
    close();
    EXPECT_FALSE(bar->isVisible());
    bar->showMessage(news);
    close();
    EXPECT_FALSE(bar->isVisible()) << "what was closed does not come back";
}

TEST_F(MessageBarTest, ALongNameDoesNotWidenTheWindow) {
    Message longer = error;
    longer.where = '/' + QString(3000, 'n');
    longer.advice = QStringLiteral("Look into ") + QString(3000, 'm');
    bar->showMessage(longer);
    QTest::qWait(50);
    EXPECT_LE(window.minimumSizeHint().width(), 300);
    EXPECT_EQ(window.width(), 500);
    EXPECT_LE(bar->height(), 250);
    bar->showMessage(news);
    QTest::qWait(50);
    EXPECT_LE(bar->height(), 60);
}

}  // namespace
}  // namespace cohelix::ui
