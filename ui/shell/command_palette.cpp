// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_palette.h"

#include <QFrame>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <tuple>

namespace cohelix::ui {

namespace {

constexpr int kPlaceRole = Qt::UserRole;

/// Commands of a group stand together where they fit alike, in the order of the menus.
std::size_t rankOf(const QAction& action) {
    static const QStringList groups = {QStringLiteral("file"), QStringLiteral("edit"),
                                       QStringLiteral("search"), QStringLiteral("view"),
                                       QStringLiteral("help")};
    const auto rank = groups.indexOf(groupOf(action));
    return static_cast<std::size_t>(rank < 0 ? groups.size() : rank);
}

}  // namespace

int matchScore(const QString& typed, const QString& text) {
    if (typed.isEmpty()) return 1;
    const QString wanted = typed.toLower().remove(' ');
    const QString hay = text.toLower();
    int score = 1;
    qsizetype at = 0;
    qsizetype previous = -2;
    for (const QChar letter : wanted) {
        const qsizetype found = hay.indexOf(letter, at);
        if (found < 0) return 0;
        const bool wordStart = found == 0 || !hay[found - 1].isLetterOrNumber();
        if (wordStart) score += 8;
        if (found == previous + 1) score += 5;
        previous = found;
        at = found + 1;
    }
    // Typed in one piece beats letters picked from all over.
    if (hay.contains(typed.toLower())) score += 30;
    return score;
}

CommandPalette::CommandPalette(const Actions& actions, QWidget* parent)
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint),
      m_actions(actions),
      m_input(new QLineEdit(this)),
      m_list(new QTreeWidget(this)) {
    auto* frame = new QFrame(this);
    frame->setFrameShape(QFrame::StyledPanel);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(frame);
    auto* layout = new QVBoxLayout(frame);
    layout->addWidget(m_input);
    layout->addWidget(m_list);
    m_input->setPlaceholderText(tr("Type a command"));
    m_input->installEventFilter(this);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setColumnCount(2);
    m_list->header()->hide();
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    connect(m_input, &QLineEdit::textChanged, this, &CommandPalette::refill);
    connect(m_list, &QTreeWidget::itemClicked, this, [this] { runCurrent(); });
    setFixedSize(540, 400);
    refill({});
    m_input->setFocus();
}

QStringList CommandPalette::shown() const {
    QStringList texts;
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        texts << m_list->topLevelItem(i)->text(0);
    }
    return texts;
}

void CommandPalette::type(const QString& text) { m_input->setText(text); }

void CommandPalette::refill(const QString& typed) {
    std::vector<std::tuple<int, std::size_t, std::size_t>> fitting;  // minus score, rank, place
    for (std::size_t i = 0; i < m_actions.all().size(); ++i) {
        const QAction& action = *m_actions.all()[i];
        const int score = matchScore(typed, commandText(action));
        if (score > 0) fitting.emplace_back(-score, rankOf(action), i);
    }
    std::sort(fitting.begin(), fitting.end());
    m_list->clear();
    for (const auto& [minusScore, rank, place] : fitting) {
        addCommand(*m_actions.all()[place], place);
    }
    m_list->setCurrentItem(m_list->topLevelItem(0));
}

void CommandPalette::addCommand(const QAction& action, std::size_t place) {
    QString state = action.shortcut().toString(QKeySequence::NativeText);
    if (action.isCheckable()) state += (action.isChecked() ? tr("   on") : tr("   off"));
    auto* item = new QTreeWidgetItem({commandText(action), state});
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    item->setSizeHint(0, QSize(0, fontMetrics().height() + 8));
    item->setData(0, kPlaceRole, static_cast<qulonglong>(place));
    item->setDisabled(!action.isEnabled());
    m_list->addTopLevelItem(item);
}

void CommandPalette::moveCurrent(int by) {
    const int row = m_list->indexOfTopLevelItem(m_list->currentItem()) + by;
    const int last = m_list->topLevelItemCount() - 1;
    if (last >= 0) m_list->setCurrentItem(m_list->topLevelItem(std::clamp(row, 0, last)));
}

void CommandPalette::runCurrent() {
    const QTreeWidgetItem* item = m_list->currentItem();
    if (!item || item->isDisabled()) return;
    QAction* action = m_actions.all()[item->data(0, kPlaceRole).toULongLong()];
    accept();
    action->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_input || event->type() != QEvent::KeyPress) {
        return QDialog::eventFilter(watched, event);
    }
    switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Down: moveCurrent(1); break;
        case Qt::Key_Up: moveCurrent(-1); break;
        case Qt::Key_Return:
        case Qt::Key_Enter: runCurrent(); break;
        default: return QDialog::eventFilter(watched, event);
    }
    return true;
}

}  // namespace cohelix::ui
