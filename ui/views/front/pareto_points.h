// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// From the project's designs to what the Pareto plot draws; shared by the window and by
// `cohelix plot`.

#include <QString>
#include <optional>
#include <vector>

#include "ui/hub/filter.h"
#include "ui/plot/pareto_data.h"

namespace cohelix::ui {

struct ParetoOptions {
    Column x = Column::Fps;
    Column y = Column::Accuracy;
    std::optional<Column> color;
    bool logarithmicX = false;
    friend bool operator==(const ParetoOptions&, const ParetoOptions&) = default;
};

/// Designs whose figures on both axes are known. Those beyond a limit of the filter are marked,
/// those that it hides otherwise are left out.
ParetoData paretoData(const std::vector<store::DesignRow>& rows, const Filter& filter,
                      const ParetoOptions& options);

/// A row of a card's table, rich text.
QString cardLine(const QString& name, const QString& value);
/// The figures of a design as rich text, with units and the grade of its accuracy.
QString designCard(const store::DesignRow& row);

}  // namespace cohelix::ui
