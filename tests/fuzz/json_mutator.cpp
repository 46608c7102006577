// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/json_mutator.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "core/base/json.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace cohelix::fuzz {
namespace {

using base::Json;
using Draw = std::minstd_rand;

std::size_t below(Draw& draw, std::size_t count) { return draw() / 7 % count; }

/// Every value of the document, itself first.
void collect(Json& json, std::vector<Json*>& all) {
    all.push_back(&json);
    if (!json.is_structured()) return;
    for (auto& item : json) collect(item, all);
}

Json oddNumber(Draw& draw, const Json& old) {
    static const std::array<Json, 16> odd = {0,
                                             1,
                                             -1,
                                             2,
                                             3,
                                             255,
                                             65536,
                                             2147483647,
                                             -2147483648LL,
                                             2147483648LL,
                                             9223372036854775807LL,
                                             1e18,
                                             1e-300,
                                             1e300,
                                             0.5,
                                             18446744073709551615ULL};
    if (below(draw, 2) == 0 && old.is_number_integer()) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(old.get<std::int64_t>()) +
                                         below(draw, 9) - 4);
    }
    return odd[below(draw, odd.size())];
}

std::string oddText(Draw& draw, std::string text) {
    switch (below(draw, 4)) {
        case 0: return {};
        case 1: return text + text;
        case 2: return text.substr(0, text.size() / 2);
        default: break;
    }
    if (text.empty()) text = " ";
    text[below(draw, text.size())] = static_cast<char>(32 + below(draw, 95));
    return text;
}

void changeList(Draw& draw, Json& list) {
    if (list.empty()) {
        list.push_back(0);
        return;
    }
    const auto at = below(draw, list.size());
    switch (below(draw, 3)) {
        case 0: list.erase(at); break;
        case 1: list.push_back(Json(list[at])); break;
        default: std::swap(list[at], list[below(draw, list.size())]); break;
    }
}

void changeObject(Draw& draw, Json& object) {
    if (object.empty()) return;
    auto item = object.begin();
    std::advance(item, static_cast<std::ptrdiff_t>(below(draw, object.size())));
    const std::string key = item.key();
    if (below(draw, 2) == 0) {
        object.erase(key);
    } else {
        object[oddText(draw, key)] = Json(item.value());
    }
}

void change(Draw& draw, Json& json, const std::vector<Json*>& all) {
    if (below(draw, 8) == 0) {  // another value of the same document
        json = Json(*all[below(draw, all.size())]);
    } else if (json.is_number()) {
        json = oddNumber(draw, json);
    } else if (json.is_string()) {
        json = oddText(draw, json.get<std::string>());
    } else if (json.is_binary()) {
        auto& bytes = json.get_binary();
        if (bytes.empty() || below(draw, 3) == 0) {
            bytes.resize(below(draw, 64));
        } else {
            bytes[below(draw, bytes.size())] = static_cast<std::uint8_t>(below(draw, 256));
        }
    } else if (json.is_array()) {
        changeList(draw, json);
    } else if (json.is_object()) {
        changeObject(draw, json);
    } else {
        json = below(draw, 2) == 0;
    }
}

/// Discarded where it is no document; of a size that no memory has the parser throws all the same.
Json parsed(Form form, const std::uint8_t* data, std::size_t size) {
    try {
        return form == Form::Json ? Json::parse(data, data + size, nullptr, false)
                                  : Json::from_cbor(data, data + size, true, false);
    } catch (const Json::exception&) {
        return Json(Json::value_t::discarded);
    }
}

}  // namespace

std::size_t mutateDocument(Form form, std::uint8_t* data, std::size_t size, std::size_t most,
                           unsigned seed) {
    Draw draw(seed + 1);
    if (below(draw, 4) == 0) return LLVMFuzzerMutate(data, size, most);
    Json json = parsed(form, data, size);
    if (json.is_discarded()) return LLVMFuzzerMutate(data, size, most);
    for (std::size_t times = 1 + below(draw, 3); times > 0; --times) {
        std::vector<Json*> all;
        collect(json, all);
        change(draw, *all[below(draw, all.size())], all);
    }
    std::vector<std::uint8_t> bytes;
    if (form == Form::Json) {
        const auto text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
        bytes.assign(text.begin(), text.end());
    } else {
        bytes = Json::to_cbor(json);
    }
    if (bytes.size() > most) return LLVMFuzzerMutate(data, size, most);
    std::copy(bytes.begin(), bytes.end(), data);
    return bytes.size();
}

}  // namespace cohelix::fuzz
