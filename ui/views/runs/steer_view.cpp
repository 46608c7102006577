// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/steer_view.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

#include "core/base/units.h"

#include "ui/views/runs/steer_numbers.h"
#include "ui/views/style/design_style.h"
#include "ui/views/style/view_dock.h"

namespace cohelix::ui {

namespace {

constexpr int kHistoryRows = 6;  // before it scrolls

QString stateText(const store::SteeringRow& row) {
    switch (row.state) {
        case store::SteeringState::Applied: return SteerView::tr("applied");
        case store::SteeringState::Refused: return SteerView::tr("refused");
        case store::SteeringState::Planned: return SteerView::tr("planned");
    }
    return {};
}

QTableWidgetItem* cell(const QString& text, const QString& toolTip) {
    auto* item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setToolTip(toolTip);
    return item;
}

/// All choices of a run, network first.
std::vector<hardware::Choice> choicesOf(const spec::InForce& inForce) {
    auto choices = spec::networkChoices(inForce.specification.network);
    const auto accelerator = hardware::acceleratorChoices(inForce.specification.accelerator);
    choices.insert(choices.end(), accelerator.begin(), accelerator.end());
    return choices;
}

}  // namespace

SteerView::SteerView(const ViewContext& context, QWidget* parent)
    : QWidget(parent), m_steering(context.hub.steering()), m_head(new QLabel(this)) {
    m_head->setObjectName(QStringLiteral("steerHead"));
    m_head->setWordWrap(true);
    m_head->setTextFormat(Qt::PlainText);
    m_head->setContentsMargins(8, 6, 8, 4);
    auto* scroll = new QScrollArea(this);
    m_body = makeBody();
    scroll->setWidget(m_body);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_head);
    layout->addWidget(scroll, 1);
    setFocusProxy(&m_numbers->limit(spec::LimitKind::Dsp));
    connect(&m_steering, &Steering::changed, this, &SteerView::refresh);
    offerActions(context);
    refresh();
}

void SteerView::offerActions(const ViewContext& context) {
    Hub& hub = context.hub;
    const auto keys = [](const char* text) { return QKeySequence(QString::fromLatin1(text)); };
    context.actions.add(QStringLiteral("search.steer"), tr("St&eer the run…"), keys("F8"), [this] {
        openView(*this);
        setFocus();
    });
    QAction* apply =
        context.actions.add(QStringLiteral("search.steerApply"), tr("&Apply the edited steering"),
                            keys("Ctrl+F8"), [this] { applyEdits(); });
    QAction* byPlot = context.actions.add(
        QStringLiteral("search.steerByPlot"), tr("Make the plot's &limit lines hard limits"),
        keys("Shift+F8"), [&hub] { hub.steering().askForLimitsOf(hub.filter().current()); });
    const auto allow = [&hub, apply, byPlot] {
        for (QAction* action : {apply, byPlot}) action->setEnabled(hub.control().canStop());
    };
    connect(&hub.control(), &Control::changed, this, allow);
    allow();
}

