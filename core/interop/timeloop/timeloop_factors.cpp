// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/timeloop_factors.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "core/interop/documents/layer_check.h"
#include "core/interop/timeloop/timeloop_words.h"

namespace cohelix::interop {
namespace {

/// Entries of "C4 K=2, P5,3" or of a list of such, comments left out.
std::string joined(const YamlReader& node) {
    std::string text;
    if (node.isNothing()) return text;
    if (node.isText())
        text = node.text();
    else
        for (const auto& item : node.items()) text += item.text() + " ";
    return text.substr(0, text.find('#'));
}

bool isLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool separates(char c) { return std::isspace(static_cast<unsigned char>(c)) || c == ','; }

class FactorParser {
public:
    FactorParser(const YamlReader& node, const TimeloopNames& names)
        : m_node(node), m_names(names), m_text(joined(node)) {}

    std::vector<TimeloopFactor> parse() {
        std::vector<TimeloopFactor> factors;
        while (skipSpace()) {
            TimeloopFactor factor;
            factor.dim = takeDim();
            takeSign(factor);
            takeTrips(factor);
            if (m_at + 1 < m_text.size() && m_text[m_at] == ',' && isDigit(m_text[m_at + 1])) {
                ++m_at;
                factor.last = takeNumber();
            }
            factors.push_back(std::move(factor));
        }
        return factors;
    }

private:
    bool skipSpace() {
        while (m_at < m_text.size() && separates(m_text[m_at])) ++m_at;
        return m_at < m_text.size();
    }
    std::string takeDim() {
        std::size_t end = m_at;
        while (end < m_text.size() && isLetter(m_text[end])) ++end;
        const auto dim = m_text.substr(m_at, end - m_at);
        if (!m_names.dim(dim) && !timeloopDim(dim)) {
            m_node.fail("'" + m_text + "' names no dimension at '" + m_text.substr(m_at) + "'",
                        "Write factors as C4 or C=4, with the dimensions " + m_names.dimList());
        }
        m_at = end;
        return dim;
    }
    bool take(std::string_view sign) {
        if (m_text.compare(m_at, sign.size(), sign) != 0) return false;
        m_at += sign.size();
        return true;
    }
    void takeSign(TimeloopFactor& factor) {
        skipSpace();
        if (take("<=") || take("=<"))
            factor.sign = FactorSign::AtMost;
        else if (take(">=") || take("=>"))
            factor.sign = FactorSign::AtLeast;
        else if (take("<"))
            m_strict = -1, factor.sign = FactorSign::AtMost;
        else if (take(">"))
            m_strict = 1, factor.sign = FactorSign::AtLeast;
        else if (!take("=="))
            take("=");
        skipSpace();
    }
    void takeTrips(TimeloopFactor& factor) {
        const bool rest = factor.sign == FactorSign::Equal && m_text.compare(m_at, 2, "-1") == 0;
        if (rest) {
            m_at += 2;
            factor.trips = 0;
            factor.rest = true;
            return;
        }
        factor.trips = takeNumber() + m_strict;
        m_strict = 0;
        if (factor.sign != FactorSign::Equal && factor.trips < 1) {
            m_node.fail("'" + m_text + "' leaves " + factor.dim + " no trips");
        }
    }
    std::int64_t takeNumber() {
        std::int64_t number = -1;
        const char* begin = m_text.data() + m_at;
        const auto [end, code] = std::from_chars(begin, m_text.data() + m_text.size(), number);
        if (code != std::errc() || number < 0 || number > kMostSize) {
            m_node.fail("'" + m_text + "' has no factor from 0 to " + std::to_string(kMostSize) +
                        " at '" + m_text.substr(m_at) + "'");
        }
        m_at += static_cast<std::size_t>(end - begin);
        return number;
    }

    const YamlReader& m_node;
    const TimeloopNames& m_names;
    std::string m_text;
    std::size_t m_at = 0;
    std::int64_t m_strict = 0;  ///< of "<" and ">"
};

/// Words of a list or of a text with spaces; a word that is no dimension is taken letter by letter.
std::vector<std::string> orderNames(const YamlReader& node, const TimeloopNames& names) {
    const auto text = joined(node);
    std::vector<std::string> all;
    for (std::size_t at = 0; at < text.size();) {
        if (separates(text[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && !separates(text[end])) ++end;
        const auto word = text.substr(at, end - at);
        if (names.dim(word))
            all.push_back(word);
        else
            for (const char c : word) all.emplace_back(1, c);
        at = end;
    }
    return all;
}

}  // namespace

std::vector<TimeloopFactor> timeloopFactors(const YamlReader& node, const TimeloopNames& names) {
    return FactorParser(node, names).parse();
}

TimeloopOrder timeloopOrder(const YamlReader& node, const TimeloopNames& names) {
    TimeloopOrder order;
    auto* part = &order.inside;
    std::vector<model::Dim> seen;
    for (const auto& name : orderNames(node, names)) {
        if (name == "_") {
            part = &order.outside;
            continue;
        }
        const auto dim = names.dim(name);
        if (!dim && timeloopDim(name)) continue;  // a convolution's: of one step here
        if (!dim) {
            node.fail("the permutation names a dimension '" + name + "'",
                      "The problem has " + names.dimList());
        }
        if (std::find(seen.begin(), seen.end(), *dim) != seen.end()) {
            node.fail("the permutation has " + name + " twice");
        }
        seen.push_back(*dim);
        part->push_back(*dim);
    }
    return order;
}

}  // namespace cohelix::interop
