// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_view.h"

#include <QApplication>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>
#include <algorithm>

#include <gtest/gtest.h>

#include "core/base/json.h"

#include "ui/hub/theme.h"
#include "ui/views/spaces/spaces_form.h"
#include "ui/views/spaces/spaces_text.h"

#include "tests/ui/support/fake_session.h"

namespace cohelix::ui {
namespace {

class SpacesViewTest : public testing::Test {
protected:
    void SetUp() override {
        edits.edit(m_start, QStringLiteral("start"));
        m_view.resize(420, 700);
        m_view.setEditable(true);
        m_view.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&m_view));
        QObject::connect(&edits, &Edits::changed, &m_view,
                         [this] { m_edits.push_back(edits.specification()); });
    }

    QLineEdit* line(const std::string& pointer) {
        auto* field = m_view.form().field(pointer);
        return field ? field->findChild<QLineEdit*>() : nullptr;
    }
    void type(const std::string& pointer, const QString& text, bool enter = true) {
        auto* at = line(pointer);
        ASSERT_TRUE(at) << pointer;
        at->setFocus();
        at->selectAll();
        QTest::keyClicks(at, text);
        if (text.isEmpty()) QTest::keyClick(at, Qt::Key_Delete);
        if (enter) QTest::keyClick(at, Qt::Key_Return);
    }
    QPlainTextEdit& editor() { return m_view.text().editor(); }
    /// Replaces a piece of the text as a person would: select it, type over it.
    void replaceInText(const QString& old, const QString& fresh) {
        const auto at = editor().toPlainText().indexOf(old);
        ASSERT_GE(at, 0) << old.toStdString();
        auto cursor = editor().textCursor();
        cursor.setPosition(static_cast<int>(at));
        cursor.setPosition(static_cast<int>(at + old.size()), QTextCursor::KeepAnchor);
        editor().setTextCursor(cursor);
        QTest::keyClicks(&editor(), fresh);
        QTest::qWait(500);
    }

    spec::Specification m_start = spec::preset("fashion-mnist-zc706").value();
    std::vector<spec::Specification> m_edits;
    FakeWorld world;
    Edits& edits = world.hub.edits();
    SpacesView m_view{world.context};
};

TEST_F(SpacesViewTest, ARightValueInTheFormIsHandedOutAndStandsInTheText) {
    type("/search/batch", "48");
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_EQ(m_edits[0].search.batch, 48);
    EXPECT_EQ(edits.undoStack().undoText(), "Change Search budget: batch");
    auto expected = m_start;
    expected.search.batch = 48;
    EXPECT_EQ(m_edits[0], expected);
    EXPECT_EQ(editor().toPlainText().toStdString(), toText(expected));
    EXPECT_FALSE(m_view.hasDraft());
}

TEST_F(SpacesViewTest, AWrongValueIsExplainedInItsRowAndGoesNowhere) {
    for (const char* wrong : {"-5", "many", "2.5", "99999999999999999999", ""}) {
        type("/search/batch", wrong);
        EXPECT_TRUE(m_view.form().messageAt("/search/batch").contains("must be a whole number"))
            << wrong;
        EXPECT_TRUE(m_view.form().field("/search/batch")->hasError());
        EXPECT_EQ(line("/search/batch")->text(), wrong) << "what was typed must not get lost";
    }
    EXPECT_TRUE(m_edits.empty());
    EXPECT_EQ(m_view.specification(), m_start);
    EXPECT_TRUE(m_view.hasDraft());
    EXPECT_EQ(editor().toPlainText().toStdString(), toText(m_start));
    type("/search/batch", "32");
    EXPECT_FALSE(m_view.form().field("/search/batch")->hasError());
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_EQ(m_edits[0].search.batch, 32);
}

