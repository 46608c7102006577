// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/svg_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/base/units.h"
#include "core/chart/plot_ticks.h"
#include "core/chart/xml_text.h"

namespace cohelix::chart {
namespace {

using base::Error;
using base::Result;

constexpr double kWidth = 720;
constexpr double kMargin = 24;
constexpr double kHeight = 400;  ///< of the plot itself, where it is not square
constexpr double kLine = 18;     ///< from one line of text to the next
/// The width of a character: no font is at hand to measure, and a little too much does no harm.
constexpr double kCharacter = 6.8;
constexpr double kSample = 26;  ///< of a line in the legend
constexpr double kMark = 9;     ///< of a point there
constexpr double kMostValue = 1e100;

struct Look {
    const char* color;
    const char* dashes;
};
/// Okabe and Ito's colours, dark enough for white paper.
constexpr std::array kColors = {"#0072b2", "#d55e00", "#009e73", "#b8578f", "#8a7f00", "#505050"};
constexpr std::array kDashes = {"", "8 4", "2 3", "10 3 2 3", "5 3", "1 4"};
/// When the colours begin anew the dashes have moved on by one, so that 36 lines can be told apart.
Look lookOf(std::size_t series) {
    return {kColors[series % kColors.size()],
            kDashes[(series + series / kColors.size()) % kDashes.size()]};
}

/// Many bands of spread one over the other must still let the lines through.
double bandOpacity(std::size_t series) { return std::min(0.15, 0.5 / static_cast<double>(series)); }

std::string number(double value) {
    // Hundredths of a unit cannot be seen; -0 would only surprise.
    const double rounded = std::round(value * 100) / 100;
    return base::exact(rounded == 0 ? 0 : rounded);
}

double textWidth(const std::string& text) {
    return static_cast<double>(characters(text)) * kCharacter;
}

Result<void> checkValue(double value, const PlotAxis& axis, const std::string& where) {
    if (!std::isfinite(value) || std::fabs(value) > kMostValue) {
        return Error{where, base::exact(value) + " cannot be drawn", "Leave the point out"};
    }
    if (axis.logarithmic && value < 1 / kMostValue) {
        return Error{where, base::exact(value) + " has no place on a logarithmic axis",
                     "Make the axis linear, or leave the point out"};
    }
    return {};
}

Result<void> checkAxis(const PlotAxis& axis) {
    for (const auto& bound : {axis.low, axis.high}) {
        if (!bound) continue;
        auto drawn = checkValue(*bound, axis, "axis '" + axis.label + "'");
        if (!drawn) return drawn;
    }
    if (axis.low && axis.high && *axis.high <= *axis.low) {
        return Error{"axis '" + axis.label + "'", "its upper bound is not above its lower one", {}};
    }
    return {};
}

Result<void> checkSeries(const PlotSeries& series, const Plot& plot) {
    if (!series.spread.empty() && series.spread.size() != series.points.size()) {
        return Error{"series '" + series.name + "'",
                     std::to_string(series.spread.size()) + " spreads for " +
                         std::to_string(series.points.size()) + " points",
                     {}};
    }
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        const std::string where = "point " + std::to_string(i + 1) + " of '" + series.name + "'";
        const auto& point = series.points[i];
        if (auto drawn = checkValue(point.x, plot.x, where); !drawn) return drawn;
        if (auto drawn = checkValue(point.y, plot.y, where); !drawn) return drawn;
        if (series.spread.empty()) continue;
        for (const double end : {series.spread[i].low, series.spread[i].high}) {
            if (auto drawn = checkValue(end, plot.y, where); !drawn) return drawn;
        }
    }
    return {};
}

/// The least and the greatest of what it was shown.
struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    void show(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

PlotRange rangeOf(const Extent& data, const PlotAxis& axis) {
    auto range = roomAround({data.low, data.high}, axis.logarithmic);
    if (axis.low) range.low = *axis.low;
    if (axis.high) range.high = *axis.high;
    // One bound is given and all data lie beyond it: the axis starts there and is as good as empty.
    if (range.high > range.low) return range;
    const double factor = axis.logarithmic ? 10 : 1;
    if (axis.low) return {range.low, axis.logarithmic ? range.low * factor : range.low + factor};
    return {axis.logarithmic ? range.high / factor : range.high - factor, range.high};
}

/// An axis as it is drawn: a range of values along a range of the page.
struct Along {
    PlotRange range;
    bool logarithmic = false;
    double from = 0;  ///< where range.low is
    double to = 0;

    double at(double value) const {
        const double share = logarithmic
                                 ? std::log(value / range.low) / std::log(range.high / range.low)
                                 : (value - range.low) / (range.high - range.low);
        // Far outside is as good as just outside, and readers of SVG have bounded numbers.
        return from + std::clamp(share, -10.0, 11.0) * (to - from);
    }
};

struct Layout {
    Along x;
    Along y;
    std::vector<PlotTick> xTicks;
    std::vector<PlotTick> yTicks;
};

/// The whole chart, written from top to bottom.
class Writer {
public:
    explicit Writer(const Plot& plot) : m_plot(plot) {}

    std::string write() {
        header();
        lay();
        axes();
        diagonal();
        for (std::size_t i = 0; i < m_plot.series.size(); ++i) series(m_plot.series[i], i);
        caption();
        return document();
    }

private:
    struct Style {
        double size = 12;
        const char* anchor = "start";
        const char* more = "";
    };
    void text(double x, double y, const std::string& words, const Style& style) {
        m_body += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" font-size=\"" +
                  number(style.size) + "\" text-anchor=\"" + style.anchor + "\"" + style.more +
                  ">" + xmlText(words) + "</text>\n";
    }
    void line(double x1, double y1, double x2, double y2, const std::string& style) {
        m_body += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) +
                  "\" y2=\"" + number(y2) + "\" " + style + "/>\n";
    }
    void mark(double x, double y, std::size_t index, double radius, const std::string& name) {
        const std::string path = markPath(x, y, index, radius);
        const std::string style =
            std::string(" fill=\"") + lookOf(index).color + "\" fill-opacity=\"0.6\"";
        m_body += name.empty() ? "<path d=\"" + path + "\"" + style + "/>\n"
                               : "<path d=\"" + path + "\"" + style + "><title>" + xmlText(name) +
                                     "</title></path>\n";
    }
    static std::string markPath(double x, double y, std::size_t index, double radius);
    static std::string strokeOf(std::size_t index) {
        const auto look = lookOf(index);
        std::string style = std::string("fill=\"none\" stroke=\"") + look.color +
                            "\" stroke-width=\"2\" stroke-linejoin=\"round\"";
        if (*look.dashes) style += std::string(" stroke-dasharray=\"") + look.dashes + "\"";
        return style;
    }

    void header();
    void legendItem(double& x, const std::string& name, const PlotSeries* of, std::size_t index);
    void lay();
    void axes();
    void diagonal();
    void series(const PlotSeries& of, std::size_t index);
    std::string pathOf(const PlotSeries& of, const std::vector<double>& ys) const;
    std::string bandOf(const PlotSeries& of) const;
    void caption();
    std::string document() const;

    const Plot& m_plot;
    Layout m_layout;
    std::string m_body;
    double m_y = kMargin;  ///< where the next part begins
};

std::string Writer::markPath(double x, double y, std::size_t index, double radius) {
    const auto point = [&](double dx, double dy) {
        return number(x + dx * radius) + " " + number(y + dy * radius);
    };
    switch (index % 4) {
        case 0: {
            const std::string r = number(radius);
            return "M" + point(-1, 0) + "a" + r + " " + r + " 0 1 0 " + number(2 * radius) + " 0a" +
                   r + " " + r + " 0 1 0 " + number(-2 * radius) + " 0z";
        }
        case 1:
            return "M" + point(-0.9, -0.9) + "L" + point(0.9, -0.9) + "L" + point(0.9, 0.9) + "L" +
                   point(-0.9, 0.9) + "z";
        case 2: return "M" + point(0, -1.2) + "L" + point(1.1, 0.8) + "L" + point(-1.1, 0.8) + "z";
        default:
            return "M" + point(0, -1.3) + "L" + point(1.3, 0) + "L" + point(0, 1.3) + "L" +
                   point(-1.3, 0) + "z";
    }
}

void Writer::legendItem(double& x, const std::string& name, const PlotSeries* of,
                        std::size_t index) {
    const bool points = of && of->style == SeriesStyle::Points;
    const double sample = points ? kMark : kSample;
    const double width = sample + 8 + textWidth(name) + 22;
    if (x > kMargin && x + width > kWidth) {
        x = kMargin;
        m_y += kLine;
    }
    const double middle = m_y - 4;
    if (!of) {
        line(x, middle, x + kSample, middle, "stroke=\"#707070\" stroke-dasharray=\"4 3\"");
    } else if (points) {
        mark(x + sample / 2, middle, index, sample / 2, {});
    } else {
        line(x, middle, x + kSample, middle, strokeOf(index));
    }
    text(x + sample + 8, m_y, name, {});
    x += width;
}

void Writer::header() {
    if (!m_plot.title.empty()) {
        m_y += 10;
        text(kMargin, m_y, m_plot.title, {16, "start", " font-weight=\"bold\""});
    }
    if (m_plot.series.size() > 1 || !m_plot.diagonal.empty()) {
        m_y += kLine + 6;
        double x = kMargin;
        for (std::size_t i = 0; i < m_plot.series.size(); ++i) {
            legendItem(x, m_plot.series[i].name, &m_plot.series[i], i);
        }
        if (!m_plot.diagonal.empty()) legendItem(x, m_plot.diagonal, nullptr, 0);
    }
    m_y += 14;
}

void Writer::lay() {
    Extent x;
    Extent y;
    for (const auto& each : m_plot.series) {
        for (const auto& point : each.points) {
            x.show(point.x);
            y.show(point.y);
        }
        for (const auto& spread : each.spread) {
            y.show(spread.low);
            y.show(spread.high);
        }
    }
    if (!m_plot.diagonal.empty()) {
        x.show(y.low);
        x.show(y.high);
        y = x;
    }
    m_layout.x = {rangeOf(x, m_plot.x), m_plot.x.logarithmic};
    m_layout.y = {rangeOf(y, m_plot.y), m_plot.y.logarithmic};
    m_layout.xTicks = ticksOf(m_layout.x.range, m_plot.x.logarithmic);
    m_layout.yTicks = ticksOf(m_layout.y.range, m_plot.y.logarithmic);
    double labels = 0;
    for (const auto& tick : m_layout.yTicks) labels = std::max(labels, textWidth(tick.text));
    m_layout.x.from = kMargin + kLine + labels + 8;
    m_layout.x.to = kWidth - kMargin;
    const double height = m_plot.diagonal.empty() ? kHeight : m_layout.x.to - m_layout.x.from;
    m_layout.y.to = m_y;
    m_layout.y.from = m_y + height;
}

void Writer::axes() {
    const auto& [x, y, xTicks, yTicks] = m_layout;
    const char* const grid = "stroke=\"#e4e6e9\"";
    for (const auto& tick : xTicks) {
        const double at = x.at(tick.value);
        line(at, y.to, at, y.from, grid);
        text(at, y.from + kLine, tick.text, {12, "middle"});
    }
    for (const auto& tick : yTicks) {
        const double at = y.at(tick.value);
        line(x.from, at, x.to, at, grid);
        text(x.from - 8, at + 4, tick.text, {12, "end"});
    }
    m_body += "<rect x=\"" + number(x.from) + "\" y=\"" + number(y.to) + "\" width=\"" +
              number(x.to - x.from) + "\" height=\"" + number(y.from - y.to) +
              "\" fill=\"none\" stroke=\"#8a9099\"/>\n";
    text((x.from + x.to) / 2, y.from + 2 * kLine + 6, m_plot.x.label, {13, "middle"});
    const double middle = (y.from + y.to) / 2;
    const std::string turned =
        " transform=\"rotate(-90 " + number(kMargin + 8) + " " + number(middle) + ")\"";
    text(kMargin + 8, middle, m_plot.y.label, {13, "middle", turned.c_str()});
    m_y = y.from + 2 * kLine + 6;
}

void Writer::diagonal() {
    if (m_plot.diagonal.empty()) return;
    line(m_layout.x.from, m_layout.y.from, m_layout.x.to, m_layout.y.to,
         "stroke=\"#707070\" stroke-dasharray=\"4 3\"");
}

std::string Writer::pathOf(const PlotSeries& of, const std::vector<double>& ys) const {
    std::string path;
    for (std::size_t i = 0; i < of.points.size(); ++i) {
        const std::string x = number(m_layout.x.at(of.points[i].x));
        const std::string y = number(m_layout.y.at(ys[i]));
        if (i == 0) {
            path = "M" + x + " " + y;
        } else if (of.style == SeriesStyle::Steps) {
            path += "H" + x + "V" + y;
        } else {
            path += "L" + x + " " + y;
        }
    }
    return path;
}

/// Along the upper ends and back along the lower ones, which steps do corner by corner.
std::string Writer::bandOf(const PlotSeries& of) const {
    std::vector<double> upper;
    for (const auto& spread : of.spread) upper.push_back(spread.high);
    std::string path = pathOf(of, upper);
    for (std::size_t i = of.points.size(); i-- > 0;) {
        const std::string x = number(m_layout.x.at(of.points[i].x));
        const std::string y = number(m_layout.y.at(of.spread[i].low));
        path += of.style == SeriesStyle::Steps ? "V" + y + "H" + x : "L" + x + " " + y;
        if (of.style == SeriesStyle::Steps && i > 0) {
            path += "V" + number(m_layout.y.at(of.spread[i - 1].low));
        }
    }
    return path + "z";
}

void Writer::series(const PlotSeries& of, std::size_t index) {
    if (of.points.empty()) return;
    const std::string clipped = "clip-path=\"url(#plot-area)\"";
    m_body += "<g " + clipped + ">\n";
    if (of.style == SeriesStyle::Points) {
        const double radius = of.points.size() <= 200 ? 4 : of.points.size() <= 1000 ? 3 : 2;
        for (std::size_t i = 0; i < of.spread.size(); ++i) {
            m_body += "<path d=\"M" + number(m_layout.x.at(of.points[i].x)) + " " +
                      number(m_layout.y.at(of.spread[i].low)) + "V" +
                      number(m_layout.y.at(of.spread[i].high)) + "\" stroke=\"" +
                      lookOf(index).color + "\" stroke-width=\"1.5\"/>\n";
        }
        for (const auto& point : of.points) {
            mark(m_layout.x.at(point.x), m_layout.y.at(point.y), index, radius, point.name);
        }
    } else {
        if (!of.spread.empty()) {
            m_body += "<path d=\"" + bandOf(of) + "\" fill=\"" + lookOf(index).color +
                      "\" fill-opacity=\"" + number(bandOpacity(m_plot.series.size())) + "\"/>\n";
        }
        std::vector<double> ys;
        for (const auto& point : of.points) ys.push_back(point.y);
        m_body += "<path d=\"" + pathOf(of, ys) + "\" " + strokeOf(index) + "/>\n";
    }
    m_body += "</g>\n";
}

void Writer::caption() {
    const auto most = static_cast<std::size_t>((kWidth - 2 * kMargin) / kCharacter * 1.05);
    m_y += 8;
    for (const auto& paragraph : m_plot.caption) {
        std::string row;
        std::size_t begin = 0;
        while (begin < paragraph.size()) {
            const std::size_t end = std::min(paragraph.find(' ', begin), paragraph.size());
            const std::string word = paragraph.substr(begin, end - begin);
            begin = end + 1;
            if (!row.empty() && characters(row) + 1 + characters(word) > most) {
                text(kMargin, m_y += kLine, row, {});
                row.clear();
            }
            row += (row.empty() ? "" : " ") + word;
        }
        if (!row.empty()) text(kMargin, m_y += kLine, row, {});
    }
}

std::string Writer::document() const {
    const std::string width = number(kWidth);
    const std::string height = number(m_y + kMargin);
    const auto& [x, y, xTicks, yTicks] = m_layout;
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
           "\" viewBox=\"0 0 " + width + " " + height +
           "\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" fill=\"#1c2026\">\n"
           "<title>" +
           xmlText(m_plot.title) +
           "</title>\n"
           "<defs><clipPath id=\"plot-area\"><rect x=\"" +
           number(x.from) + "\" y=\"" + number(y.to) + "\" width=\"" + number(x.to - x.from) +
           "\" height=\"" + number(y.from - y.to) +
           "\"/></clipPath></defs>\n"
           "<rect width=\"" +
           width + "\" height=\"" + height + "\" fill=\"#ffffff\"/>\n" + m_body + "</svg>\n";
}

}  // namespace

Result<std::string> svgOf(const Plot& given) {
    Plot plot = given;
    if (!plot.diagonal.empty()) {
        plot.y = given.x;
        plot.y.label = given.y.label;
    }
    for (const auto* axis : {&plot.x, &plot.y}) {
        if (auto drawn = checkAxis(*axis); !drawn) return drawn.error();
    }
    bool any = false;
    for (const auto& series : plot.series) {
        if (auto drawn = checkSeries(series, plot); !drawn) return drawn.error();
        any = any || !series.points.empty();
    }
    if (!any) return Error{"plot '" + plot.title + "'", "there is no point to draw", {}};
    return Writer(plot).write();
}

}  // namespace cohelix::chart
