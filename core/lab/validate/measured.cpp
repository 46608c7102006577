// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lab/validate/measured.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/units.h"
#include "core/lab/validate/rank_correlation.h"

namespace cohelix::validate {
namespace {

constexpr std::size_t kMostDifferences = 10;
constexpr double kMostNumber = 1e15;

/// "conv1: 12.3 ms for 11.8 ms (4.2 %)"
std::string inWords(const Comparison& comparison, const std::string& unit) {
    const auto figure = [&](double value) {
        return base::fixed(value, value < 1000 ? 3 : 0) + " " + unit;
    };
    return comparison.what + ": " + figure(comparison.ours) + " for " + figure(comparison.theirs) +
           " (" + base::fixed(100 * (comparison.ours / comparison.theirs - 1), 1) + " %)";
}

std::vector<std::string> furthest(std::vector<Comparison> comparisons, const std::string& unit) {
    const std::size_t count = std::min(comparisons.size(), kMostDifferences);
    std::ranges::stable_sort(comparisons, std::ranges::greater{}, relativeError);
    comparisons.resize(count);
    std::vector<std::string> lines;
    for (const auto& comparison : comparisons) {
        if (comparison.ours != comparison.theirs) lines.push_back(inWords(comparison, unit));
    }
    return lines;
}

}  // namespace

std::int64_t RowReader::integer(const std::string& column, std::int64_t least, std::int64_t most) {
    const auto value = m_table.integer(m_row, column, least, most);
    if (!value && !m_error) m_error = value.error();
    return value ? *value : least;
}

double RowReader::positive(const std::string& column) {
    const auto value = m_table.number(m_row, column);
    if (value && *value > 0 && *value <= kMostNumber) return *value;
    if (!m_error) {
        m_error = value ? refuse("'" + text(column) + "' in column '" + column +
                                 "' is not above 0 and at most 1e15")
                        : value.error();
    }
    return 1;
}

double relativeError(const Comparison& comparison) {
    return std::abs(comparison.ours / comparison.theirs - 1);
}

double meanRelativeError(std::span<const Comparison> comparisons) {
    if (comparisons.empty()) return 0;
    double sum = 0;
    for (const auto& comparison : comparisons) sum += relativeError(comparison);
    return sum / static_cast<double>(comparisons.size());
}

std::string errorsInWords(std::span<const Comparison> comparisons) {
    double worst = 0;
    for (const auto& comparison : comparisons) worst = std::max(worst, relativeError(comparison));
    return std::to_string(comparisons.size()) + " rows, mean error " +
           base::fixed(100 * meanRelativeError(comparisons), 2) + " %, worst " +
           base::fixed(100 * worst, 1) + " %";
}

std::string correlationInWords(const std::optional<double>& correlation) {
    return correlation ? base::fixed(*correlation, 4) : "-";
}

void conclude(Validation& validation, std::chrono::steady_clock::time_point begin) {
    std::vector<double> ours;
    std::vector<double> theirs;
    double worst = 0;
    for (const auto& comparison : validation.comparisons) {
        ours.push_back(comparison.ours);
        theirs.push_back(comparison.theirs);
        worst = std::max(worst, relativeError(comparison));
    }
    if (!validation.comparisons.empty()) {
        validation.meanRelativeError = meanRelativeError(validation.comparisons);
        validation.worstRelativeError = worst;
    }
    validation.spearman = spearman(ours, theirs);
    validation.kendall = kendall(ours, theirs);
    validation.differences = furthest(validation.comparisons, validation.unit);
    validation.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace cohelix::validate
