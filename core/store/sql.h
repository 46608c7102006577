// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What every file of this room needs to speak SQL: values bound in order, and the one place where
// SQLite's exceptions become Errors that say what to do.

#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/base/result.h"

namespace cohelix::store {

/// The text of a revision that a rescue found lost: no JSON, so that it cannot be taken for any.
inline constexpr const char* kLostText = "lost";

/// An Error on its way out of nested statements; guarded() catches it.
struct Refusal {
    base::Error error;
};

/// What SQLite reported, in words: full disk, read-only, damaged, busy …
base::Error sqlError(const std::string& path, const SQLite::Exception& problem);
/// The end of a sentence, for advice.
inline constexpr const char* kHowToRescue =
    "rescue what can still be read into a new file with: cohelix-cli rescue FILE NEW.cohelix (in "
    "the window: File, Rescue a damaged project)";
/// What to do with a file of which something does not fit the rest.
std::string damagedAdvice();
base::Error damagedError(const std::string& path, const std::string& detail);

/// Runs `work`, which returns a Result; exceptions become its Error.
template <typename Work>
auto guarded(const std::string& path, Work&& work) -> decltype(work()) {
    try {
        return work();
    } catch (const Refusal& refusal) {
        auto error = refusal.error;
        if (error.where.empty()) error.where = path;
        return error;
    } catch (const SQLite::Exception& problem) {
        return sqlError(path, problem);
    } catch (const std::bad_alloc&) {
        return base::Error{path, "there is not enough memory", "Close other programs"};
    } catch (const std::exception& problem) {
        return base::Error{path, problem.what(), {}};
    }
}

/// Binds values to ?1, ?2, … in the order of the calls. Bytes are not copied: they must
/// outlive the statement's execution.
class Binder {
public:
    explicit Binder(SQLite::Statement& statement) : m_statement(statement) {}
    Binder& operator()(std::int64_t value) { return m_statement.bind(m_next++, value), *this; }
    Binder& operator()(int value) { return m_statement.bind(m_next++, value), *this; }
    Binder& operator()(double value) { return m_statement.bind(m_next++, value), *this; }
    Binder& operator()(std::string_view value);
    Binder& operator()(const std::vector<std::uint8_t>& bytes);
    template <typename Value>
    Binder& operator()(const std::optional<Value>& value) {
        if (value) return (*this)(*value);
        return m_statement.bind(m_next++), *this;
    }

private:
    SQLite::Statement& m_statement;
    int m_next = 1;
};

std::optional<double> optionalDouble(const SQLite::Column& column);
/// A text to be shown or exported; bytes that are no UTF-8 become U+FFFD, since JSON refuses them.
std::string readableText(const SQLite::Column& column);
std::vector<std::uint8_t> bytesOf(const SQLite::Column& column);

}  // namespace cohelix::store
