// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/front/pareto_view.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/hub/icons.h"
#include "ui/views/front/pareto_chips.h"
#include "ui/views/front/true_front_bar.h"
#include "ui/views/front/true_front_dialog.h"

namespace cohelix::ui {

namespace {

/// Where a new limit line appears: this share of the axis from its worse end.
constexpr double kNewLimit = 0.25;

QComboBox* columnBox(QWidget* parent, Column selected) {
    auto* box = new QComboBox(parent);
    // Narrow, so that all of the bar fits beside two docks.
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(9);
    for (const Column column : kNumericColumns) {
        box->addItem(columnTitle(column), static_cast<int>(column));
        box->setItemData(box->count() - 1, columnHelp(column), Qt::ToolTipRole);
    }
    box->setCurrentIndex(box->findData(static_cast<int>(selected)));
    return box;
}

void showColumn(QComboBox& box, int data) {
    const QSignalBlocker quiet(box);
    box.setCurrentIndex(box.findData(data));
}

constexpr int kNoColor = -1;

}  // namespace

ParetoView::ParetoView(const ViewContext& context, QWidget* parent)
    : QWidget(parent),
      m_hub(context.hub),
      m_plot(new ParetoPlot(this)),
      m_references(new ParetoReferences(context, this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildToolBar());
    layout->addWidget(new ParetoChips(m_hub.filter(), this));
    layout->addWidget(new TrueFrontBar(m_hub.references(), this));
    layout->addWidget(m_plot, 1);
    m_plot->setHoverText([this](std::int64_t design) {
        const store::DesignRow* row = m_hub.projection().designList().find(design);
        return row ? designCard(*row) : QString();
    });
    connect(m_plot, &ParetoPlot::designClicked, this, &ParetoView::clickDesign);
    connect(m_plot, &ParetoPlot::limitDragged, this, &ParetoView::dropLimit);
    connect(&m_hub.projection(), &Projection::designsReset, this, [this] {
        refresh();
        m_plot->fit();
    });
    connect(&m_hub.projection(), &Projection::designsChanged, this, &ParetoView::refresh);
    connect(&m_hub.filter(), &FilterStack::changed, this, &ParetoView::refresh);
    connect(m_references, &ParetoReferences::changed, this, &ParetoView::refresh);
    connect(&m_hub.selection(), &Selection::primaryChanged, m_plot, &ParetoPlot::setSelected);
    connect(&m_hub.control(), &Control::changed, this, &ParetoView::updateEmptyText);
    offerActions(context);
    refresh();
}

void ParetoView::offerActions(const ViewContext& context) {
    const auto keys = [](const char* text) { return QKeySequence(QString::fromLatin1(text)); };
    QAction* picture = context.actions.add(
        QStringLiteral("file.exportFront"), tr("Export &front as picture…"), keys("Ctrl+E"),
        [this] { exportPlot(); }, QStringLiteral("export"));
    context.actions.add(
        QStringLiteral("view.fit"), tr("&Fit the plot"), keys("Ctrl+0"), [this] { m_plot->fit(); },
        QStringLiteral("fit"));
    QAction* trueFront =
        context.actions.add(QStringLiteral("search.trueFront"), tr("&Compute true front…"),
                            keys("Ctrl+T"), [this, context] { askForTrueFront(context, this); });
    const auto allow = [this, picture, trueFront] {
        const Document& document = m_hub.document();
        picture->setEnabled(document.isOpen() && !document.busy());
        trueFront->setEnabled(m_hub.references().canCompute());
    };
    connect(&m_hub.document(), &Document::stateChanged, this, allow);
    connect(&m_hub.references(), &References::progressChanged, this, allow);
    allow();
}

QToolBar* ParetoView::buildToolBar() {
    auto* bar = new QToolBar(this);
    bar->setIconSize(QSize(18, 18));
    addColumnBoxes(*bar);
    bar->addSeparator();
    m_logX = bar->addAction(lineIcon(QStringLiteral("log")), tr("Logarithmic x axis"));
    m_logX->setCheckable(true);
    connect(m_logX, &QAction::toggled, this, [this](bool on) {
        ParetoOptions next = m_options;
        next.logarithmicX = on;
        setOptions(next);
    });
    m_frontOnly = bar->addAction(lineIcon(QStringLiteral("front")), tr("Show the front only"));
    m_frontOnly->setCheckable(true);
    connect(m_frontOnly, &QAction::toggled, this,
            [this](bool on) { m_hub.filter().setFrontOnly(on); });
    addLimitButtons(*bar);
    addReferenceButton(*bar);
    bar->addSeparator();
    connect(
        bar->addAction(lineIcon(QStringLiteral("fit")), tr("Fit to all designs (double click)")),
        &QAction::triggered, this, [this] { m_plot->fit(); });
    connect(bar->addAction(lineIcon(QStringLiteral("export")),
                           tr("Export the plot as SVG, PDF or PNG…")),
            &QAction::triggered, this, &ParetoView::exportPlot);
    // Where the bar is too narrow; Qt's own picture is black in dark themes, too.
    if (auto* more = bar->findChild<QToolButton*>(QStringLiteral("qt_toolbar_ext_button"))) {
        more->setIcon(lineIcon(QStringLiteral("more")));
        more->setToolTip(tr("More"));
    }
    return bar;
}

void ParetoView::addColumnBoxes(QToolBar& bar) {
    m_xBox = columnBox(&bar, m_options.x);
    m_yBox = columnBox(&bar, m_options.y);
    m_colorBox = columnBox(&bar, Column::Dsp);
    m_colorBox->insertItem(0, tr("front"), kNoColor);
    m_colorBox->setItemData(0, tr("Colour tells the front from dominated designs"),
                            Qt::ToolTipRole);
    m_colorBox->setCurrentIndex(0);
    const auto add = [this, &bar](const QString& name, QComboBox* box) {
        auto* label = new QLabel(' ' + name + ' ', &bar);
        label->setBuddy(box);
        bar.addWidget(label);
        bar.addWidget(box);
        box->setAccessibleName(name);
        connect(box, &QComboBox::currentIndexChanged, this, [this] {
            ParetoOptions next = m_options;
            next.x = static_cast<Column>(m_xBox->currentData().toInt());
            next.y = static_cast<Column>(m_yBox->currentData().toInt());
            const int color = m_colorBox->currentData().toInt();
            next.color =
                color == kNoColor ? std::nullopt : std::optional(static_cast<Column>(color));
            setOptions(next);
        });
    };
    add(tr("y"), m_yBox);
    add(tr("x"), m_xBox);
    add(tr("colour"), m_colorBox);
}

void ParetoView::addLimitButtons(QToolBar& bar) {
    m_limitX = bar.addAction(lineIcon(QStringLiteral("limit-x")),
                             tr("Limit line on the x axis: drag it to filter"));
    m_limitY = bar.addAction(lineIcon(QStringLiteral("limit-y")),
                             tr("Limit line on the y axis: drag it to filter"));
    m_limitX->setCheckable(true);
    m_limitY->setCheckable(true);
    connect(m_limitX, &QAction::triggered, this, [this](bool on) { toggleLimit(AxisKind::X, on); });
    connect(m_limitY, &QAction::triggered, this, [this](bool on) { toggleLimit(AxisKind::Y, on); });
}

void ParetoView::addReferenceButton(QToolBar& bar) {
    auto* button = new QToolButton(&bar);
    button->setIcon(lineIcon(QStringLiteral("references")));
    button->setText(tr("Reference points"));
    button->setToolTip(tr("Lay published figures and true fronts over the plot (Ctrl+R)"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(&m_references->menu());
    bar.addWidget(button);
}

void ParetoView::setOptions(const ParetoOptions& options) {
    if (options == m_options) return;
    m_options = options;
    showColumn(*m_xBox, static_cast<int>(options.x));
    showColumn(*m_yBox, static_cast<int>(options.y));
    showColumn(*m_colorBox, options.color ? static_cast<int>(*options.color) : kNoColor);
    const QSignalBlocker quiet(m_logX);
    m_logX->setChecked(options.logarithmicX);
    refresh();
}

void ParetoView::refresh() {
    ParetoData next = paretoData(m_hub.projection().designs(), m_hub.filter().current(), m_options);
    next.references = m_references->series(m_options);
    m_plot->setData(std::move(next));
    m_plot->setSelected(m_hub.selection().primary());
    m_frontOnly->setChecked(m_hub.filter().current().frontOnly);
    refreshLimits();
    updateEmptyText();
}

Column ParetoView::columnOf(AxisKind axis) const {
    return axis == AxisKind::X ? m_options.x : m_options.y;
}

void ParetoView::refreshLimits() {
    for (const AxisKind axis : {AxisKind::X, AxisKind::Y}) {
        const Column column = columnOf(axis);
        const auto limit = m_hub.filter().limit(column);
        std::optional<double> value;
        if (limit) value = largerIsBetter(column) ? limit->least : limit->most;
        m_plot->setLimit(axis, value);
        (axis == AxisKind::X ? m_limitX : m_limitY)->setChecked(value.has_value());
    }
}

void ParetoView::toggleLimit(AxisKind axis, bool on) {
    if (!on) return m_hub.filter().setLimit({columnOf(axis), std::nullopt, std::nullopt});
    const PlotRanges shown = m_plot->ranges();
    const double low = axis == AxisKind::X ? shown.xLow : shown.yLow;
    const double high = axis == AxisKind::X ? shown.xHigh : shown.yHigh;
    const double share = largerIsBetter(columnOf(axis)) ? kNewLimit : 1 - kNewLimit;
    dropLimit(axis, low + (high - low) * share);
}

void ParetoView::dropLimit(AxisKind axis, double value) {
    LimitFilter limit;
    limit.column = columnOf(axis);
    (largerIsBetter(limit.column) ? limit.least : limit.most) = value;
    m_hub.filter().setLimit(limit);
}

void ParetoView::clickDesign(std::int64_t design) { m_hub.selection().selectDesign(design); }

void ParetoView::updateEmptyText() {
    QString text;
    const ParetoData& drawn = m_plot->data();
    if (drawn.points.empty() && drawn.references.empty()) {
        if (!m_hub.projection().designs().empty()) {
            text = tr("No design passes the filter.\nRemove a filter above to see more.");
        } else if (m_hub.projection().activeRun()) {
            text =
                tr("The search is at work.\nThe first designs appear here as soon as they are "
                   "found.");
        } else if (m_hub.control().canStart()) {
            text =
                tr("Accuracy against speed will grow here.\nPress Start (F5) to search networks "
                   "and accelerators together.");
        } else if (m_hub.document().isOpen() && m_hub.document().readOnly()) {
            text = tr("This project holds no designs, and it is open for reading only.");
        } else if (m_hub.document().isOpen()) {
            text =
                tr("This project holds no designs and no specification to search with.\n"
                   "Begin one with File, New from preset.");
        } else {
            text = tr("Open a project (Ctrl+O), or drop a .cohelix or .json file here.");
        }
    }
    m_plot->setEmptyText(text);
}

void ParetoView::exportPlot() {
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export the plot"), m_hub.document().title() + QStringLiteral("-front.svg"),
        tr("Pictures (*.svg *.pdf *.png)"));
    if (path.isEmpty()) return;
    ExportSize size;
    size.heightMm = size.widthMm * m_plot->height() / std::max(1, m_plot->width());
    size.heightMm = std::clamp(size.heightMm, 60.0, 300.0);
    const auto bytes = m_plot->render(QFileInfo(path).suffix().toLower(), size);
    if (!bytes) return m_hub.messages().say(errorMessage(bytes.error()));
    m_hub.files().write(path, *bytes, tr("the plot"));
}

}  // namespace cohelix::ui
