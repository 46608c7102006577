// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/runs/steer_numbers.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/units.h"

#include "ui/views/style/design_style.h"

namespace cohelix::ui {

namespace {

/// Windows without an upper end go up to here in a specification.
constexpr double kOpenEnd = 1e300;

QString numberText(double value) {
    return value >= kOpenEnd ? QString() : fromStd(base::exact(value));
}

/// "FPS, at least".
QString limitName(spec::LimitKind kind) {
    const auto& info = spec::infoOf(kind);
    for (const auto& name : model::kFigureNames) {
        if (name.member != info.figure) continue;
        const auto text = fromStd(name.heading);
        return info.least ? SteerNumbers::tr("%1, at least").arg(text)
                          : SteerNumbers::tr("%1, at most").arg(text);
    }
    return {};
}

/// Beside the number where the name does not say it.
QString limitUnit(spec::LimitKind kind) {
    const auto unit = fromStd(spec::infoOf(kind).unit);
    return limitName(kind).startsWith(unit) ? QString() : unit;
}

QString unlimitedText(spec::LimitKind kind, const spec::Specification& spec) {
    if (!spec::infoOf(kind).ofDevice) return SteerNumbers::tr("none");
    return SteerNumbers::tr("device: %1")
        .arg(kind == spec::LimitKind::Dsp ? spec.device.dsp : spec.device.bram18k);
}

QString metricWord(spec::Metric metric) {
    switch (metric) {
        case spec::Metric::Fps: return QStringLiteral("FPS");
        case spec::Metric::LatencyMs: return SteerNumbers::tr("latency, ms");
        case spec::Metric::EnergyMj: return SteerNumbers::tr("energy, mJ");
        case spec::Metric::Edp: return QStringLiteral("EDP, mJ·ms");
    }
    return {};
}

/// The line's number; nothing when it is empty, or when it is none, which becomes the problem.
std::optional<double> numberIn(const QLineEdit& line, std::optional<base::Error>& problem) {
    const QString text = line.text().trimmed();
    if (text.isEmpty()) return std::nullopt;
    bool fine = false;
    const double value = text.toDouble(&fine);
    if (fine) return value;
    problem = base::Error{line.accessibleName().toStdString(),
                          SteerNumbers::tr("'%1' is no number").arg(text).toStdString(),
                          SteerNumbers::tr("Write it like 450 or 0.5").toStdString()};
    return std::nullopt;
}

void showText(QLineEdit& line, const QString& text) {
    if (!line.isModified() && line.text() != text) line.setText(text);
}

}  // namespace

SteerNumbers::SteerNumbers(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(heading(tr("Hard limits"), this));
    layout->addWidget(makeLimits());
    m_targetsBox = new QWidget(this);
    layout->addWidget(m_targetsBox);
}

QLineEdit* SteerNumbers::makeLine(const QString& name, QWidget* parent) {
    auto* line = new QLineEdit(parent);
    line->setAccessibleName(name);
    line->setMinimumWidth(44);
    connect(line, &QLineEdit::textEdited, this, &SteerNumbers::edited);
    connect(line, &QLineEdit::returnPressed, this, &SteerNumbers::applied);
    return line;
}

QWidget* SteerNumbers::makeLimits() {
    auto* box = new QWidget(this);
    auto* grid = new QGridLayout(box);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(1, 1);
    for (const auto kind : base::kValues<spec::LimitKind>) {
        const int row = grid->rowCount();
        auto* label = new QLabel(limitName(kind), box);
        auto* line = makeLine(limitName(kind), box);
        line->setToolTip(
            tr("No design beyond it is reported from the next step on; empty takes "
               "the limit back"));
        label->setBuddy(line);
        grid->addWidget(label, row, 0);
        grid->addWidget(line, row, 1);
        grid->addWidget(new QLabel(limitUnit(kind), box), row, 2);
        m_limits.push_back(line);
    }
    return box;
}

void SteerNumbers::makeTargets() {
    auto* old = m_targetsBox;
    m_targetsBox = new QWidget(this);
    m_targets.clear();
    auto* grid = new QGridLayout(m_targetsBox);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setVerticalSpacing(3);
    const auto& objective = m_inForce->specification.objective;
    const QString title = tr("Targets: %1").arg(metricWord(objective.metric));
    grid->addWidget(heading(title, m_targetsBox), 0, 0, 1, 5);
    auto* weights = new QLabel(tr("weight"), m_targetsBox);
    weights->setForegroundRole(QPalette::PlaceholderText);
    grid->addWidget(weights, 1, 4);
    for (int t = 0; t < static_cast<int>(objective.targets.size()); ++t) addTarget(*grid, t);
    grid->setColumnStretch(1, 2);
    grid->setColumnStretch(3, 2);
    grid->setColumnStretch(4, 1);
    layout()->replaceWidget(old, m_targetsBox);
    old->hide();
    old->deleteLater();
}

void SteerNumbers::addTarget(QGridLayout& grid, int target) {
    const int row = target + 2;
    Target lines;
    const QString name = tr("Target %1").arg(target + 1);
    lines.low = makeLine(tr("%1, from").arg(name), m_targetsBox);
    lines.high = makeLine(tr("%1, up to").arg(name), m_targetsBox);
    lines.high->setPlaceholderText(tr("no end"));
    lines.weight = makeLine(tr("%1, weight").arg(name), m_targetsBox);
    lines.weight->setToolTip(
        tr("How many times the hardware counts against the accuracy, compared "
           "with what the search makes of it; 1 at the start"));
    lines.stop = new QPushButton(tr("Stop"), m_targetsBox);
    lines.stop->setToolTip(tr("Search this target no further; what it found stays"));
    lines.stop->setAccessibleName(tr("Stop target %1").arg(target + 1));
    connect(lines.stop, &QPushButton::clicked, this, [this, target] { Q_EMIT stopWanted(target); });
    grid.addWidget(new QLabel(QString::number(target + 1), m_targetsBox), row, 0);
    grid.addWidget(lines.low, row, 1);
    grid.addWidget(new QLabel(tr("to"), m_targetsBox), row, 2);
    grid.addWidget(lines.high, row, 3);
    grid.addWidget(lines.weight, row, 4);
    grid.addWidget(lines.stop, row, 5);
    m_targets.push_back(lines);
}

void SteerNumbers::setInForce(const spec::InForce& inForce) {
    const bool otherTargets =
        !m_inForce ||
        m_inForce->specification.objective.metric != inForce.specification.objective.metric ||
        m_targets.size() != inForce.specification.objective.targets.size();
    m_inForce = inForce;
    if (otherTargets) makeTargets();
    const auto& spec = inForce.specification;
    for (const auto kind : base::kValues<spec::LimitKind>) {
        const auto value = spec::limitOf(spec.limits, kind);
        limit(kind).setPlaceholderText(unlimitedText(kind, spec));
        showText(limit(kind), value ? numberText(*value) : QString());
    }
    const bool last = spec::activeTargets(inForce).size() == 1;
    for (std::size_t t = 0; t < m_targets.size(); ++t) {
        const auto& lines = m_targets[t];
        const bool stopped = inForce.stopped[t];
        showText(*lines.low, numberText(spec.objective.targets[t].low));
        showText(*lines.high, numberText(spec.objective.targets[t].high));
        showText(*lines.weight, numberText(inForce.weights[t]));
        for (QLineEdit* line : {lines.low, lines.high, lines.weight}) line->setEnabled(!stopped);
        lines.stop->setEnabled(!stopped && !last);
        lines.stop->setText(stopped ? tr("stopped") : tr("Stop"));
    }
}

QLineEdit& SteerNumbers::limit(spec::LimitKind kind) const {
    return *m_limits[static_cast<std::size_t>(kind)];
}

std::vector<QLineEdit*> SteerNumbers::lines() const {
    auto lines = m_limits;
    for (const auto& target : m_targets) {
        lines.insert(lines.end(), {target.low, target.high, target.weight});
    }
    return lines;
}

bool SteerNumbers::hasEdits() const {
    const auto all = lines();
    return std::any_of(all.begin(), all.end(),
                       [](const QLineEdit* line) { return line->isModified(); });
}

void SteerNumbers::dropEdits() {
    for (QLineEdit* line : lines()) line->setModified(false);
    if (m_inForce) setInForce(*m_inForce);
}

base::Result<std::vector<spec::Change>> SteerNumbers::edits() const {
    std::vector<spec::Change> changes;
    if (!m_inForce) return changes;
    Problem problem;
    addLimitEdits(changes, problem);
    addTargetEdits(changes, problem);
    if (problem) return *problem;
    return changes;
}

void SteerNumbers::addLimitEdits(std::vector<spec::Change>& changes, Problem& problem) const {
    for (const auto kind : base::kValues<spec::LimitKind>) {
        if (!limit(kind).isModified()) continue;
        const spec::MoveLimit change{kind, numberIn(limit(kind), problem)};
        if (change.value != spec::limitOf(m_inForce->specification.limits, kind)) {
            changes.emplace_back(change);
        }
    }
}

void SteerNumbers::addTargetEdits(std::vector<spec::Change>& changes, Problem& problem) const {
    for (std::size_t t = 0; t < m_targets.size(); ++t) {
        const auto& lines = m_targets[t];
        const int target = static_cast<int>(t);
        if (lines.low->isModified() || lines.high->isModified()) {
            const spec::Window window{numberIn(*lines.low, problem).value_or(0),
                                      numberIn(*lines.high, problem).value_or(kOpenEnd)};
            if (window != m_inForce->specification.objective.targets[t]) {
                changes.emplace_back(spec::MoveWindow{target, window});
            }
        }
        if (!lines.weight->isModified()) continue;
        const double factor = numberIn(*lines.weight, problem).value_or(1);
        if (factor != m_inForce->weights[t]) {
            changes.emplace_back(spec::WeighTarget{target, factor});
        }
    }
}

}  // namespace cohelix::ui
