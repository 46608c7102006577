// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/documents/tensor_json.h"

#include <algorithm>
#include <string>

namespace cohelix::interop {

base::Json tensorSetJson(const TensorSet& set) {
    base::Json list = base::Json::array();
    for (const auto tensor : model::kAllTensors) {
        if (set[static_cast<std::size_t>(tensor)]) list.push_back(word(tensor));
    }
    return list;
}

TensorSet readTensorSet(base::JsonReader& reader, const base::Json& json, const char* key) {
    TensorSet set = {true, true, true};
    if (!reader.has(key)) return set;
    set.fill(false);
    if (json.is_object() && json.at(key).is_array() && json.at(key).empty()) {
        reader.eachObject(key, [](base::JsonReader) {});
        return set;
    }
    const auto names = reader.texts(key);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found =
            std::find_if(model::kAllTensors.begin(), model::kAllTensors.end(),
                         [&](model::Tensor tensor) { return word(tensor) == names[i]; });
        const auto place = std::string(key) + "/" + std::to_string(i);
        if (found == model::kAllTensors.end()) {
            reader.fail(place, "'" + names[i] + "' is no tensor", "Use weights, inputs, outputs");
        } else if (set[static_cast<std::size_t>(*found)]) {
            reader.fail(place, "'" + names[i] + "' is there twice");
        } else {
            set[static_cast<std::size_t>(*found)] = true;
        }
    }
    return set;
}

}  // namespace cohelix::interop
