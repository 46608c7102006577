// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What the tables of measured hardware have in common. Private to the room.

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "core/base/csv.h"
#include "core/lab/validate/validation.h"

namespace cohelix::validate {

/// Reads the cells of one row, remembering the first error: a row is read whole, then asked once.
class RowReader {
public:
    RowReader(const base::CsvTable& table, std::size_t row) : m_table(table), m_row(row) {}

    std::string text(const std::string& column) const { return m_table.text(m_row, column); }
    /// From `least` to `most`; `least` after an error.
    std::int64_t integer(const std::string& column, std::int64_t least, std::int64_t most);
    /// A number above zero that is not absurd (at most 1e15); 1 after an error.
    double positive(const std::string& column);
    const std::optional<base::Error>& error() const { return m_error; }
    /// For errors of the row as a whole.
    base::Error refuse(const std::string& what) const { return {m_table.where(m_row), what, {}}; }

private:
    const base::CsvTable& m_table;
    std::size_t m_row;
    std::optional<base::Error> m_error;
};

/// |ours / theirs - 1|
double relativeError(const Comparison& comparison);
/// Of nothing: 0.
double meanRelativeError(std::span<const Comparison> comparisons);
/// "12 rows, mean error 3.4 %, worst 5.6 %"
std::string errorsInWords(std::span<const Comparison> comparisons);
/// "0.987"; "-" where there is none.
std::string correlationInWords(const std::optional<double>& correlation);

/// Fills in errors, ranks, the furthest comparisons in words, and the time since `begin`.
void conclude(Validation& validation, std::chrono::steady_clock::time_point begin);

}  // namespace cohelix::validate
