// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/specification/specification.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "core/specification/accelerator_presets.h"
#include "core/specification/field_help.h"

namespace cohelix::spec {
namespace {

Specification example() { return preset("fashion-mnist-zc706").value(); }

TEST(Presets, AreWhatStandsInProjects) {
    for (const auto& entry : presets()) {
        const auto path = std::filesystem::path(COHELIX_PROJECTS) / (entry.name + ".json");
        std::ifstream file(path);
        ASSERT_TRUE(file) << path;
        std::ostringstream text;
        text << file.rdbuf();
        EXPECT_EQ(text.str(), toText(preset(entry.name).value()))
            << path << ": write it anew with 'cohelix-cli spec presets " << entry.name << "'";
    }
}

TEST(Specification, TextAndBackIsTheSame) {
    for (const auto& entry : presets()) {
        const auto spec = preset(entry.name).value();
        const auto again = parseSpecification(toText(spec), entry.name);
        ASSERT_TRUE(again.ok()) << entry.name << ": " << base::toText(again.error());
        EXPECT_EQ(*again, spec) << entry.name;
    }
}

/// Every field's pointer in a document, list indices as "*".
void collect(const base::Json& json, const std::string& pointer, std::set<std::string>& out) {
    if (json.is_object() && !json.empty() && !pointer.ends_with("/layers")) {
        for (auto item = json.begin(); item != json.end(); ++item) {
            collect(*item, pointer + "/" + item.key(), out);
        }
    } else if (json.is_array() && !json.empty() && json[0].is_object()) {
        for (const auto& element : json) collect(element, pointer + "/*", out);
    } else {
        out.insert(pointer);
    }
}

TEST(Specification, ReadsLevelAndDevice) {
    auto json = toJson(example());
    EXPECT_EQ(fromJson(json)->search.level, Level::Two);
    EXPECT_EQ(fromJson(json)->search.processor, Processor::Cpu);
    json["search"]["level"] = "one";
    json["search"]["device"] = "auto";
    const auto spec = fromJson(json);
    ASSERT_TRUE(spec.ok()) << base::toText(spec.error());
    EXPECT_EQ(spec->search.level, Level::One);
    EXPECT_EQ(spec->search.processor, Processor::Auto);
    EXPECT_EQ(toJson(*spec), json);
    json["search"]["device"] = "tpu";
    const auto refused = fromJson(json);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().where, "/search/device");
}

TEST(Presets, SummariesAreShort) {
    for (const auto& entry : presets()) {
        EXPECT_FALSE(entry.summary.empty());
        EXPECT_LT(entry.summary.size(), 100U) << entry.summary;
    }
}

TEST(FieldHelp, ExplainsEveryField) {
    std::set<std::string> used;
    for (const auto& entry : presets()) collect(toJson(preset(entry.name).value()), "", used);
    auto spec = preset("dna-cifar10-zc706").value();
    spec.accelerator = *acceleratorPreset("searched-beyond");
    collect(toJson(spec), "", used);
    used.erase("/limits");  // empty in a preset without limits
    std::set<std::string> explained;
    for (const auto& field : fieldHelp()) {
        EXPECT_FALSE(field.meaning.empty()) << field.pointer;
        explained.insert(field.pointer);
    }
    for (const auto& pointer : used) EXPECT_TRUE(explained.contains(pointer)) << pointer;
}

TEST(Specification, RefusesWrongFieldsWithPathAndReason) {
    struct Case {
        const char* pointer;
        const char* value;
        const char* where;
    };
    const Case cases[] = {
        {"/cohelix", "2", "/cohelix"},
        {"/seed", "-1", "/seed"},
        {"/seed", "1e300", "/seed"},
        {"/data_set/kind", "imagenet", "/data_set/kind"},
        {"/data_set/validation_fraction", "1.5", "/data_set/validation_fraction"},
        {"/network/stem/kernel", "4", "/network/stem/kernel"},
        {"/network/stages", "[]", "/network/stages"},
        {"/network/stages/0/blocks", "1000000", "/network/stages/0/blocks"},
        {"/network/operators", "[\"k3_e1\", \"k4_e1\"]", "/network/operators/1"},
        {"/network/operators", "[\"k3_e1\", \"k3_e1\"]", "/network/operators/1"},
        {"/network/operators", "[\"k3_e3_g4\", 7]", "/network/operators/1"},
        {"/network/colour", "red", "/network/colour"},
        {"/accelerator/template", "systolic", "/accelerator/template"},
        {"/accelerator/chunks/1/tm", "[8, 8]", "/accelerator/chunks/1/tm"},
        {"/accelerator/chunks/1/tm", "[]", "/accelerator/chunks/1/tm"},
        {"/accelerator/chunks/1/tn", "[4]", "/accelerator/chunks/1/tn"},
        {"/accelerator/chunks/1/parallelism", "[\"output-and-input-channels\"]",
         "/accelerator/chunks/1/parallelism/0"},
        {"/accelerator/chunks", "[]", "/accelerator/chunks"},
        {"/device", "ZC7", "/device"},
        {"/limits/dsp", "-5", "/limits/dsp"},
        {"/objective/targets", "[]", "/objective/targets"},
        {"/objective/targets/0/high", "1", "/objective/targets/0/high"},
        {"/search/batch", "0", "/search/batch"},
        {"/search/weights/momentum", "1", "/search/weights/momentum"},
        {"/training/epochs", "0", "/training/epochs"},
    };
    for (const auto& c : cases) {
        auto json = toJson(example());
        ASSERT_TRUE(base::setAtPointer(json, c.pointer, c.value).ok()) << c.pointer;
        const auto spec = fromJson(json);
        ASSERT_FALSE(spec.ok()) << c.pointer << " = " << c.value;
        EXPECT_EQ(spec.error().where, c.where) << base::toText(spec.error());
        EXPECT_FALSE(spec.error().what.empty());
    }
}

TEST(Specification, AnOwnDeviceSurvivesTheRoundTripAndOlderOnesStayReadable) {
    auto spec = example();
    spec.device = {.name = "mine", .dsp = 12, .bram18k = 30, .flipFlops = 7};
    const auto back = fromJson(toJson(spec));
    ASSERT_TRUE(back.ok()) << base::toText(back.error());
    EXPECT_EQ(back->device, spec.device);

    auto older = toJson(spec);
    older["device"].erase("flip_flops");
    const auto read = fromJson(older);
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    EXPECT_EQ(toJson(*read), older);
}

TEST(Specification, SharedDramIsNoFieldOfTheAuthorsForms) {
    auto spec = example();
    EXPECT_FALSE(toJson(spec)["accelerator"].contains("dram_gb_per_s")) << "not bounded by default";
    spec.accelerator.dramGigabytesPerSecond = 12.8;
    const auto back = fromJson(toJson(spec));
    ASSERT_TRUE(back.ok()) << base::toText(back.error());
    EXPECT_EQ(*back, spec);

    spec.accelerator.dramGigabytesPerSecond = 1;
    EXPECT_EQ(fromJson(toJson(spec)).error().where, "/accelerator/dram_gb_per_s");
    spec.accelerator.dramGigabytesPerSecond = 12.8;
    for (const auto form : base::kValues<model::FpgaModel>) {
        if (model::pricesBeyond(form)) continue;
        spec.accelerator.fpgaModel = form;
        const auto refused = fromJson(toJson(spec));
        ASSERT_FALSE(refused.ok()) << word(form);
        EXPECT_NE(refused.error().what.find("published formulas"), std::string::npos);
    }
}

TEST(Specification, WhatLiesBeyondTheAuthorsTemplateIsNoFieldOfTheirForms) {
    auto spec = example();
    EXPECT_FALSE(toJson(spec)["accelerator"]["chunks"][0].contains("port_words"));
    EXPECT_FALSE(toJson(spec)["accelerator"]["chunks"][0].contains("overlap"));
    const double within = hardware::log10Size(spec.accelerator);
    const auto choices = hardware::acceleratorChoices(spec.accelerator).size();
    spec.accelerator.pipeline[1].portWords = {4, 32};
    spec.accelerator.pipeline[1].overlap = {model::Overlap::None, model::Overlap::Outputs};
    EXPECT_NEAR(hardware::log10Size(spec.accelerator) - within, std::log10(4), 1e-9);
    EXPECT_EQ(hardware::acceleratorChoices(spec.accelerator).size(), choices + 2);
    for (const auto form : base::kValues<model::FpgaModel>) {
        spec.accelerator.fpgaModel = form;
        const auto back = fromJson(toJson(spec));
        ASSERT_EQ(back.ok(), model::pricesBeyond(form)) << word(form);
        if (back.ok()) {
            EXPECT_EQ(*back, spec);
        } else {
            EXPECT_EQ(back.error().where, "/accelerator/chunks/1/port_words");
            EXPECT_NE(back.error().what.find("the authors' model"), std::string::npos);
        }
    }
    spec.accelerator.fpgaModel = model::FpgaModel::Corrected;
    const auto wrong = [&](const char* pointer, const char* value) {
        auto json = toJson(spec);
        EXPECT_TRUE(base::setAtPointer(json, pointer, value).ok());
        const auto read = fromJson(json);
        return read.ok() ? std::string() : read.error().where;
    };
    EXPECT_EQ(wrong("/accelerator/chunks/1/port_words", "[4, 2]"),
              "/accelerator/chunks/1/port_words/1");
    EXPECT_EQ(wrong("/accelerator/chunks/1/port_words", "[8, 8]"),
              "/accelerator/chunks/1/port_words");
    EXPECT_EQ(wrong("/accelerator/chunks/1/overlap", R"(["none", "inputs"])"),
              "/accelerator/chunks/1/overlap/1");
    EXPECT_EQ(wrong("/accelerator/chunks/1/overlap", R"(["none", "none"])"),
              "/accelerator/chunks/1/overlap/1");
}

TEST(Specification, AnAllocationMayBeSearched) {
    auto spec = preset("dna-cifar10-zc706").value();
    EXPECT_FALSE(toJson(spec)["accelerator"].contains("allocation"));
    spec.accelerator = *acceleratorPreset("searched");
    auto json = toJson(spec);
    EXPECT_EQ(json["accelerator"]["allocation"]["most_groups"], 10);
    EXPECT_FALSE(json["accelerator"]["chunks"][0].contains("layers"));
    const auto back = fromJson(json);
    ASSERT_TRUE(back.ok()) << base::toText(back.error());
    EXPECT_EQ(*back, spec);
    EXPECT_EQ(back->accelerator.searched->blocks, 22);
    const auto whereOf = [](const base::Json& wrong) {
        const auto read = fromJson(wrong);
        return read.ok() ? std::string() : read.error().where;
    };
    auto wrong = json;
    wrong["accelerator"]["allocation"]["most_groups"] = 23;
    EXPECT_EQ(whereOf(wrong), "/accelerator/allocation/most_groups");
    wrong = json;
    wrong["accelerator"]["allocation"]["by"] = "luck";
    EXPECT_EQ(whereOf(wrong), "/accelerator/allocation/by");
    wrong = json;
    wrong["accelerator"]["chunks"].push_back(wrong["accelerator"]["chunks"][0]);
    EXPECT_EQ(whereOf(wrong), "/accelerator/chunks");
    wrong = json;
    wrong["accelerator"]["chunks"][0]["layers"] = base::Json{{"map_below", 4}};
    EXPECT_EQ(whereOf(wrong), "/accelerator/chunks/0/layers");
    wrong = json;
    wrong["accelerator"]["allocation"] = base::Json{{"by", "rules"}};
    EXPECT_EQ(whereOf(wrong), "/accelerator/chunks/0/layers");
}

TEST(Specification, EachChunkHasANameOfItsOwn) {
    for (const char* name : {"fashion-mnist-zc706", "dna-cifar10-asic"}) {
        const auto spec = preset(name);
        ASSERT_TRUE(spec.ok()) << name;
        auto json = toJson(*spec);
        auto& chunks = json["accelerator"]["chunks"];
        chunks[1]["name"] = chunks[0]["name"];
        const auto read = fromJson(json);
        ASSERT_FALSE(read.ok()) << name;
        EXPECT_EQ(read.error().where, "/accelerator/chunks/1/name");
        EXPECT_EQ(read.error().what,
                  "there is another chunk '" + chunks[0]["name"].get<std::string>() + "'");
    }
}

TEST(Specification, AnAcceleratorSpaceMayBeNamed) {
    const auto spec = preset("dna-cifar10-zc706").value();
    for (const auto& named : acceleratorPresets()) {
        auto json = toJson(spec);
        json["accelerator"] = named.name;
        const auto read = fromJson(json);
        ASSERT_TRUE(read.ok()) << base::toText(read.error());
        EXPECT_EQ(read->accelerator, *acceleratorPreset(named.name)) << named.name;
    }
    auto json = toJson(example());  // of six blocks
    json["accelerator"] = "r2";
    EXPECT_TRUE(fromJson(json).error().where.starts_with("/accelerator/chunks/")) << "of 22 blocks";
    json["accelerator"] = "searched";  // groups of so many blocks as there are, but ten at most
    EXPECT_EQ(fromJson(json).error().where, "/accelerator/allocation/most_groups");
    json["accelerator"] = "r3";
    EXPECT_EQ(fromJson(json).error().where, "/accelerator");
}

TEST(Specification, WithoutLimitsThoseOfTheDeviceHold) {
    auto json = toJson(example());
    json.erase("limits");
    const auto spec = fromJson(json);
    ASSERT_TRUE(spec.ok()) << base::toText(spec.error());
    EXPECT_EQ(spec->limits, Limits{});
    EXPECT_EQ(resourceLimits(*spec).dsp, spec->device.dsp);
    EXPECT_EQ(resourceLimits(*spec).bram18k, spec->device.bram18k);
}

TEST(Specification, MissingFieldsAreNamed) {
    const auto whole = toJson(example());
    for (auto item = whole.begin(); item != whole.end(); ++item) {
        if (item.key() == "description" || item.key() == "limits") continue;  // may be left out
        auto json = whole;
        json.erase(item.key());
        const auto spec = fromJson(json);
        ASSERT_FALSE(spec.ok()) << item.key();
        EXPECT_EQ(spec.error().where, "/" + item.key());
    }
}

TEST(Specification, AnyByteMissingOrChangedIsNoCrash) {
    const auto text = toText(example());
    for (std::size_t i = 0; i < text.size(); i += 7) {
        auto cut = text.substr(0, i);
        EXPECT_FALSE(parseSpecification(cut, "cut").ok());
        auto changed = text;
        changed[i] = changed[i] == '9' ? '{' : '9';
        (void)parseSpecification(changed, "changed");
    }
}

TEST(LoadSpecification, SaysWhichFileCannotBeRead) {
    for (const char* path : {"/nowhere/spec.json", "/"}) {
        const auto spec = loadSpecification(path);
        ASSERT_FALSE(spec.ok());
        EXPECT_EQ(spec.error().where, path);
    }
}

}  // namespace
}  // namespace cohelix::spec