TEST_F(SpacesViewTest, AWrongValueIsMarkedWhileItIsTyped) {
    type("/network/classes", "1", false);
    EXPECT_TRUE(m_view.form().field("/network/classes")->hasError());
    type("/network/classes", "12", false);
    EXPECT_FALSE(m_view.form().field("/network/classes")->hasError());
    EXPECT_TRUE(m_edits.empty()) << "only Enter or leaving the field applies";
}

TEST_F(SpacesViewTest, EscapeGivesUpAWrongValue) {
    type("/search/batch", "many");
    QTest::keyClick(line("/search/batch"), Qt::Key_Escape);
    EXPECT_EQ(line("/search/batch")->text(), QString::number(m_start.search.batch));
    EXPECT_FALSE(m_view.hasDraft());
    EXPECT_TRUE(m_edits.empty());
}

TEST_F(SpacesViewTest, TwoValuesThatAreValidOnlyTogetherAreAppliedTogether) {
    const auto window = m_start.objective.targets.front();
    const double low = window.high * 2;
    type("/objective/targets/0/low", QString::number(low));
    EXPECT_TRUE(m_edits.empty());
    type("/objective/targets/0/high", QString::number(low * 2));
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_EQ(m_edits[0].objective.targets[0], (spec::Window{low, low * 2}));
    EXPECT_FALSE(m_view.hasDraft());
}

TEST_F(SpacesViewTest, ListsAreTypedWithCommas) {
    type("/network/operators", "k3_e1, k5_e3,skip");
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_EQ(m_edits[0].network.operators.size(), 3U);
    type("/network/operators", "k3_e1, k4_e3");
    EXPECT_TRUE(m_view.form().messageAt("/network/operators").contains("'k4_e3' is no operator"));
    EXPECT_EQ(m_edits.size(), 1U);
}

TEST_F(SpacesViewTest, SharedDramStandsEmptyWhereItIsNotBounded) {
    ASSERT_TRUE(line("/accelerator/dram_gb_per_s"));
    EXPECT_EQ(line("/accelerator/dram_gb_per_s")->placeholderText(), "not bounded");
    type("/accelerator/dram_gb_per_s", "12.8");
    ASSERT_EQ(m_edits.size(), 1u);
    EXPECT_EQ(m_edits[0].accelerator.dramGigabytesPerSecond, 12.8);
    type("/accelerator/dram_gb_per_s", "");
    ASSERT_EQ(m_edits.size(), 2u);
    EXPECT_EQ(m_edits[1].accelerator.dramGigabytesPerSecond, 0);
    EXPECT_EQ(m_edits[1], m_start);
    type("/accelerator/dram_gb_per_s", "1");
    EXPECT_EQ(m_edits.size(), 2u) << "narrower than the port of one chunk";
}

TEST_F(SpacesViewTest, AnEmptyLimitMeansNone) {
    type("/limits/least_fps", "120");
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_EQ(m_edits[0].limits.leastFps, 120);
    type("/limits/least_fps", "");
    ASSERT_EQ(m_edits.size(), 2U);
    EXPECT_EQ(m_edits[1].limits.leastFps, std::nullopt);
}

TEST_F(SpacesViewTest, StagesCanBeAddedAndRemoved) {
    const auto stages = m_start.network.stages.size();
    QToolButton* add = nullptr;
    for (auto* button : m_view.form().findChildren<QToolButton*>()) {
        if (button->toolTip() == "Repeat the last row" && !add) add = button;
    }
    ASSERT_TRUE(add);
    QTest::mouseClick(add, Qt::LeftButton);
    QTest::qWait(10);
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_EQ(m_edits[0].network.stages.size(), stages + 1);
    EXPECT_TRUE(m_view.form().field("/network/stages/" + std::to_string(stages) + "/channels"));
}

TEST_F(SpacesViewTest, RightTextIsHandedOutAndStandsInTheForm) {
    const auto position = editor().toPlainText().indexOf("\"batch\": ");
    replaceInText(QStringLiteral("\"batch\": %1").arg(m_start.search.batch), "\"batch\": 96");
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_EQ(m_edits[0].search.batch, 96);
    EXPECT_EQ(line("/search/batch")->text(), "96");
    EXPECT_EQ(editor().textCursor().position(), position + 11) << "the cursor must stay";
}

