// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/chart/svg_plot.h"

#include <cmath>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "core/chart/plot_ticks.h"
#include "core/chart/xml_text.h"

namespace cohelix::chart {
namespace {

Plot twoLines() {
    Plot plot{.title = "Search",
              .x = {"look-ups", true},
              .y = {"hypervolume, share of the best"},
              .series = {},
              .caption = {"Median of five seeds; the bands reach from the least to the greatest."}};
    plot.series.push_back({"random",
                           SeriesStyle::Steps,
                           {{10, 0.2}, {100, 0.5}, {1000, 0.6}},
                           {{0.1, 0.3}, {0.4, 0.6}, {0.5, 0.7}}});
    plot.series.push_back({"joint", SeriesStyle::Line, {{10, 0.3}, {1000, 0.9}}});
    return plot;
}

std::string drawn(const Plot& plot) {
    const auto svg = svgOf(plot);
    EXPECT_TRUE(svg) << (svg ? "" : base::toText(svg.error()));
    return svg ? *svg : "";
}

std::string refused(const Plot& plot) {
    const auto svg = svgOf(plot);
    EXPECT_FALSE(svg);
    return svg ? "" : base::toText(svg.error());
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

TEST(SvgPlot, ShowsTitleLabelsLegendAndCaption) {
    const auto svg = drawn(twoLines());
    for (const char* words : {">Search<", ">look-ups<", ">hypervolume, share of the best<",
                              ">random<", ">joint<", ">1,000<", ">Median of five seeds;"}) {
        EXPECT_NE(svg.find(words), std::string::npos) << words;
    }
    EXPECT_TRUE(svg.starts_with("<svg ")) << svg.substr(0, 40);
    EXPECT_TRUE(svg.ends_with("</svg>\n"));
    EXPECT_EQ(count(svg, "fill-opacity=\"0.15\""), 1U) << "one series has a spread";
}

TEST(SvgPlot, LinesOfManySeriesCanBeToldApart) {
    Plot plot;
    constexpr int kSeries = 20;
    for (int i = 0; i < kSeries; ++i) {
        plot.series.push_back(
            {"series " + std::to_string(i), SeriesStyle::Line, {{1, 1.0 * i}, {2, 2.0 * i}}});
    }
    const auto svg = drawn(plot);
    const std::regex stroke("stroke=\"(#[0-9a-f]+)\" stroke-width=\"2\"[^/]*/>");
    std::set<std::string> looks;
    for (auto it = std::sregex_iterator(svg.begin(), svg.end(), stroke);
         it != std::sregex_iterator(); ++it) {
        looks.insert(it->str());
    }
    EXPECT_EQ(looks.size(), static_cast<std::size_t>(kSeries));
}

TEST(SvgPlot, StepsKeepTheirHeightUntilTheNextPoint) {
    auto plot = twoLines();
    plot.series.resize(1);
    plot.series[0].spread.clear();
    const auto svg = drawn(plot);
    EXPECT_TRUE(std::regex_search(svg, std::regex(R"(d="M[\d.]+ [\d.]+H[\d.]+V[\d.]+H)"))) << svg;
}

// Where predictions equal measurements, points are on the diagonal: at one place on both axes.
TEST(SvgPlot, EqualValuesLieOnTheDiagonal) {
    Plot plot{.title = "t", .x = {"measured", true}, .y = {"predicted"}, .diagonal = "equal"};
    plot.series.push_back({"layers", SeriesStyle::Points, {{1, 1}, {30, 30}, {2000, 2000}}});
    const auto svg = drawn(plot);
    const std::regex diagonal(
        R"re(<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="([\d.]+)" stroke="#707070")re");
    std::smatch line;
    const auto plotted = svg.substr(svg.find("stroke=\"#8a9099\""));  // the frame
    ASSERT_TRUE(std::regex_search(plotted, line, diagonal));
    const double x1 = std::stod(line[1]);
    const double y1 = std::stod(line[2]);
    EXPECT_NEAR(std::stod(line[3]) - x1, y1 - std::stod(line[4]), 0.02) << "the plot is square";
    const std::regex circle(R"re(d="M([\d.]+) ([\d.]+)a4 )re");
    int points = 0;
    for (std::sregex_iterator it(plotted.begin(), plotted.end(), circle), end; it != end; ++it) {
        EXPECT_NEAR(std::stod((*it)[1]) + 4 - x1, y1 - std::stod((*it)[2]), 0.05);
        ++points;
    }
    EXPECT_EQ(points, 3);
}

TEST(SvgPlot, NamesOfPointsAreShownWhenPointedAtWhateverTheyHold) {
    Plot plot;
    plot.series.push_back({"a", SeriesStyle::Points, {{1, 2, "<conv> & \"fc\"\x01\xff\xc3\xa9"}}});
    const auto svg = drawn(plot);
    EXPECT_NE(svg.find("<title>&lt;conv&gt; &amp; &quot;fc&quot;"
                       "\xEF\xBF\xBD\xEF\xBF\xBD\xc3\xa9</title>"),
              std::string::npos);
}

TEST(SvgPlot, LongCaptionsAreWrapped) {
    auto plot = twoLines();
    plot.caption = {std::string(40, 'a') + " " + std::string(40, 'b') + " " + std::string(40, 'c')};
    const auto svg = drawn(plot);
    EXPECT_NE(svg.find(std::string(40, 'b') + "</text>"), std::string::npos);
    EXPECT_NE(svg.find(">" + std::string(40, 'c') + "</text>"), std::string::npos);
}

TEST(SvgPlot, RefusesWhatCannotBeDrawn) {
    EXPECT_NE(refused({}).find("no point"), std::string::npos);

    auto plot = twoLines();
    plot.series[1].points[1].x = 0;
    EXPECT_NE(refused(plot).find("point 2 of 'joint': 0 has no place on a logarithmic axis"),
              std::string::npos);
    plot.series[1].points[1].x = std::nan("");
    EXPECT_NE(refused(plot).find("nan cannot be drawn"), std::string::npos);

    plot = twoLines();
    plot.series[0].spread.pop_back();
    EXPECT_NE(refused(plot).find("2 spreads for 3 points"), std::string::npos);

    plot = twoLines();
    plot.y.low = 1;
    plot.y.high = 1;
    EXPECT_NE(refused(plot).find("not above its lower"), std::string::npos);
}

// A single point, or bounds that all data lie beyond, still give axes with a width.
TEST(SvgPlot, DrawsDataWithoutWidth) {
    for (const bool logarithmic : {false, true}) {
        Plot plot;
        plot.x.logarithmic = plot.y.logarithmic = logarithmic;
        plot.series.push_back({"a", SeriesStyle::Points, {{5, 5}}});
        EXPECT_EQ(drawn(plot).find("nan"), std::string::npos);
        plot.x.low = 100;
        EXPECT_EQ(drawn(plot).find("nan"), std::string::npos);
        plot.x = {"", logarithmic, {}, 0.5};
        EXPECT_EQ(drawn(plot).find("nan"), std::string::npos);
    }
}

TEST(PlotTicks, AreRoundWithinTheRangeAndReadApart) {
    for (const bool logarithmic : {false, true}) {
        for (const PlotRange range : {PlotRange{0.001, 0.0013},
                                      {1, 3},
                                      {1, 900},
                                      {0.02, 5e7},
                                      {1234000, 1234100},
                                      {1e-20, 1e20}}) {
            const auto ticks = ticksOf(range, logarithmic);
            EXPECT_GE(ticks.size(), 2U) << range.low;
            EXPECT_LE(ticks.size(), 17U) << range.low;
            for (std::size_t i = 0; i < ticks.size(); ++i) {
                const double rounding = 1e-9 * (range.high - range.low);
                EXPECT_GE(ticks[i].value, range.low - rounding);
                EXPECT_LE(ticks[i].value, range.high + rounding);
                if (i == 0) continue;
                EXPECT_NE(ticks[i].text, ticks[i - 1].text);
            }
        }
    }
    EXPECT_EQ(ticksOf({0, 1}, false)[1].text, "0.2");
    EXPECT_EQ(ticksOf({0.5, 2e6}, true).back().text, "1 M");
}

TEST(PlotTicks, DataGetRoomAndWhatBeginsAtZeroShowsIt) {
    EXPECT_EQ(roomAround({0.01, 1}, false).low, 0);
    EXPECT_LT(roomAround({50, 60}, false).low, 50);
    EXPECT_GT(roomAround({50, 50}, false).high, 50);
    EXPECT_GT(roomAround({1, 10}, true).low, 0);
}

TEST(XmlText, CountsCharactersNotBytes) { EXPECT_EQ(characters("\xc3\xa9t\xc3\xa9"), 3U); }

}  // namespace
}  // namespace cohelix::chart
