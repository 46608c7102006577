// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Expected failures as values. An Error says what went wrong, where, and what the reader can do
// about it; a Result<T> holds either a T or such an Error. Exceptions are not part of any public
// contract of core.

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace cohelix::base {

struct Error {
    std::string where;   ///< file path, JSON pointer or name of the thing; may be empty
    std::string what;    ///< what is wrong, a sentence without a full stop
    std::string advice;  ///< what to do about it; may be empty

    friend bool operator==(const Error&, const Error&) = default;
};

/// "where: what. advice" with the empty parts left out.
std::string toText(const Error& error);

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    /// The value; only when ok().
    T& value() & { return assert(ok()), std::get<0>(m_state); }
    const T& value() const& { return assert(ok()), std::get<0>(m_state); }
    T&& value() && { return assert(ok()), std::get<0>(std::move(m_state)); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }

    /// The error; only when not ok().
    const Error& error() const { return assert(!ok()), std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    bool ok() const { return !m_error; }
    explicit operator bool() const { return ok(); }
    const Error& error() const { return assert(m_error), *m_error; }

private:
    std::optional<Error> m_error;
};

}  // namespace cohelix::base
