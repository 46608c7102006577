// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Reading tables of comma-separated values with a header line (RFC 4180: quotes, doubled quotes).

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace cohelix::base {

class CsvTable {
public:
    /// Error: the file cannot be read, it has no header, a row has another number of cells than
    /// the header, a quote is not closed, a byte is not UTF-8, or a column of `needed` is missing.
    static Result<CsvTable> read(const std::filesystem::path& path,
                                 const std::vector<std::string>& needed);
    /// The same from text; `where` names it in errors.
    static Result<CsvTable> parse(std::string_view text, const std::string& where,
                                  const std::vector<std::string>& needed);

    std::size_t rows() const { return m_rows.size(); }
    bool has(const std::string& column) const { return m_columns.contains(column); }
    /// Only for columns that are there.
    const std::string& text(std::size_t row, const std::string& column) const;
    /// Errors name file, line and column: no number, or out of range.
    Result<double> number(std::size_t row, const std::string& column) const;
    Result<std::int64_t> integer(std::size_t row, const std::string& column, std::int64_t least,
                                 std::int64_t most) const;
    /// "FILE, line 7".
    std::string where(std::size_t row) const;

private:
    struct Row {
        std::size_t line;
        std::vector<std::string> cells;
    };
    std::string m_name;
    std::map<std::string, std::size_t> m_columns;
    std::vector<Row> m_rows;
};

}  // namespace cohelix::base
