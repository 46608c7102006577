// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/expression.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

namespace cohelix::interop {
namespace {

/// Ends the evaluation; caught in valueOfExpression.
struct NoExpression {};

class Evaluation {
public:
    using Names = std::function<std::optional<double>(std::string_view)>;

    Evaluation(std::string_view text, const Names& names) : m_text(text), m_names(names) {}

    double value() {
        const double all = sum();
        skipSpace();
        if (m_at != m_text.size()) throw NoExpression{};
        return all;
    }

private:
    static constexpr int kMostDepth = 64;
    static constexpr std::size_t kMostArguments = 16;

    double sum() {
        if (++m_depth > kMostDepth) throw NoExpression{};
        double all = term();
        for (;;) {
            if (take("+"))
                all += term();
            else if (take("-"))
                all -= term();
            else
                break;
        }
        --m_depth;
        return all;
    }
    double term() {
        double all = sign();
        for (;;) {
            if (take("//"))
                all = std::floor(all / sign());
            else if (take("/"))
                all /= sign();
            else if (take("%"))
                all = std::fmod(all, sign());
            else if (!next("**") && take("*"))
                all *= sign();
            else
                return all;
        }
    }
    double sign() {
        int minus = 0;
        for (;;) {
            if (take("-"))
                ++minus;
            else if (!take("+"))
                break;
        }
        const double power = this->power();
        return minus % 2 ? -power : power;
    }
    double power() {
        const double base = primary();
        if (!take("**")) return base;
        if (++m_depth > kMostDepth) throw NoExpression{};
        const double raised = std::pow(base, sign());
        --m_depth;
        return raised;
    }
    double primary() {
        if (take("(")) {
            const double inside = sum();
            if (!take(")")) throw NoExpression{};
            return inside;
        }
        skipSpace();
        const char first = m_at < m_text.size() ? m_text[m_at] : '\0';
        if (std::isdigit(static_cast<unsigned char>(first)) || first == '.') return number();
        const auto name = word();
        if (take("(")) return call(name);
        if (m_names) {
            if (const auto known = m_names(name)) return *known;
        }
        throw NoExpression{};
    }
    double number() {
        double number = 0;
        const char* begin = m_text.data() + m_at;
        const auto [end, code] = std::from_chars(begin, m_text.data() + m_text.size(), number);
        if (code != std::errc()) throw NoExpression{};
        m_at += static_cast<std::size_t>(end - begin);
        return number;
    }
    std::string_view word() {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() &&
               (std::isalnum(static_cast<unsigned char>(m_text[m_at])) || m_text[m_at] == '_')) {
            ++m_at;
        }
        if (m_at == begin) throw NoExpression{};
        return m_text.substr(begin, m_at - begin);
    }
    double call(std::string_view name) {
        std::vector<double> arguments = {sum()};
        while (take(",")) {
            if (arguments.size() == kMostArguments) throw NoExpression{};
            arguments.push_back(sum());
        }
        if (!take(")")) throw NoExpression{};
        const double x = arguments.front();
        if (name == "max") return *std::max_element(arguments.begin(), arguments.end());
        if (name == "min") return *std::min_element(arguments.begin(), arguments.end());
        if (name == "pow" && arguments.size() == 2) return std::pow(x, arguments[1]);
        if (arguments.size() != 1) throw NoExpression{};
        if (name == "ceil") return std::ceil(x);
        if (name == "floor") return std::floor(x);
        if (name == "round") return std::nearbyint(x);
        if (name == "int") return std::trunc(x);
        if (name == "abs") return std::abs(x);
        if (name == "log2") return std::log2(x);
        if (name == "sqrt") return std::sqrt(x);
        throw NoExpression{};
    }

    void skipSpace() {
        while (m_at < m_text.size() && std::isspace(static_cast<unsigned char>(m_text[m_at]))) {
            ++m_at;
        }
    }
    bool next(std::string_view sign) {
        skipSpace();
        return m_text.substr(m_at, sign.size()) == sign;
    }
    bool take(std::string_view sign) {
        if (!next(sign)) return false;
        m_at += sign.size();
        return true;
    }

    std::string_view m_text;
    const Names& m_names;
    std::size_t m_at = 0;
    int m_depth = 0;
};

}  // namespace

std::optional<double> valueOfExpression(
    std::string_view text, const std::function<std::optional<double>(std::string_view)>& names) {
    try {
        const double value = Evaluation(text, names).value();
        if (std::isfinite(value)) return value;
    } catch (const NoExpression&) {
    }
    return std::nullopt;
}

}  // namespace cohelix::interop