QWidget* SteerView::makeBody() {
    auto* body = new QWidget(this);
    body->setObjectName(QStringLiteral("steerBody"));
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(8, 0, 8, 8);
    column->setSpacing(4);
    m_numbers = new SteerNumbers(body);
    connect(m_numbers, &SteerNumbers::edited, this, &SteerView::updateButtons);
    connect(m_numbers, &SteerNumbers::applied, this, &SteerView::applyEdits);
    connect(m_numbers, &SteerNumbers::stopWanted, this,
            [this](int target) { m_steering.ask(spec::StopTarget{target}); });
    column->addWidget(m_numbers);
    column->addWidget(makeButtons(body));
    m_problem = new QLabel(body);
    m_problem->setObjectName(QStringLiteral("steerProblem"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    column->addWidget(m_problem);
    auto* pins = heading(tr("Pinned choices"), body);
    pins->setToolTip(tr("Every design reported after it has a pinned operator or parameter"));
    column->addWidget(pins);
    column->addWidget(makePinRow(body));
    m_pins = new QWidget(body);
    m_pinRows = new QVBoxLayout(m_pins);
    m_pinRows->setContentsMargins(0, 0, 0, 0);
    m_pinRows->setSpacing(2);
    column->addWidget(m_pins);
    column->addWidget(heading(tr("Changes so far"), body));
    m_history = new QTableWidget(0, 3, body);
    m_history->setHorizontalHeaderLabels({tr("Step"), tr("Change"), tr("State")});
    m_history->setAccessibleName(tr("Changes to the run"));
    m_history->verticalHeader()->hide();
    m_history->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_history->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_history->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_history->horizontalHeader()->setHighlightSections(false);
    m_history->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_history->setShowGrid(false);
    m_history->setAlternatingRowColors(true);
    m_history->setMinimumHeight((fontMetrics().height() + 8) * (kHistoryRows + 1));
    column->addWidget(m_history, 1);
    return body;
}

QWidget* SteerView::makeButtons(QWidget* parent) {
    auto* row = new QWidget(parent);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 2, 0, 0);
    m_apply = new QPushButton(tr("Apply"), row);
    m_apply->setToolTip(tr("Ask for all edited numbers before the next step (Enter)"));
    m_drop = new QPushButton(tr("Drop edits"), row);
    m_drop->setToolTip(tr("Back to what is in force"));
    connect(m_apply, &QPushButton::clicked, this, &SteerView::applyEdits);
    connect(m_drop, &QPushButton::clicked, this, &SteerView::dropEdits);
    layout->addStretch(1);
    layout->addWidget(m_drop);
    layout->addWidget(m_apply);
    return row;
}

QWidget* SteerView::makePinRow(QWidget* parent) {
    auto* row = new QWidget(parent);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    m_choice = new QComboBox(row);
    m_option = new QComboBox(row);
    m_pin = new QPushButton(tr("Pin"), row);
    m_choice->setObjectName(QStringLiteral("pinChoice"));
    m_option->setObjectName(QStringLiteral("pinOption"));
    m_pin->setObjectName(QStringLiteral("pin"));
    m_choice->setAccessibleName(tr("Block or parameter to pin"));
    m_option->setAccessibleName(tr("Option to pin it to"));
    for (QComboBox* box : {m_choice, m_option}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
        layout->addWidget(box, 1);
    }
    layout->addWidget(m_pin);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &SteerView::fillOptions);
    connect(m_pin, &QPushButton::clicked, this, &SteerView::askForPin);
    return row;
}

bool SteerView::hasEdits() const { return m_numbers->hasEdits(); }

void SteerView::refresh() {
    const auto& inForce = m_steering.inForce();
    m_body->setEnabled(inForce.has_value());
    if (m_steering.run() == 0) {
        m_head->setText(
            tr("No run is at work. Start a search (F5), or go on with one, to move its "
               "limits and targets or to pin choices while it goes on."));
        if (m_shownRun != 0) m_numbers->dropEdits();
    } else if (m_steering.waiting().empty()) {
        m_head->setText(
            tr("Run %1: changes take effect before its next step.").arg(m_steering.run()));
    } else {
        m_head->setText(tr("Run %1: %2 before its next step…")
                            .arg(m_steering.run())
                            .arg(counted(static_cast<std::int64_t>(m_steering.waiting().size()),
                                         "change is tried", "changes are tried")));
    }
    if (inForce) {
        m_numbers->setInForce(*inForce);
        fillChoices();
    } else if (m_steering.run() == 0) {
        m_shownRun = 0;
    }
    refreshPins();
    refreshHistory();
    updateButtons();
}

