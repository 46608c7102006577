// SPDX-License-Identifier: GPL-3.0-or-later
// The data against the figures as they were written down from their sources, in their words.
#include "core/published/figures.h"

#include <cctype>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace cohelix::published {
namespace {

using Pair = std::pair<double, double>;

/// Every "(x, y)" or "(x; y)" of a text whose x is a number, in order.
std::vector<Pair> pairsIn(const std::string& text) {
    std::vector<Pair> pairs;
    for (auto at = text.find('('); at != std::string::npos; at = text.find('(', at + 1)) {
        const char* begin = text.c_str() + at + 1;
        char* end = nullptr;
        const double x = std::strtod(begin, &end);
        if (end == begin || (*end != ',' && *end != ';')) continue;
        const double y = std::strtod(end + 1, &end);
        if (*end == ')') pairs.emplace_back(x, y);
    }
    return pairs;
}

const Group& group(const char* id) {
    const auto* found = findGroup(id);
    if (!found) throw std::runtime_error(id);
    return *found;
}

std::vector<Pair> figuresOf(const Group& from, std::size_t first = 0) {
    std::vector<Pair> pairs;
    for (std::size_t i = first; i < from.figures.size(); ++i) {
        pairs.emplace_back(from.figures[i].x, from.figures[i].accuracy.value());
    }
    return pairs;
}

TEST(PublishedFigures, OfImageNetOnFpgaAreThoseOfTheFigureFile) {
    const auto& found = group("imagenet-fpga");
    EXPECT_EQ(figuresOf(found),
              pairsIn("DNA 16-bit (42.79, 75.6) (35.0, 76.2) 8-bit (78.1, 75.1) EDD-Net-3 "
                      "(40.2, 74.4) FBNet-C (28.892, 74.9) FBNet-V2 F4 (27.022, 76.0) "
                      "ProxylessNAS-Mobile (24.612, 74.6) EfficientNet-B0 (21.874, 76.3)"));
    EXPECT_EQ(found.grade, Grade::FigureFilesOctober2020);
    EXPECT_NE(found.remark.find("unlabelled"), std::string_view::npos);
    EXPECT_EQ(found.figures[2].precision, "8 bit");
    EXPECT_EQ(found.figures[3].precision, "") << "not stated";
}

TEST(PublishedFigures, OfMixedPrecisionAreThoseOfTheFigureFile) {
    const auto& found = group("imagenet-fpga-mixed");
    EXPECT_EQ(
        figuresOf(found),
        pairsIn("(63.81, 75.7), (46.27, 76.2), (69.80, 74.9), (82.56, 73.9), (110.0, 72.2). "
                "Baselines: ProxylessNAS-Mobile (48.02, 74.2), EfficientNet-B0 (36.34, 76.3), "
                "FBNet-C (38.6, 74.9), EDD-Net-3 (40.2, 74.4), HS-Co-OptHW (12.1, 68.0), "
                "HS-Co-OptSW (10.5, 70.24), APQ (25.3, 75.1), MP-NAS-big (70.65, 71.72), "
                "MP-NAS-small (106, 68.38)"));
    EXPECT_EQ(found.grade, Grade::FigureFilesOctober2020);
}

TEST(PublishedFigures, OfTheAsicAreEnergyDelayProducts) {
    const auto& found = group("cifar10-asic");
    EXPECT_EQ(figuresOf(found),
              pairsIn("(0.001749; 94.03), (0.002989; 94.34), (0.003496; 95.10), (0.004999; 96.50). "
                      "(3.3; 94.17), (2.81; 92.53), (1.62; 92.62)"));
    EXPECT_EQ(found.quantity, Quantity::EnergyDelayProduct);
    EXPECT_EQ(quantityUnit(found.quantity), "10^6 cycle*joule");
    EXPECT_NE(found.remark.find("unverified"), std::string_view::npos);
}

TEST(PublishedFigures, OfTheSweepPairEachAccuracyWithItsOwnDesign) {
    const auto& found = group("dsp-sweep");
    const std::vector<int> dsp = {140, 225, 450, 580, 835};
    const std::vector<double> fps = {74.3, 101.9, 254.5, 297.4, 490.7};
    const std::vector<double> accuracies = {75.95, 77.24, 76.98, 76.22, 76.45};
    for (std::size_t i = 0; i < dsp.size(); ++i) {
        const auto& figure = found.figures[i];
        EXPECT_EQ(figure.dsp, dsp[i]);
        EXPECT_EQ(figure.x, fps[i]);
        EXPECT_EQ(figure.accuracy, accuracies[i]);
        EXPECT_TRUE(figure.authors);
        EXPECT_NEAR(200e6 / static_cast<double>(figure.cycles.value()), figure.x, 0.06);
    }
    std::multiset<std::pair<int, double>> others;
    for (std::size_t i = dsp.size(); i < found.figures.size(); ++i) {
        others.emplace(found.figures[i].dsp.value(), found.figures[i].x);
    }
    EXPECT_EQ(others, (std::multiset<std::pair<int, double>>{
                          {450, 35.5}, {680, 27.7}, {808, 170}, {731, 104}, {670, 380.6}}));
    EXPECT_EQ(found.grade, Grade::FigureFilesMay2020);
}

TEST(PublishedFigures, AllHaveAGradeASourceAndNamesOfTheirOwn) {
    std::set<std::string_view> ids;
    for (const auto& found : groups()) {
        EXPECT_TRUE(ids.insert(found.id).second) << found.id;
        EXPECT_FALSE(gradeText(found.grade).empty());
        EXPECT_FALSE(found.source.empty());
        EXPECT_FALSE(found.dataSet.empty());
        EXPECT_FALSE(found.device.empty());
        std::set<std::string_view> names;
        for (const auto& figure : found.figures) {
            EXPECT_TRUE(names.insert(figure.design).second) << figure.design;
            EXPECT_GT(figure.x, 0);
            EXPECT_LT(figure.accuracy.value_or(0), 100);
        }
    }
    EXPECT_EQ(findGroup("imagenet"), nullptr);
    EXPECT_EQ(gradeText(Grade::FigureFilesOctober2020), "authors' figure files, October 2020");
}

TEST(PublishedClaims, AreTheAbstractsAndNoReadingOfThem) {
    std::vector<double> values;
    for (const auto& claim : claims()) {
        values.push_back(claim.value);
        EXPECT_EQ(claim.grade, Grade::Abstract);
    }
    EXPECT_EQ(values, (std::vector<double>{3.04, 5.46, 1234.3, 10, 3}));
    for (const auto& found : groups()) {
        for (const auto& figure : found.figures) {
            EXPECT_GT(std::abs(figure.x - 31.9), 0.05) << "a reading, not a published figure";
        }
    }
}

}  // namespace
}  // namespace cohelix::published
