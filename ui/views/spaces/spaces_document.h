// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A specification under edit: the last valid one, and beside it the fields whose typed values do
// not (yet) give a valid one. What is invalid never reaches the specification and is never lost: it
// stays pending until it is corrected, becomes valid through another edit, or is given up. Free of
// widgets; used from one thread.

#include <map>
#include <optional>
#include <string>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/specification/specification.h"

namespace cohelix::ui {

class SpacesDocument {
public:
    /// A typed value; nothing: the field is left out.
    using Value = std::optional<base::Json>;

    /// Takes a valid specification; pending values stay and are judged anew.
    void setSpecification(spec::Specification specification);
    const spec::Specification& specification() const { return m_specification; }
    const base::Json& json() const { return m_json; }
    /// The value at a pointer of the valid document; null when there is none.
    const base::Json* find(const std::string& pointer) const;

    /// What would be wrong if the field took that value; nothing when it would do. Changes nothing.
    std::optional<base::Error> judge(const std::string& pointer, const Value& value) const;
    /// Sets a field, together with what is pending where that helps. True when the specification
    /// changed; otherwise the value is pending with its error, or was there already.
    bool set(const std::string& pointer, const Value& value);
    /// Repeats the last element of a list, or removes one. True when the specification changed;
    /// else `error` says why not.
    bool repeatLast(const std::string& listPointer, std::optional<base::Error>& error);
    bool remove(const std::string& elementPointer, std::optional<base::Error>& error);

    /// Forgets a pending value, or all of them.
    void giveUp(const std::string& pointer);
    void giveUpAll();
    const std::map<std::string, base::Error>& errors() const { return m_errors; }
    const std::map<std::string, Value>& pending() const { return m_pending; }

private:
    base::Result<spec::Specification> read(const std::map<std::string, Value>& values) const;
    void take(spec::Specification specification);
    bool takeStructure(const base::Json& json, std::optional<base::Error>& error);
    void judgePending();

    spec::Specification m_specification;
    base::Json m_json = base::Json::object();
    std::map<std::string, Value> m_pending;
    std::map<std::string, base::Error> m_errors;
};

}  // namespace cohelix::ui