TEST_F(SpacesViewTest, AnUnknownFieldInTheTextIsRefusedAtItsLine) {
    replaceInText("\"classes\"", "\"clases\"");
    EXPECT_TRUE(m_edits.empty());
    EXPECT_TRUE(m_view.text().message().contains("/network/cla"));
    const auto line = editor().toPlainText().split('\n')[m_view.text().errorLine()];
    EXPECT_TRUE(line.contains("clases") || line.contains("\"network\"")) << line.toStdString();
    EXPECT_TRUE(m_view.hasDraft());
}

TEST_F(SpacesViewTest, ASyntaxErrorIsMarkedAtItsLine) {
    replaceInText("\"classes\": 10,", "\"classes\": 10 10,");
    EXPECT_TRUE(m_edits.empty());
    const auto line = editor().toPlainText().split('\n')[m_view.text().errorLine()];
    EXPECT_TRUE(line.contains("\"classes\": 10 10")) << line.toStdString();
}

TEST_F(SpacesViewTest, NothingOfAnotherProjectsTextComesBackByUndo) {
    const auto batch = std::to_string(m_start.search.batch);
    replaceInText(QString::fromStdString("\"batch\": " + batch), "\"batch\": 48");
    ASSERT_EQ(m_edits.size(), 1U);
    const auto other = spec::preset("dna-cifar10-zc706").value();
    m_view.startOver(other);
    const auto text = editor().toPlainText();
    EXPECT_EQ(text.toStdString(), toText(other));
    QTest::keyClick(&editor(), Qt::Key_Z, Qt::ControlModifier);
    QTest::qWait(500);
    EXPECT_EQ(editor().toPlainText(), text);
    EXPECT_EQ(m_edits.size(), 1U);
}

