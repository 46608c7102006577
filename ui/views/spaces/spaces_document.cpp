// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_document.h"

namespace cohelix::ui {
namespace {

using base::Error;
using base::Json;

bool put(Json& document, const std::string& pointer, const SpacesDocument::Value& value) {
    try {
        const Json::json_pointer path(pointer);
        const auto parent = path.parent_pointer();
        if (!document.contains(parent)) return false;
        if (value) {
            document[path] = *value;
        } else if (document.contains(path)) {
            document[parent].erase(path.back());
        }
        return true;
    } catch (const Json::exception&) {
        return false;
    }
}

}  // namespace

void SpacesDocument::take(spec::Specification specification) {
    m_specification = std::move(specification);
    m_json = spec::toJson(m_specification);
}

void SpacesDocument::setSpecification(spec::Specification specification) {
    take(std::move(specification));
    judgePending();
}

const Json* SpacesDocument::find(const std::string& pointer) const {
    try {
        const Json::json_pointer path(pointer);
        return m_json.contains(path) ? &m_json.at(path) : nullptr;
    } catch (const Json::exception&) {
        return nullptr;
    }
}

base::Result<spec::Specification> SpacesDocument::read(
    const std::map<std::string, Value>& values) const {
    Json candidate = m_json;
    for (const auto& [pointer, value] : values) {
        if (!put(candidate, pointer, value)) {
            return Error{pointer, "there is no such field any more", {}};
        }
    }
    return spec::fromJson(candidate);
}

std::optional<Error> SpacesDocument::judge(const std::string& pointer, const Value& value) const {
    const auto alone = read({{pointer, value}});
    if (alone) return std::nullopt;
    auto together = m_pending;
    together[pointer] = value;
    if (read(together)) return std::nullopt;
    return alone.error();
}

bool SpacesDocument::set(const std::string& pointer, const Value& value) {
    auto together = m_pending;
    together[pointer] = value;
    auto result = read(together);
    if (result) {
        m_pending.clear();
    } else {
        result = read({{pointer, value}});
        if (!result) {
            m_pending[pointer] = value;
            m_errors[pointer] = result.error();
            return false;
        }
        m_pending.erase(pointer);
    }
    const bool changed = *result != m_specification;
    take(std::move(*result));
    judgePending();
    return changed;
}

bool SpacesDocument::takeStructure(const Json& json, std::optional<Error>& error) {
    auto result = spec::fromJson(json);
    if (!result) {
        error = result.error();
        return false;
    }
    take(std::move(*result));
    judgePending();
    return true;
}

bool SpacesDocument::repeatLast(const std::string& listPointer, std::optional<Error>& error) {
    const auto* list = find(listPointer);
    if (!list || !list->is_array() || list->empty()) return false;
    Json candidate = m_json;
    candidate[Json::json_pointer(listPointer)].push_back(list->back());
    return takeStructure(candidate, error);
}

bool SpacesDocument::remove(const std::string& elementPointer, std::optional<Error>& error) {
    if (!find(elementPointer)) return false;
    Json candidate = m_json;
    const Json::json_pointer path(elementPointer);
    auto& list = candidate[path.parent_pointer()];
    if (!list.is_array()) return false;
    list.erase(static_cast<std::size_t>(std::stoul(path.back())));
    // Positions behind the removed element mean something else now.
    const auto prefix = path.parent_pointer().to_string() + "/";
    std::erase_if(m_pending, [&](const auto& item) { return item.first.starts_with(prefix); });
    return takeStructure(candidate, error);
}

void SpacesDocument::giveUp(const std::string& pointer) {
    m_pending.erase(pointer);
    judgePending();
}

void SpacesDocument::giveUpAll() {
    m_pending.clear();
    m_errors.clear();
}

void SpacesDocument::judgePending() {
    m_errors.clear();
    for (const auto& [pointer, value] : m_pending) {
        const auto alone = read({{pointer, value}});
        m_errors[pointer] =
            alone ? Error{pointer, "this value is not applied yet", "Press Enter"} : alone.error();
    }
}

}  // namespace cohelix::ui
