// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Where the marks of an axis stand and what is written at them. Private to the room.

#include <string>
#include <vector>

namespace cohelix::chart {

struct PlotRange {
    double low = 0;
    double high = 1;
};

struct PlotTick {
    double value = 0;
    std::string text;  ///< "0.25", "20,000", "1.5 M"
};

/// A little more than the data's range; never of no width.
PlotRange roomAround(PlotRange data, bool logarithmic);

/// Up to about eight ticks within the range, at 1, 2 and 5 times powers of ten.
std::vector<PlotTick> ticksOf(PlotRange range, bool logarithmic);

}  // namespace cohelix::chart
