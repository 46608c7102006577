// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The figures of a design as columns: the one place that says what each is called, which unit it
// has and how it is written. The table, the plot's axes, the hover card and the filter use it.

#include <QString>
#include <array>
#include <cstdint>
#include <optional>

#include "core/store/project.h"

namespace cohelix::ui {

enum class Column : std::uint8_t {
    Id,
    Run,
    State,
    Grade,
    Accuracy,
    Fps,
    LatencyMs,
    EnergyMj,
    Edp,
    Dsp,
    Bram18k,
    Macs,
    Parameters,
    Front
};
inline constexpr int kColumns = 14;
/// Those that can be an axis, a colour or a limit.
inline constexpr std::array kNumericColumns = {
    Column::Accuracy, Column::Fps,     Column::LatencyMs, Column::EnergyMj,   Column::Edp,
    Column::Dsp,      Column::Bram18k, Column::Macs,      Column::Parameters, Column::Id};

/// Of a column that is a figure of model::kFigureNames; nothing for others.
const model::FigureName* figureNameOf(Column column);

/// "Accuracy", "Latency", …
QString columnName(Column column);
/// "%", "ms", …; empty where the figure is a count or a word.
QString columnUnit(Column column);
/// "Accuracy (%)".
QString columnTitle(Column column);
/// True for accuracy and FPS; of all other figures less is better.
constexpr bool largerIsBetter(Column column) {
    return column == Column::Accuracy || column == Column::Fps;
}
/// What the column means, a sentence.
QString columnHelp(Column column);

/// The figure in the column's unit; nothing for words and for what is not known (an accuracy of
/// no grade, an energy of a model that has none).
std::optional<double> columnValue(const store::DesignRow& row, Column column);
/// The figure as people read it, without its unit; "–" when not known.
QString columnText(const store::DesignRow& row, Column column);
/// A value of a numeric column as columnText would write it.
QString valueText(double value, Column column);

/// Orders rows by a column: figures by size, unknown ones last, words by the alphabet.
bool columnLess(const store::DesignRow& left, const store::DesignRow& right, Column column);

}  // namespace cohelix::ui