TEST_F(SpacesViewTest, UndoInTheTextGoesBackEditByEdit) {
    m_view.startOver(m_start);
    const auto batch = std::to_string(m_start.search.batch);
    replaceInText(QString::fromStdString("\"batch\": " + batch), "\"batch\": 48");
    const auto typed = editor().toPlainText();
    type("/seed", "77");
    const auto followed = editor().toPlainText();
    ASSERT_NE(followed, typed);
    QTest::keyClick(&editor(), Qt::Key_Z, Qt::ControlModifier);
    EXPECT_EQ(editor().toPlainText(), typed);
    QTest::qWait(500);
    EXPECT_EQ(m_edits.back().seed, m_start.seed);
    EXPECT_EQ(m_edits.back().search.batch, 48);
    EXPECT_EQ(line("/seed")->text(), QString::number(m_start.seed));
    QTest::keyClick(&editor(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::qWait(500);
    EXPECT_EQ(editor().toPlainText(), followed);
    EXPECT_EQ(m_edits.back().seed, 77U);
    for (int i = 0; i < 20; ++i) QTest::keyClick(&editor(), Qt::Key_Z, Qt::ControlModifier);
    QTest::qWait(500);
    EXPECT_EQ(m_edits.back(), m_start);
    EXPECT_EQ(editor().toPlainText().toStdString(), toText(m_start));
}

TEST_F(SpacesViewTest, AnInvalidTextSurvivesAnUndoAndCanBeGivenUp) {
    replaceInText("\"classes\": 10", "\"classes\": 1");
    const auto draft = editor().toPlainText();
    EXPECT_TRUE(m_view.text().message().contains("/network/classes"));
    auto other = m_start;
    other.seed = 99;
    m_view.setSpecification(other);
    EXPECT_EQ(editor().toPlainText(), draft);
    QTest::mouseClick(m_view.text().findChild<QPushButton*>(), Qt::LeftButton);
    EXPECT_EQ(editor().toPlainText().toStdString(), toText(other));
    EXPECT_FALSE(m_view.hasDraft());
    EXPECT_TRUE(m_edits.empty());
}

TEST_F(SpacesViewTest, ASpecificationFromOutsideKeepsTheCursorAndEmitsNothing) {
    auto cursor = editor().textCursor();
    const auto at = editor().toPlainText().indexOf("\"network\"");
    cursor.setPosition(static_cast<int>(at) + 3);
    editor().setTextCursor(cursor);
    auto other = m_start;
    other.training.epochs += 1;
    m_view.setSpecification(other);
    EXPECT_EQ(editor().textCursor().position(), at + 3);
    EXPECT_EQ(editor().toPlainText().toStdString(), toText(other));
    EXPECT_EQ(line("/training/epochs")->text(), QString::number(other.training.epochs));
    EXPECT_TRUE(m_edits.empty());
}

TEST_F(SpacesViewTest, WhatIsBeingTypedSurvivesASpecificationFromOutside) {
    type("/search/batch", "77", false);
    auto other = m_start;
    other.seed = 5;
    m_view.setSpecification(other);
    EXPECT_EQ(line("/search/batch")->text(), "77");
    EXPECT_EQ(line("/seed")->text(), "5");
    QTest::keyClick(line("/search/batch"), Qt::Key_Return);
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_EQ(m_edits[0].search.batch, 77);
    EXPECT_EQ(m_edits[0].seed, 5U);
}

TEST_F(SpacesViewTest, AnInvalidValueSurvivesAChangeOfTheFormsShape) {
    type("/search/batch", "many");
    m_view.setSpecification(spec::preset("dna-cifar10-asic").value());
    EXPECT_EQ(line("/search/batch")->text(), "many");
    EXPECT_TRUE(m_view.form().field("/search/batch")->hasError());
    EXPECT_TRUE(m_edits.empty());
}

TEST_F(SpacesViewTest, WhatWasTypedForAProjectIsNotAppliedToTheNext) {
    type("/search/batch", "many");
    type("/seed", "-7", false);
    replaceInText("\"classes\": 10", "\"classes\": 1");
    auto next = m_start;
    next.name = "another";
    m_view.setSpecification(next);
    m_view.startOver(next);
    EXPECT_FALSE(m_view.hasDraft());
    EXPECT_EQ(line("/search/batch")->text(), QString::number(next.search.batch));
    EXPECT_EQ(line("/seed")->text(), QString::number(next.seed));
    EXPECT_EQ(editor().toPlainText().toStdString(), toText(next));
    type("/network/classes", "10");
    QTest::qWait(500);
    EXPECT_TRUE(m_edits.empty());
    EXPECT_EQ(m_view.specification(), next);
}

TEST(SpacesViewColours, AChangeOfColoursIsNoEdit) {
    FakeWorld world;
    SpacesView view(world.context);
    view.setPalette(darkPalette());
    const auto specification = spec::preset("fashion-mnist-zc706").value();
    QTest::qWait(100);
    view.setSpecification(specification);
    QTest::qWait(500);
    EXPECT_FALSE(view.hasDraft());
    EXPECT_EQ(view.text().editor().toPlainText().toStdString(), toText(specification));
    view.setPalette(lightPalette());
    QTest::qWait(500);
    EXPECT_FALSE(view.hasDraft());
}

TEST(SpacesViewColours, AFieldThatCannotBeEditedFollowsTheTheme) {
    FakeWorld world;
    SpacesView view(world.context);
    view.setSpecification(spec::preset("fashion-mnist-zc706").value());
    const auto lines = view.form().findChildren<QLineEdit*>();
    const auto shown = std::ranges::find_if(lines, [](const QLineEdit* line) {
        return line->text() == QStringLiteral("chunk-pipeline");
    });
    ASSERT_NE(shown, lines.end());
    for (const auto& palette : {darkPalette(), lightPalette(), darkPalette()}) {
        view.setPalette(palette);
        const auto& now = (*shown)->palette();
        EXPECT_EQ(now.color(QPalette::Active, QPalette::Text),
                  palette.color(QPalette::Active, QPalette::Text));
        EXPECT_EQ(now.color(QPalette::Base).alpha(), 0);
    }
}

TEST_F(SpacesViewTest, TheFolderOfTheDataSetCanBeChosen) {
    QTemporaryDir folder;
    QToolButton* browse = nullptr;
    for (auto* button : m_view.form().findChildren<QToolButton*>()) {
        if (button->text() == QStringLiteral("Browse…")) browse = button;
    }
    ASSERT_TRUE(browse);
    QTimer::singleShot(200, &m_view, [&] {
        auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        ASSERT_TRUE(dialog);
        dialog->setDirectory(folder.path());
        static_cast<QDialog*>(dialog)->done(QDialog::Accepted);
    });
    QTest::mouseClick(browse, Qt::LeftButton);
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_EQ(m_edits[0].dataSet.path, folder.path().toStdString());
    EXPECT_EQ(line("/data_set/path")->text(), folder.path());
}

TEST_F(SpacesViewTest, WordsAreChosenFromABox) {
    auto* box = m_view.form().field("/search/sampling")->findChild<QComboBox*>();
    ASSERT_TRUE(box);
    box->setFocus();
    const auto former = box->currentIndex();
    QTest::keyClick(box, former > 0 ? Qt::Key_Up : Qt::Key_Down);
    ASSERT_EQ(m_edits.size(), 1U);
    EXPECT_NE(m_edits[0].search.sampling, m_start.search.sampling);
}

TEST_F(SpacesViewTest, EveryPresetFillsTheFormAndTheText) {
    auto* presets = m_view.findChild<QPushButton*>();
    Q_EMIT presets->menu()->aboutToShow();
    const auto actions = presets->menu()->actions();
    ASSERT_EQ(static_cast<std::size_t>(actions.size()), spec::presets().size());
    for (std::size_t i = 0; i < spec::presets().size(); ++i) {
        edits.edit({}, QStringLiteral("another"));
        m_edits.clear();
        Q_EMIT presets->menu()->aboutToShow();
        presets->menu()->actions()[static_cast<int>(i)]->trigger();
        const auto expected = spec::preset(spec::presets()[i].name);
        ASSERT_TRUE(expected);
        ASSERT_EQ(m_edits.size(), 1U);
        EXPECT_EQ(m_edits[0], *expected);
        EXPECT_EQ(editor().toPlainText().toStdString(), toText(*expected));
        EXPECT_EQ(line("/seed")->text(), QString::number(expected->seed));
    }
}

TEST_F(SpacesViewTest, EveryFieldOfTheDocumentIsInTheForm) {
    for (const auto& preset : spec::presets()) {
        m_view.setSpecification(spec::preset(preset.name).value());
        const auto flat = spec::toJson(m_view.specification()).flatten();
        for (auto item = flat.begin(); item != flat.end(); ++item) {
            std::string pointer = item.key();
            if (pointer == "/cohelix" || pointer == "/limits") continue;
            while (!m_view.form().field(pointer) && !pointer.empty()) {
                pointer.resize(pointer.rfind('/'));
            }
            EXPECT_FALSE(pointer.empty()) << preset.name << ": " << item.key();
        }
    }
}

TEST(SpaceSizeTest, SaysBaseAndPowerWhereAllChoicesAreAlike) {
    const std::vector<hardware::Choice> alike(22, {"b", std::vector<std::string>(9, "o"), ""});
    EXPECT_EQ(spaceSizeText(alike), "9<sup>22</sup> = 10<sup>20.99</sup>");
    EXPECT_EQ(spaceSizeText({{"a", {"1", "2"}, ""}, {"b", {"1", "2", "3", "4", "5"}, ""}}),
              "10<sup>1.00</sup>");
}

}  // namespace
}  // namespace cohelix::ui
