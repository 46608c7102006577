// SPDX-License-Identifier: GPL-3.0-or-later
// A specification as all of its fields, in the order of the document. Each field stands once, with
// its key, bounds, what is taken where it is absent, meaning, unit and label: here, or with the
// part that it is of. Readers, writers and those who explain go over it in this order
// (field_visitors.h).
#include <limits>

#include "core/specification/accelerator_fields.h"
#include "core/specification/accelerator_presets.h"
#include "core/specification/field_visitors.h"
#include "core/specification/network_fields.h"
#include "core/specification/search_fields.h"

namespace cohelix::spec {
namespace {

using base::Json;
using base::JsonReader;

/// The space that the field names, as the object that it stands for.
Json readNamedAccelerator(JsonReader& json) {
    const auto preset = acceleratorPreset(json.text("accelerator"));
    if (preset) return toJson(*preset);
    json.fail("accelerator", "'" + preset.error().where + "' is no accelerator space",
              preset.error().advice);
    return {};
}

model::Device readDevice(JsonReader& json, const Json& document) {
    model::Device device;
    if (document.contains("device") && document["device"].is_object()) {
        ReadsFields v(json.object("device"));
        deviceFields(v, device);
        v.json().finish();
        return device;
    }
    const std::string name = json.text("device");
    if (const auto known = model::findDevice(name)) return *known;
    std::string names;
    for (const auto& one : model::devices()) names += (names.empty() ? "" : ", ") + one.name;
    json.fail("device", "'" + name + "' is not known",
              "Use one of " + names + ", or an object with name, kind, dsp, bram18k …");
    return {};
}

template <typename Visitor, typename T>
void titleFields(Visitor& v, T& spec) {
    v.text("name", spec.name, {"title of the search"});
    v.text("description", spec.description, "", {"free text"});
    v.integer("seed", spec.seed, {0, std::numeric_limits<std::int64_t>::max()},
              {"start of all random numbers; the same seed gives the same designs"});
}

/// From the objective on, and what is before the accelerator.
template <typename Visitor, typename T>
void spaceFields(Visitor& v, T& spec) {
    v.object("data_set", [&](auto& inner) { dataSetFields(inner, spec.dataSet); });
    v.object("network", [&](auto& inner) { networkFields(inner, spec.network); });
}
template <typename Visitor, typename T>
void budgetOfSearchFields(Visitor& v, T& spec) {
    v.object("objective", [&](auto& inner) { objectiveFields(inner, spec.objective); });
    v.object("search", [&](auto& inner) { searchFields(inner, spec.search); });
    v.object("training", [&](auto& inner) { trainingFields(inner, spec.training); });
}

Json write(const model::Device& device) {
    if (model::findDevice(device.name) == device) return device.name;
    WritesFields v;
    deviceFields(v, device);
    return v.take();
}

void readVersion(JsonReader& json, const std::optional<base::Error>& error) {
    const auto version = json.integer("cohelix", 1, 1 << 30);
    if (error || version <= kSpecificationVersion) return;
    json.fail("cohelix",
              "this specification has version " + std::to_string(version) +
                  ", this program knows up to " + std::to_string(kSpecificationVersion),
              "Use a newer Cohelix");
}

std::optional<base::Error> unprovable(const Specification& spec) {
    if (spec.search.acceleratorMethod != AcceleratorMethod::Proven ||
        hardware::provenAcceleratorsExist(spec.accelerator)) {
        return std::nullopt;
    }
    return base::Error{"/search/accelerator_method",
                       "the best accelerator of this space cannot be proven: its chunks share a "
                       "budget or the DRAM, or their layers are searched",
                       "Use auto or gradient"};
}

}  // namespace

base::Result<Specification> fromJson(const Json& document) {
    std::optional<base::Error> error;
    ReadsFields v(JsonReader(document, "", error));
    Specification spec;
    readVersion(v.json(), error);
    if (error) return *error;
    titleFields(v, spec);
    spaceFields(v, spec);
    if (error) return *error;
    const int blocks = static_cast<int>(blockShapes(spec.network).size());
    const auto accelerator = [&](auto& inner) {
        acceleratorFields(inner, spec.accelerator, blocks);
    };
    if (document.contains("accelerator") && document["accelerator"].is_string()) {
        const Json named = readNamedAccelerator(v.json());
        if (error) return *error;
        ReadsFields inner(JsonReader(named, "/accelerator", error));
        accelerator(inner);
        inner.json().finish();
    } else {
        v.object("accelerator", accelerator);
    }
    spec.device = readDevice(v.json(), document);
    if (v.json().has("limits")) {
        v.object("limits", [&](auto& inner) { limitFields(inner, spec.limits); });
    }
    budgetOfSearchFields(v, spec);
    v.json().finish();
    if (error) return *error;
    if (const auto refused = unprovable(spec)) return *refused;
    return spec;
}

Json toJson(const hardware::AcceleratorSpace& space) {
    WritesFields v;
    acceleratorFields(v, space, 0);
    return v.take();
}

Json toJson(const Specification& specification) {
    WritesFields v;
    v.json()["cohelix"] = kSpecificationVersion;
    titleFields(v, specification);
    spaceFields(v, specification);
    v.json()["accelerator"] = toJson(specification.accelerator);
    v.json()["device"] = write(specification.device);
    v.object("limits", [&](auto& inner) { limitFields(inner, specification.limits); });
    budgetOfSearchFields(v, specification);
    return v.take();
}

const std::vector<FieldHelp>& fieldHelp() {
    static const auto kHelp = [] {
        std::vector<FieldHelp> all;
        ExplainsFields v("", all);
        const Specification spec;
        v.say("cohelix", {.meaning = "version of this format; 1", .fixed = true});
        titleFields(v, spec);
        spaceFields(v, spec);
        v.say("accelerator",
              {"a space by name (r1, r2, wide, r2-wide, searched, each also with -beyond: beyond "
               "the authors' template; r1-28, r1-imagenet, r2-imagenet), or an object"});
        v.object("accelerator",
                 [&](auto& inner) { acceleratorFields(inner, spec.accelerator, 0); });
        std::vector<std::string> devices;
        for (const auto& device : model::devices()) devices.push_back(device.name);
        v.say("device",
              {.meaning = "part by name, or an object with its resources", .label = "Part"},
              std::move(devices));
        v.object("limits", [&](auto& inner) { limitFields(inner, spec.limits); });
        budgetOfSearchFields(v, spec);
        return all;
    }();
    return kHelp;
}

}  // namespace cohelix::spec
