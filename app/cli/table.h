// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A plain table for standard output: columns aligned, numbers to the right.

#include <string>
#include <vector>

namespace cohelix::cli {

class Table {
public:
    explicit Table(std::vector<std::string> header);
    void add(std::vector<std::string> row);
    /// Two spaces between columns; columns whose cells all look like numbers are right-aligned.
    /// A cell stays in its line (base::visibleLine).
    std::string text() const;
    /// RFC 4180, cells as they are.
    std::string csv() const;

private:
    std::vector<std::vector<std::string>> m_rows;  ///< the header first
};

}  // namespace cohelix::cli