void SteerView::fillChoices() {
    if (m_shownRun == m_steering.run()) return;
    m_shownRun = m_steering.run();
    m_numbers->dropEdits();
    const QSignalBlocker quiet(m_choice);
    m_choice->clear();
    for (const auto& choice : choicesOf(*m_steering.inForce())) {
        m_choice->addItem(fromStd(choice.name));
    }
    fillOptions();
}

void SteerView::fillOptions() {
    m_option->clear();
    if (!m_steering.inForce()) return;
    const auto choices = choicesOf(*m_steering.inForce());
    const int index = m_choice->currentIndex();
    if (index < 0 || index >= static_cast<int>(choices.size())) return;
    const auto& choice = choices[static_cast<std::size_t>(index)];
    for (const auto& option : choice.options) m_option->addItem(fromStd(option));
    m_option->setToolTip(choice.unit.empty() ? QString() : tr("in %1").arg(fromStd(choice.unit)));
}

void SteerView::askForPin() {
    m_steering.ask(spec::PinChoice{m_choice->currentText().toStdString(),
                                   m_option->currentText().toStdString()});
}

void SteerView::refreshPins() {
    while (QLayoutItem* item = m_pinRows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto& inForce = m_steering.inForce();
    if (!inForce) return;
    const auto choices = choicesOf(*inForce);
    auto pins = inForce->pins.operators;
    pins.insert(pins.end(), inForce->pins.parameters.begin(), inForce->pins.parameters.end());
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (!pins[i]) continue;
        const auto& choice = choices[i];
        const auto& option = choice.options[static_cast<std::size_t>(*pins[i])];
        auto* row = new QWidget(m_pins);
        auto* layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        auto* label = new QLabel(fromStd(choice.name + " = " + option + " " + choice.unit), row);
        label->setTextFormat(Qt::PlainText);
        auto* free = new QPushButton(tr("Free"), row);
        free->setAccessibleName(tr("Free %1").arg(fromStd(choice.name)));
        connect(free, &QPushButton::clicked, this, [this, name = choice.name] {
            m_steering.ask(spec::PinChoice{name, std::nullopt});
        });
        layout->addWidget(label, 1);
        layout->addWidget(free);
        m_pinRows->addWidget(row);
    }
}

void SteerView::refreshHistory() {
    const auto& changes = m_steering.changes();
    const auto& inForce = m_steering.inForce();
    m_history->setRowCount(inForce ? static_cast<int>(changes.size()) : 0);
    if (!inForce) return;
    for (int row = 0; row < m_history->rowCount(); ++row) {
        // The latest on top.
        const auto& change = changes[changes.size() - 1 - static_cast<std::size_t>(row)];
        const QString text = fromStd(toText(change.change, inForce->specification));
        const QString why = change.message.empty() ? text : fromStd(change.message);
        m_history->setItem(row, 0, cell(fromStd(base::grouped(change.step)), why));
        m_history->setItem(row, 1, cell(text, why));
        m_history->setItem(row, 2, cell(stateText(change), why));
        m_history->item(row, 0)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
}

void SteerView::applyEdits() {
    if (!m_body->isEnabled()) return;
    const auto changes = m_numbers->edits();
    if (!changes) return showProblem(fromStd(base::toText(changes.error())));
    showProblem({});
    for (const spec::Change& change : *changes) m_steering.ask(change);
    // What is refused comes back as it was.
    m_numbers->dropEdits();
    updateButtons();
}

void SteerView::dropEdits() {
    m_numbers->dropEdits();
    showProblem({});
    updateButtons();
}

void SteerView::showProblem(const QString& text) {
    m_problem->setVisible(!text.isEmpty());
    m_problem->setText(text);
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, themeOf(palette()).error);
    m_problem->setPalette(colours);
}

void SteerView::updateButtons() {
    m_apply->setEnabled(hasEdits());
    m_drop->setEnabled(hasEdits());
}

void SteerView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_problem) showProblem(m_problem->text());
}

}  // namespace cohelix::ui
