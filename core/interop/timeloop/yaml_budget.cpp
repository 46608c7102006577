// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/yaml_budget.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include "core/base/unicode.h"
#include "core/base/units.h"

namespace cohelix::interop {
namespace {

std::size_t lineOf(std::string_view text, std::size_t position) {
    const auto before = text.substr(0, position);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

std::string lineText(const std::string& where, std::size_t line) {
    return where + ", line " + std::to_string(line);
}

void requireUtf8(std::string_view text, const std::string& where) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = base::lengthOfFirst(text.substr(at));
        const bool binary = length == 1 && text[at] == '\0';
        if (length == 0 || binary) {
            throw BadYaml{{lineText(where, lineOf(text, at)), "the text is not UTF-8",
                           "Save the file as UTF-8"}};
        }
        at += length;
    }
}

/// "{{ … }}" and "{% … %}" outside comments.
void refuseTemplate(std::string_view text, const std::string& where) {
    std::size_t line = 1;
    for (std::size_t begin = 0; begin < text.size(); ++line) {
        const auto end = std::min(text.find('\n', begin), text.size());
        auto row = text.substr(begin, end - begin);
        row = row.substr(0, row.find('#'));
        if (row.find("{{") != row.npos || row.find("{%") != row.npos) {
            throw BadYaml{{lineText(where, line), "this is a template of Jinja, not yet YAML",
                           "Run Timeloop's front end and give the file that it writes, "
                           "parsed-processed-input.yaml"}};
        }
        begin = end + 1;
    }
}

/// Size and depth of each node with its aliases unfolded, and the names of each map.
class Unfolded : public YAML::EventHandler {
public:
    Unfolded(std::string where, const YamlBudget& budget)
        : m_where(std::move(where)), m_budget(budget) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(mark, anchor); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  const std::string& text) override {
        if (!m_begun.empty() && m_begun.back().namesNext) requireNew(mark, text);
        leaf(mark, anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto known = m_known.find(anchor);
        if (known == m_known.end()) fail(mark, "an anchor contains itself");
        add(mark, known->second);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, anchor);
        m_begun.back().isMap = m_begun.back().namesNext = true;
    }
    void OnMapEnd() override { close(); }

private:
    struct Size {
        std::int64_t nodes = 1;
        int depth = 1;
    };
    struct Begun {
        YAML::Mark mark;
        YAML::anchor_t anchor;
        Size size;
        bool isMap = false;
        bool namesNext = false;            ///< a map's names and values take turns
        std::set<std::string> names = {};  ///< of a map
    };

    [[noreturn]] void fail(const YAML::Mark& mark, const std::string& what) const {
        throw BadYaml{{lineText(m_where, static_cast<std::size_t>(mark.line) + 1), what,
                       "Timeloop's files have some thousand entries"}};
    }
    /// A reader would take one of the two values without a word. Merges ("<<") may be several.
    void requireNew(const YAML::Mark& mark, const std::string& name) {
        if (name == "<<" || m_begun.back().names.insert(normalisedName(name)).second) return;
        throw BadYaml{{lineText(m_where, static_cast<std::size_t>(mark.line) + 1),
                       "'" + name + "' is given twice in one map", "Leave one of the two out"}};
    }
    void leaf(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0) m_known[anchor] = {};
        add(mark, {});
    }
    void open(const YAML::Mark& mark, YAML::anchor_t anchor) {
        m_begun.push_back({mark, anchor, {}});
        check(mark, {1, static_cast<int>(m_begun.size())});
    }
    void close() {
        const auto begun = m_begun.back();
        m_begun.pop_back();
        if (begun.anchor != 0) m_known[begun.anchor] = begun.size;
        add(begun.mark, begun.size);
    }
    void add(const YAML::Mark& mark, Size size) {
        if (m_begun.empty()) return check(mark, size);
        auto& begun = m_begun.back();
        begun.namesNext = begun.isMap && !begun.namesNext;
        auto& outer = begun.size;
        outer.nodes += size.nodes;  // each below the budget: no overflow
        outer.depth = std::max(outer.depth, size.depth + 1);
        check(mark, outer);
    }
    void check(const YAML::Mark& mark, Size size) const {
        if (size.nodes > m_budget.nodes) {
            fail(mark, "with its aliases unfolded the text has more than " +
                           base::grouped(m_budget.nodes) + " entries");
        }
        if (size.depth > m_budget.depth) {
            fail(mark, "entries nest more than " + std::to_string(m_budget.depth) + " deep");
        }
    }

    std::string m_where;
    YamlBudget m_budget;
    std::vector<Begun> m_begun;
    std::map<YAML::anchor_t, Size> m_known;
};

}  // namespace

void checkYamlBudget(std::string_view text, const std::string& where, const YamlBudget& budget) {
    if (text.size() > budget.bytes) {
        throw BadYaml{{where,
                       "the text has more than " + std::to_string(budget.bytes >> 20) + " MiB",
                       "Timeloop's files have a few KiB"}};
    }
    requireUtf8(text, where);
    refuseTemplate(text, where);
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Unfolded unfolded(where, budget);
    parser.HandleNextDocument(unfolded);
}

}  // namespace cohelix::interop
