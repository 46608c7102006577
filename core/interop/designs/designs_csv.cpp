// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/designs/designs_csv.h"

#include <array>
#include <charconv>
#include <map>
#include <unordered_map>

#include "core/base/units.h"
#include "core/interop/designs/chosen.h"

namespace cohelix::interop {
namespace {

constexpr const char* kFirstColumns = "id,run,state,accuracy,accuracy_grade";

constexpr const char* kLastColumns = ",macs,within_limits";

/// In percent with twelve significant digits: the last bits of the product (90.88000000000001) say
/// nothing.
std::string percentText(double share) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), share * 100,
                                   std::chars_format::general, 12)
                         .ptr;
    return {text.data(), end};
}

bool hasAccuracy(const store::DesignRow& row) { return row.grade != model::AccuracyGrade::None; }

std::string fixedFields(const store::DesignRow& row) {
    std::string line = std::to_string(row.id);
    line.append(",").append(std::to_string(row.run)).append(",");
    line += word(row.state);
    line += ",";
    if (hasAccuracy(row)) line += percentText(row.accuracy);
    line += ",";
    line += word(row.grade);
    for (const auto& name : model::kFigureNames) {
        line.append(",").append(base::exact(row.*name.member));
    }
    return line + (row.front ? ",1" : ",0");
}

std::string lastFields(const store::DesignRow& row) {
    return "," + std::to_string(row.macs) + (row.within ? ",1" : ",0");
}

/// Position of each choice's name among the columns behind the fixed ones.
class Columns {
public:
    void add(const std::vector<std::string>& names) {
        for (const auto& name : names) {
            if (m_positions.emplace(name, m_names.size()).second) m_names.push_back(name);
        }
    }
    std::string header() const {
        std::string line = kFirstColumns;
        for (const auto& name : model::kFigureNames) line.append(",").append(name.key);
        line += ",front";
        for (const auto& name : m_names) line.append(",").append(csvField(name));
        return line + kLastColumns + "\n";
    }
    std::string fields(const Chosen& chosen) const {
        std::vector<std::string> values(m_names.size());
        for (const auto& [name, option] : chosen) values[m_positions.at(name)] = option;
        std::string line;
        for (const auto& value : values) line.append(",").append(csvField(value));
        return line;
    }

private:
    std::vector<std::string> m_names;
    std::unordered_map<std::string, std::size_t> m_positions;
};

base::Json rowJson(const store::DesignRow& row, const Chosen& chosen) {
    base::Json choices = base::Json::object();
    for (const auto& [name, option] : chosen) choices[name] = option;
    base::Json json = {
        {"id", row.id},
        {"run", row.run},
        {"state", word(row.state)},
        {"accuracy", hasAccuracy(row) ? base::Json(row.accuracy * 100) : base::Json()},
        {"accuracy_grade", word(row.grade)}};
    for (const auto& name : model::kFigureNames) json[name.key] = row.*name.member;
    json["front"] = row.front;
    json["macs"] = row.macs;
    json["within_limits"] = row.within;
    json["choices"] = std::move(choices);
    return json;
}

}  // namespace

base::Result<std::vector<DesignTable>> designTables(store::Project& project,
                                                    const std::vector<store::DesignRow>& rows) {
    std::map<std::int64_t, std::size_t> tableOfRun;
    std::vector<DesignTable> tables;
    for (const auto& row : rows) {
        const auto [entry, isNew] = tableOfRun.try_emplace(row.run, tables.size());
        if (isNew) {
            auto specification = store::keptSpecification(project, row.run);
            if (!specification) return specification.error();
            tables.push_back({std::move(*specification), {}});
        }
        tables[entry->second].rows.push_back(row);
    }
    return tables;
}

std::string csvField(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

base::Result<std::string> designsCsv(const std::vector<DesignTable>& tables) {
    Columns columns;
    std::vector<ChoiceReader> readers;
    for (const auto& table : tables) {
        readers.emplace_back(table.specification);
        columns.add(readers.back().names());
    }
    std::string text = columns.header();
    for (std::size_t t = 0; t < tables.size(); ++t) {
        for (const auto& row : tables[t].rows) {
            const auto chosen = readers[t].read(row.choices);
            if (!chosen) return chosen.error();
            text += fixedFields(row) + columns.fields(*chosen) + lastFields(row) + "\n";
        }
    }
    return text;
}

base::Result<base::Json> designsJson(const std::vector<DesignTable>& tables) {
    base::Json list = base::Json::array();
    for (const auto& table : tables) {
        const ChoiceReader reader(table.specification);
        for (const auto& row : table.rows) {
            const auto chosen = reader.read(row.choices);
            if (!chosen) return chosen.error();
            list.push_back(rowJson(row, *chosen));
        }
    }
    return list;
}

}  // namespace cohelix::interop
