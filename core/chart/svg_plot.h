// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A chart as an SVG document, drawn without a display: points, lines with a band of spread, linear
// and logarithmic axes, a legend and a caption. Light colours that eyes with any colour vision tell
// apart; series differ by shape or dashes too.
//
//     Plot plot{.title = "Search", .x = {"look-ups", true}, .y = {"hypervolume"}};
//     plot.series.push_back({"random", SeriesStyle::Line, {{10, 0.2}, {100, 0.5}},
//                            {{0.1, 0.3}, {0.4, 0.6}}});
//     const auto svg = svgOf(plot);  // then writeFile(path, *svg)

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace cohelix::chart {

struct PlotAxis {
    std::string label;                ///< with its unit: "measured, ms"
    bool logarithmic = false;         ///< all values above 0
    std::optional<double> low = {};   ///< without it, from the data
    std::optional<double> high = {};  ///< above `low`; without it, from the data
};

struct PlotPoint {
    double x = 0;
    double y = 0;
    std::string name = {};  ///< shown where a viewer points at it; may be empty
};

/// The spread at a point, in units of y: a band along a line, a bar at a point.
struct PlotSpread {
    double low = 0;
    double high = 0;
};

enum class SeriesStyle {
    Points,
    Line,  ///< from point to point in their order
    Steps  ///< a line that keeps its y until the next point: best values so far
};

struct PlotSeries {
    std::string name;  ///< in the legend
    SeriesStyle style = SeriesStyle::Points;
    std::vector<PlotPoint> points;
    std::vector<PlotSpread> spread = {};  ///< one for each point, or none
};

struct Plot {
    std::string title = {};
    PlotAxis x = {};
    PlotAxis y = {};
    /// What the line x = y is called: "equal". Both axes then have the scale and bounds of x and
    /// the plot is square. Empty: there is no such line.
    std::string diagonal = {};
    std::vector<PlotSeries> series = {};
    std::vector<std::string> caption = {};  ///< paragraphs under the plot; long ones are wrapped
};

/// The document, with a final newline; 720 units wide, as high as its parts need. Points outside an
/// axis with given bounds are clipped. Errors: no point at all, values that are not finite, larger
/// than 1e100 or not above 0 on a logarithmic axis, bounds that are none, a spread of another
/// length.
base::Result<std::string> svgOf(const Plot& plot);

}  // namespace cohelix::chart
