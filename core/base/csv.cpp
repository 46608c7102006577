// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>

#include "core/base/text_file.h"
#include "core/base/unicode.h"

namespace cohelix::base {
namespace {

/// Takes one record off the text, quotes honoured; nothing where a quote is never closed.
std::optional<std::vector<std::string>> takeRecord(std::string_view& text, std::size_t& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    std::size_t i = 0;
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') ++line;
        if (quoted) {
            if (c != '"') {
                cells.back() += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                cells.back() += '"';
                ++i;
            } else {
                quoted = false;
            }
        } else if (c == '"' && cells.back().empty()) {
            quoted = true;
        } else if (c == ',') {
            cells.emplace_back();
        } else if (c == '\n') {
            ++i;
            break;
        } else if (c != '\r') {
            cells.back() += c;
        }
    }
    text.remove_prefix(i);
    if (quoted) return std::nullopt;
    return cells;
}

}  // namespace

Result<CsvTable> CsvTable::read(const std::filesystem::path& path,
                                const std::vector<std::string>& needed) {
    const auto text = readText(path);
    if (!text) return text.error();
    return parse(*text, path.string(), needed);
}

Result<CsvTable> CsvTable::parse(std::string_view text, const std::string& where,
                                 const std::vector<std::string>& needed) {
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
    if (const auto foreign = firstForeignByte(text)) {
        const auto line =
            1 + std::count(text.begin(), text.begin() + std::ptrdiff_t(*foreign), '\n');
        return Error{where + ", line " + std::to_string(line), "a byte of it is not UTF-8",
                     "Save the table as UTF-8"};
    }
    CsvTable table;
    table.m_name = where;
    std::size_t line = 1;
    bool header = true;
    while (!text.empty()) {
        const std::size_t begins = line;
        auto cells = takeRecord(text, line);
        const auto at = where + ", line " + std::to_string(begins);
        if (!cells) return Error{at, "a quote is not closed", {}};
        if (cells->size() == 1 && cells->front().empty()) continue;
        if (header) {
            for (std::size_t c = 0; c < cells->size(); ++c) {
                if (!table.m_columns.emplace((*cells)[c], c).second) {
                    return Error{at, "the column '" + (*cells)[c] + "' is there twice", {}};
                }
            }
            header = false;
        } else if (cells->size() != table.m_columns.size()) {
            return Error{at,
                         "it has " + std::to_string(cells->size()) + " cells; the header has " +
                             std::to_string(table.m_columns.size()),
                         {}};
        } else {
            table.m_rows.push_back({begins, std::move(*cells)});
        }
    }
    if (header) return Error{where, "it is empty", "A table begins with a header line"};
    for (const auto& column : needed) {
        if (!table.has(column)) return Error{where, "it has no column '" + column + "'", {}};
    }
    return table;
}

const std::string& CsvTable::text(std::size_t row, const std::string& column) const {
    return m_rows[row].cells[m_columns.at(column)];
}

Result<double> CsvTable::number(std::size_t row, const std::string& column) const {
    const std::string& cell = text(row, column);
    double value = 0;
    const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (code == std::errc() && end == cell.data() + cell.size() && std::isfinite(value)) {
        return value;
    }
    return Error{where(row), "'" + cell + "' in column '" + column + "' is no number", {}};
}

Result<std::int64_t> CsvTable::integer(std::size_t row, const std::string& column,
                                       std::int64_t least, std::int64_t most) const {
    const auto value = number(row, column);
    if (!value) return value.error();
    if (*value == std::floor(*value) && *value >= static_cast<double>(least) &&
        *value <= static_cast<double>(most)) {
        return static_cast<std::int64_t>(*value);
    }
    return Error{where(row),
                 "'" + text(row, column) + "' in column '" + column + "' is no whole number from " +
                     std::to_string(least) + " to " + std::to_string(most),
                 {}};
}

std::string CsvTable::where(std::size_t row) const {
    return m_name + ", line " + std::to_string(m_rows[row].line);
}

}  // namespace cohelix::base
