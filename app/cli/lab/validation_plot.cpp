// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/lab/validation_plot.h"

#include <algorithm>
#include <cctype>

#include "core/base/units.h"

namespace cohelix::cli {
namespace {

using chart::Plot;
using chart::PlotSeries;
using validate::Validation;

constexpr double kWide = 20;

std::string withCapital(std::string text) {
    if (!text.empty()) {
        text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    }
    return text;
}

std::string figure(double value) { return base::fixed(value, value < 1000 ? 3 : 0); }

/// A series for each group, in the order in which they first appear.
std::vector<PlotSeries> seriesOf(const Validation& validation) {
    std::vector<PlotSeries> all;
    for (const auto& comparison : validation.comparisons) {
        const std::string name = comparison.group.empty() ? "rows of the table" : comparison.group;
        auto series = std::ranges::find(all, name, &PlotSeries::name);
        if (series == all.end()) series = all.insert(all.end(), {.name = name, .points = {}});
        series->points.push_back({comparison.theirs, comparison.ours,
                                  comparison.what + ": " + figure(comparison.ours) + " for " +
                                      figure(comparison.theirs) + " " + validation.unit});
    }
    return all;
}

bool isWide(const Validation& validation) {
    double least = validation.comparisons.front().theirs;
    double most = least;
    for (const auto& comparison : validation.comparisons) {
        least = std::min({least, comparison.ours, comparison.theirs});
        most = std::max({most, comparison.ours, comparison.theirs});
    }
    return least > 0 && most / least > kWide;
}

std::string captionOf(const Validation& validation) {
    std::string text =
        base::grouped(static_cast<std::int64_t>(validation.comparisons.size())) + " figures";
    const auto percent = [](double share) { return base::fixed(100 * share, 1) + " %"; };
    if (validation.meanRelativeError) {
        text += "; mean error " + percent(*validation.meanRelativeError);
    }
    if (validation.worstRelativeError) text += ", worst " + percent(*validation.worstRelativeError);
    if (validation.spearman) {
        text += "; rank correlation: Spearman " + base::fixed(*validation.spearman, 3);
        if (validation.kendall) text += ", Kendall " + base::fixed(*validation.kendall, 3);
    }
    return text + ".";
}

}  // namespace

base::Result<Plot> validationPlot(const Validation& validation) {
    if (validation.comparisons.empty()) {
        return base::Error{validation.against, "there is nothing to plot",
                           "Counts are compared for equality; plot a table of measurements"};
    }
    Plot plot;
    plot.title = withCapital(validation.against);
    const bool wide = isWide(validation);
    plot.x = {validation.theirs + ", " + validation.unit, wide};
    plot.y = {"predicted, " + validation.unit, wide};
    plot.diagonal = "predicted = " + validation.theirs;
    plot.series = seriesOf(validation);
    plot.caption = {captionOf(validation)};
    return plot;
}

}  // namespace cohelix::cli
