// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How good what a run has found is, over the designs that it found: free of widgets.

#include <QPointF>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "ui/hub/columns.h"

namespace cohelix::ui {

/// A front of two figures that both are better when they are larger, and the area under it.
class FrontArea {
public:
    /// Takes in a point; what is not above zero in both figures adds nothing.
    void add(double accuracy, double fps);
    double area() const { return m_area; }

private:
    std::map<double, double> m_front;  ///< accuracy by FPS: the one falls where the other rises
    double m_area = 0;
};

/// One run's line: designs that it had found, and the value then. A point where the value became
/// better, and one for the last design.
struct RunCurve {
    std::int64_t run = 0;
    std::vector<QPointF> points;  ///< empty while none of its designs counts
    std::int64_t designs = 0;
    std::int64_t lastBetter = 0;  ///< the design, counted from 1, that was the last improvement
    friend bool operator==(const RunCurve&, const RunCurve&) = default;
};

/// A line for each run, by number; `designs` in the order in which they were found. Of a column the
/// best value so far, in its unit; of none the area under the front of accuracy and FPS, from the
/// least accuracy found and from 0 FPS, in percent of that of all runs together. Accuracies are
/// those that the search saw; designs beyond the limits are counted, but never good.
std::vector<RunCurve> convergence(const std::vector<store::DesignRow>& designs,
                                  std::optional<Column> column);

}  // namespace cohelix::ui
