// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_palette.h"

#include <algorithm>

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace cohelix::ui {

namespace {

constexpr int kPlaceRole = Qt::UserRole;

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
    : QDialog(parent, Qt::Popup | Qt::FramelessWindowHint), m_actions(actions),
      m_input(new QLineEdit(this)), m_list(new QListWidget(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(m_input);
    layout->addWidget(m_list);
    m_input->setPlaceholderText(tr("Type a command"));
    m_input->installEventFilter(this);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    connect(m_input, &QLineEdit::textChanged, this, &CommandPalette::refill);
    connect(m_list, &QListWidget::itemClicked, this, [this] { runCurrent(); });
    setFixedSize(520, 380);
    refill({});
    m_input->setFocus();
}

QStringList CommandPalette::shown() const {
    QStringList texts;
    for (int i = 0; i < m_list->count(); ++i) {
        texts << m_list->item(i)->text().section(QStringLiteral("    "), 0, 0);
    }
    return texts;
}

void CommandPalette::type(const QString& text) {
    m_input->setText(text);
}

void CommandPalette::refill(const QString& typed) {
    std::vector<std::pair<int, std::size_t>> fitting;  // minus score, place
    for (std::size_t i = 0; i < m_actions.all().size(); ++i) {
        const int score = matchScore(typed, commandText(*m_actions.all()[i]));
        if (score > 0) fitting.emplace_back(-score, i);
    }
    std::sort(fitting.begin(), fitting.end());
    m_list->clear();
    for (const auto& [minusScore, place] : fitting) {
        const QAction& action = *m_actions.all()[place];
        const QString keys = action.shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(commandText(action) +
                                         (keys.isEmpty() ? QString() : "    " + keys));
        item->setData(kPlaceRole, static_cast<qulonglong>(place));
        if (action.isCheckable()) {
            item->setCheckState(action.isChecked() ? Qt::Checked : Qt::Unchecked);
            item->setFlags(item->flags() & ~Qt::ItemIsUserCheckable);
        }
        if (!action.isEnabled()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
        m_list->addItem(item);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runCurrent() {
    const QListWidgetItem* item = m_list->currentItem();
    if (!item || !(item->flags() & Qt::ItemIsEnabled)) return;
    QAction* action = m_actions.all()[item->data(kPlaceRole).toULongLong()];
    accept();
    action->trigger();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_input || event->type() != QEvent::KeyPress) {
        return QDialog::eventFilter(watched, event);
    }
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int row = m_list->currentRow();
    switch (key) {
        case Qt::Key_Down: m_list->setCurrentRow(std::min(row + 1, m_list->count() - 1)); break;
        case Qt::Key_Up: m_list->setCurrentRow(std::max(row - 1, 0)); break;
        case Qt::Key_Return:
        case Qt::Key_Enter: runCurrent(); break;
        default: return QDialog::eventFilter(watched, event);
    }
    return true;
}

}  // namespace cohelix::ui
