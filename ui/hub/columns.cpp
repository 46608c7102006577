// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/columns.h"

#include <cmath>
#include <limits>
#include <string_view>

#include "core/base/units.h"

#include "ui/hub/text.h"

namespace cohelix::ui {

namespace {

struct ColumnInfo {
    std::string_view name;
    std::string_view unit;
    std::string_view help;
};

/// Of the columns from FPS to block RAM, which have the figures' order.
const model::FigureName& nameOf(Column column) {
    return model::kFigureNames[static_cast<std::size_t>(column) -
                               static_cast<std::size_t>(Column::Fps)];
}
ColumnInfo figure(Column column) {
    const auto& name = nameOf(column);
    return {name.heading, name.unit, name.meaning};
}

const std::array<ColumnInfo, kColumns> kInfo = {{
    {"Design", "", "Number of the design in this project"},
    {"Run", "", "The run that found it"},
    {"State", "", "Estimated by the supernet, in training, or trained from scratch"},
    {"Grade", "", "Where the accuracy comes from; grades are not compared with one another"},
    {"Accuracy", "%", "Top-1 accuracy; its grade says where it comes from"},
    figure(Column::Fps),
    figure(Column::LatencyMs),
    figure(Column::EnergyMj),
    figure(Column::Edp),
    figure(Column::Dsp),
    figure(Column::Bram18k),
    {"MACs", "", "Multiply-accumulates of one image"},
    {"Parameters", "", "Trained numbers of the network"},
    {"Front", "", "No design of the same run and grade is better in accuracy and in FPS"},
}};

const ColumnInfo& infoOf(Column column) { return kInfo[static_cast<std::size_t>(column)]; }

std::optional<double> positive(double value) {
    return value > 0 && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// As many decimals as three significant digits need.
QString threeDigits(double value) {
    const double size = std::abs(value);
    const int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return QString::fromStdString(base::fixed(value, decimals));
}

QString wordText(const store::DesignRow& row, Column column) {
    switch (column) {
        case Column::State: return fromStd(word(row.state));
        case Column::Grade: return fromStd(model::gradeText(row.grade));
        case Column::Front:
            return row.front    ? QStringLiteral("front")
                   : row.within ? QString()
                                : QStringLiteral("beyond limits");
        default: return QStringLiteral("–");
    }
}

}  // namespace

const model::FigureName* figureNameOf(Column column) {
    return column >= Column::Fps && column <= Column::Bram18k ? &nameOf(column) : nullptr;
}

QString columnName(Column column) { return fromStd(infoOf(column).name); }

QString columnUnit(Column column) { return fromStd(infoOf(column).unit); }

QString columnTitle(Column column) {
    const QString unit = columnUnit(column);
    return unit.isEmpty() ? columnName(column) : columnName(column) + " (" + unit + ')';
}

QString columnHelp(Column column) { return fromStd(infoOf(column).help); }

std::optional<double> columnValue(const store::DesignRow& row, Column column) {
    switch (column) {
        case Column::Id: return static_cast<double>(row.id);
        case Column::Run: return static_cast<double>(row.run);
        case Column::Accuracy:
            if (row.grade == model::AccuracyGrade::None) return std::nullopt;
            return row.accuracy * 100;
        case Column::Fps:
        case Column::LatencyMs:
        case Column::EnergyMj:
        case Column::Edp: return positive(row.*nameOf(column).member);
        case Column::Dsp:
        case Column::Bram18k: return row.*nameOf(column).member;
        case Column::Macs: return static_cast<double>(row.macs);
        case Column::Parameters: return static_cast<double>(row.parameters);
        case Column::State:
        case Column::Grade:
        case Column::Front: return std::nullopt;
    }
    return std::nullopt;
}

QString valueText(double value, Column column) {
    switch (column) {
        case Column::Id:
        case Column::Run: return QString::number(static_cast<qint64>(value));
        case Column::Accuracy: return QString::fromStdString(base::fixed(value, 2));
        case Column::Dsp:
        case Column::Bram18k: return QString::fromStdString(base::grouped(std::llround(value)));
        case Column::Macs:
        case Column::Parameters: return QString::fromStdString(base::prefixed(value));
        default: return threeDigits(value);
    }
}

QString columnText(const store::DesignRow& row, Column column) {
    const auto value = columnValue(row, column);
    return value ? valueText(*value, column) : wordText(row, column);
}

bool columnLess(const store::DesignRow& left, const store::DesignRow& right, Column column) {
    switch (column) {
        case Column::State: return left.state < right.state;
        case Column::Grade: return left.grade < right.grade;
        case Column::Front: return left.front && !right.front;
        default: break;
    }
    constexpr double kUnknown = std::numeric_limits<double>::infinity();
    return columnValue(left, column).value_or(kUnknown) <
           columnValue(right, column).value_or(kUnknown);
}

}  // namespace cohelix::ui
