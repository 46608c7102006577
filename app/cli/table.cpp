// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/table.h"

#include <algorithm>
#include <cctype>

#include "core/base/unicode.h"
#include "core/interop/designs/designs_csv.h"

namespace cohelix::cli {
namespace {

bool looksLikeNumber(const std::string& cell) {
    return cell.empty() || cell == "-" ||
           std::all_of(cell.begin(), cell.end(), [](unsigned char c) {
               return std::isdigit(c) || c == '.' || c == ',' || c == '-' || c == '/' || c == ' ';
           });
}

/// Characters on the screen of a UTF-8 text.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

Table::Table(std::vector<std::string> header) { m_rows.push_back(std::move(header)); }

void Table::add(std::vector<std::string> row) { m_rows.push_back(std::move(row)); }

std::string Table::text() const {
    auto rows = m_rows;
    for (auto& row : rows) {
        for (auto& cell : row) cell = base::visibleLine(cell);
    }
    const std::size_t columns = rows.front().size();
    std::vector<std::size_t> widths(columns, 0);
    std::vector<bool> right(columns, true);
    for (const auto& row : rows) {
        for (std::size_t c = 0; c < columns; ++c) {
            widths[c] = std::max(widths[c], width(row[c]));
            if (&row != &rows.front() && !looksLikeNumber(row[c])) right[c] = false;
        }
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t c = 0; c < columns; ++c) {
            const std::string pad(widths[c] - width(row[c]), ' ');
            line += (c ? "  " : "") + (right[c] ? pad + row[c] : row[c] + pad);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

std::string Table::csv() const {
    std::string out;
    for (const auto& row : m_rows) {
        for (std::size_t c = 0; c < row.size(); ++c) {
            out += (c ? "," : "") + interop::csvField(row[c]);
        }
        out += "\n";
    }
    return out;
}

}  // namespace cohelix::cli
