// SPDX-License-Identifier: GPL-3.0-or-later
// evaluate, as its users run it: the FPGA pipeline, whole networks, models side by side.
#include <algorithm>
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/units.h"
#include "core/hardware/evaluate.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/interop/documents/accelerator_json.h"
#include "core/interop/documents/layer_json.h"
#include "core/store/project.h"

#include "tests/support/pipeline_vectors.h"
#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace cohelix {
namespace {

using base::Json;

class CostCliTest : public testing::Test {
protected:
    test::Outcome evaluate(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {COHELIX_CLI, "evaluate"});
        return test::runToEnd(arguments, m_folder.path());
    }
    Json evaluated(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--format", "json"});
        const auto outcome = evaluate(std::move(arguments));
        EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
        return Json::parse(outcome.out, nullptr, false);
    }
    std::string refused(const std::vector<std::string>& arguments) {
        const auto outcome = evaluate(arguments);
        EXPECT_EQ(outcome.exitCode, test::refusalCode(outcome)) << outcome.err;
        EXPECT_EQ(outcome.out, "");
        return outcome.err;
    }
    std::string write(const std::string& name, const std::string& content) {
        const auto path = (m_folder / name).string();
        std::ofstream(path) << content;
        return path;
    }
    test::TemporaryFolder m_folder;
};

using Vector = test::PipelineVector;
constexpr auto& kVectors = test::kPipelineVectors;

Json tileOf(const Vector& v, std::size_t first) {
    return {{"rows", v.tiles[first]},
            {"columns", v.tiles[first + 1]},
            {"outputs", v.tiles[first + 2]},
            {"inputs", v.tiles[first + 3]}};
}

Json chunkOf(const Vector& v) {
    constexpr std::array kStandard = {"output-channels", "output-and-input-channels",
                                      "output-rows"};
    constexpr std::array kDepthwise = {"output-channels", "output-rows"};
    const auto mode = static_cast<std::size_t>(v.mode);
    return {{"name", v.name},
            {"role", v.depthwise ? "depthwise" : "standard"},
            {"parallelism", v.depthwise ? kDepthwise[mode] : kStandard[mode]},
            {"buffer_tile", tileOf(v, 0)},
            {"loop_tile", tileOf(v, 4)},
            {"bits", v.bits}};
}

Json layerOf(const Vector& v) {
    return {{"name", v.name},
            {"K", v.layer[1]},
            {"C", v.depthwise ? v.layer[1] : v.layer[0]},
            {"P", v.layer[2]},
            {"Q", v.layer[2]},
            {"R", v.layer[3]},
            {"S", v.layer[3]},
            {"groups", v.depthwise ? v.layer[1] : 1}};
}

TEST_F(CostCliTest, ThePublishedFormGivesTheAuthorsVectors) {
    for (const auto& v : kVectors) {
        const auto priced = evaluated({"--layer", write("layer.json", layerOf(v).dump()),
                                       "--accelerator", write("chunk.json", chunkOf(v).dump()),
                                       "--model", "fpga-pipeline", "--form", "as-published"});
        EXPECT_EQ(priced["cycles"], v.cycles) << v.name;
        EXPECT_EQ(priced["dsp"], v.dsp) << v.name;
        EXPECT_EQ(priced["bram18k"], v.bram) << v.name;
        EXPECT_EQ(priced["model"], "FPGA pipeline, as-published");
    }
}

TEST_F(CostCliTest, TheCorrectedFormIsTheDefaultAndThatOfTheLibrary) {
    for (const auto& v : kVectors) {
        const auto chunk = interop::acceleratorFromJson(chunkOf(v), "")->accelerator.pipeline[0];
        const auto layer = *interop::layerFromJson(layerOf(v), "");
        const auto form = model::FpgaModel::Corrected;
        const auto priced = evaluated({"--layer", write("layer.json", layerOf(v).dump()),
                                       "--accelerator", write("chunk.json", chunkOf(v).dump())});
        EXPECT_EQ(priced["cycles"], hardware::pipelineTiming(chunk, layer, form).cycles())
            << v.name;
        EXPECT_EQ(priced["bram18k"], hardware::pipelineResources(chunk, layer, form, false).bram18k)
            << v.name;
    }
}

TEST_F(CostCliTest, EveryFormOfTheModelIsPriced) {
    const auto& v = kVectors[0];
    const auto chunk = interop::acceleratorFromJson(chunkOf(v), "")->accelerator.pipeline[0];
    const auto layer = *interop::layerFromJson(layerOf(v), "");
    for (const auto form : base::kValues<model::FpgaModel>) {
        const std::string name(word(form));
        const auto priced =
            evaluated({"--layer", write("layer.json", layerOf(v).dump()), "--accelerator",
                       write("chunk.json", chunkOf(v).dump()), "--form", name});
        EXPECT_EQ(priced["cycles"], hardware::pipelineTiming(chunk, layer, form).cycles()) << name;
        EXPECT_EQ(priced["model"], "FPGA pipeline, " + name);
    }
}

TEST_F(CostCliTest, ModelsStandSideBySideAndTheirDifferencesAddUp) {
    for (const auto& v : kVectors) {
        const auto both =
            evaluated({"--layer", write("layer.json", layerOf(v).dump()), "--accelerator",
                       write("chunk.json", chunkOf(v).dump()), "--model", "side-by-side"});
        EXPECT_EQ(both["as_published"]["cycles"], v.cycles) << v.name;
        const auto sum = [](const Json& from, const Json& differences) {
            double cycles = from["cycles"].get<double>();
            for (const auto& one : differences) cycles += one["cycles"].get<double>();
            return cycles;
        };
        EXPECT_NEAR(sum(both["as_published"], both["from_as_published_to_corrected"]),
                    both["corrected"]["cycles"].get<double>(), 1e-6)
            << v.name;
        EXPECT_NEAR(sum(both["corrected"], both["from_corrected_to_loop_nest"]),
                    both["loop_nest"]["cycles"].get<double>(), 1e-6)
            << v.name;
    }
    const auto text =
        evaluate({"--layer", write("layer.json", layerOf(kVectors[0]).dump()), "--accelerator",
                  write("chunk.json", chunkOf(kVectors[0]).dump()), "--model", "side-by-side"});
    EXPECT_NE(
        text.out.find("From corrected to the loop nest:\n  -55,296 cycles, transfers overlap"),
        std::string::npos)
        << text.out;
    // Block RAM may change all the same, so no more is said.
    const std::string tiles = R"({"rows": 7, "columns": 7, "outputs": 8, "inputs": 8})";
    const auto same = evaluate(
        {"--layer", write("layer.json", R"({"K": 16, "C": 16, "P": 14, "Q": 14})"), "--accelerator",
         write("chunk.json",
               R"({"chunks": [{"buffer_tile": )" + tiles + R"(, "loop_tile": )" + tiles + "}]}"),
         "--model", "side-by-side"});
    EXPECT_NE(same.out.find("From as published to corrected:\n  no cycles change"),
              std::string::npos)
        << same.out << same.err;
}

/// A convolution, its depthwise successor, and a large and a small chunk for the rest.
constexpr const char* kNetwork = R"({"layers": [
    {"name": "conv1", "K": 16, "C": 8, "P": 28, "Q": 28, "R": 3, "S": 3},
    {"name": "dw", "K": 16, "C": 16, "P": 28, "Q": 28, "R": 3, "S": 3, "groups": 16},
    {"name": "conv2", "K": 32, "C": 16, "P": 14, "Q": 14}]})";

std::string chunksWith(const std::string& fields, const std::array<std::string, 3>& layers = {}) {
    const std::string tiles =
        R"("buffer_tile": {"rows": 7, "columns": 7, "outputs": 8, "inputs": 8},
           "loop_tile": {"rows": 7, "columns": 7, "outputs": 8, "inputs": 8})";
    const std::string narrow = R"("buffer_tile": {"rows": 7, "columns": 7, "outputs": 8},
                                  "loop_tile": {"rows": 7, "columns": 7, "outputs": 8})";
    const auto rule = [](const std::string& text) {
        return text.empty() ? text : R"(, "layers": )" + text;
    };
    return "{" + fields + R"("chunks": [{"name": "large", )" + tiles + rule(layers[0]) +
           R"(}, {"name": "small", )" + tiles + rule(layers[1]) +
           R"(}, {"name": "pixels", "role": "depthwise", )" + narrow + rule(layers[2]) + "}]}";
}

TEST_F(CostCliTest, ANetworkRunsOnChunksAsTheFileSays) {
    const auto network = write("network.json", kNetwork);
    const auto rules = evaluated(
        {"--network", network, "--accelerator",
         write("acc.json",
               chunksWith("", {R"({"map_at_least": 20})", R"({"map_below": 20})", "{}"}))});
    const auto& layers = rules["cost"]["layers"];
    EXPECT_EQ(layers[0]["chunk"], 0);
    EXPECT_EQ(layers[1]["chunk"], 2);
    EXPECT_EQ(layers[2]["chunk"], 1);
    double slowest = 0;
    for (const auto& chunk : rules["cost"]["chunks"]) {
        slowest = std::max(slowest, chunk["cycles"].get<double>());
    }
    EXPECT_EQ(rules["cost"]["period_cycles"], slowest);
    double shares = 0;
    for (const auto& share : rules["explanation"]["utilization"]) shares += share.get<double>();
    EXPECT_NEAR(shares, 1, 1e-9);
    EXPECT_TRUE(rules["fit"]["fits"].get<bool>());

    const auto free = evaluated({"--network", network, "--accelerator",
                                 write("free.json", chunksWith("")), "--device", "Ultra96"});
    EXPECT_EQ(free["allocation"], "cut into runs for the least period");
    EXPECT_LE(free["cost"]["period_cycles"], rules["cost"]["period_cycles"]);
    EXPECT_EQ(free["device"], "Ultra96");

    const auto text =
        evaluate({"--network", network, "--accelerator", write("f.json", chunksWith(""))});
    for (const char* part : {"a period of", "Layers on chunks: cut into runs", "sets the period",
                             "Where the multipliers' cycles go, %", "It fits ZC706 (XC7Z045)"}) {
        EXPECT_NE(text.out.find(part), std::string::npos) << part;
    }
}

TEST_F(CostCliTest, ChunksThatShareDramWaitForIt) {
    const auto network = write("network.json", kNetwork);
    const auto apart = evaluated({"--network", network, "--accelerator",
                                  write("a.json", chunksWith(R"("clock_mhz": 200, )"))});
    const auto shared =
        evaluated({"--network", network, "--accelerator",
                   write("s.json", chunksWith(R"("clock_mhz": 200, "dram_gb_per_s": 1.6, )"))});
    EXPECT_GT(shared["cost"]["period_cycles"], apart["cost"]["period_cycles"]);
    EXPECT_EQ(shared["cost"]["latency_cycles"], apart["cost"]["latency_cycles"]);
    EXPECT_NE(shared["explanation"]["bottleneck"]["text"].get<std::string>().find(
                  "The DRAM that all chunks share sets the period"),
              std::string::npos);
    EXPECT_NE(refused({"--network", network, "--accelerator", (m_folder / "s.json").string(),
                       "--form", "as-published"})
                  .find("published formulas know no bandwidth"),
              std::string::npos);
}

TEST_F(CostCliTest, WhatDoesNotFitADeviceIsNamed) {
    const auto wide =
        write("wide.json",
              R"({"buffer_tile": {"rows": 8, "columns": 8, "outputs": 64, "inputs": 32},
                  "loop_tile": {"rows": 8, "columns": 8, "outputs": 64, "inputs": 32}})");
    const auto layers = write("layers.json", R"({"layers": [
        {"name": "one", "K": 64, "C": 64, "P": 16, "Q": 16, "R": 3, "S": 3}]})");
    const auto fit =
        evaluated({"--network", layers, "--accelerator", wide, "--device", "ZC706"})["fit"];
    EXPECT_FALSE(fit["fits"].get<bool>());
    std::vector<std::string> resources;
    for (const auto& excess : fit["excesses"]) resources.push_back(excess["resource"]);
    EXPECT_EQ(resources, (std::vector<std::string>{"DSP", "BRAM18K", "LUT"}));
    EXPECT_EQ(fit["excesses"][0]["need"], 2048);
    EXPECT_EQ(fit["excesses"][0]["over"], 2048 - 900);
}

TEST_F(CostCliTest, AnAsicHasNoSlicesForAPipeline) {
    const auto chunk =
        write("chunk.json",
              R"({"buffer_tile": {"rows": 8, "columns": 8, "outputs": 8, "inputs": 8},
                  "loop_tile": {"rows": 8, "columns": 8, "outputs": 8, "inputs": 8}})");
    const auto layers = write("layers.json", R"({"layers": [
        {"name": "one", "K": 64, "C": 64, "P": 16, "Q": 16, "R": 3, "S": 3}]})");
    for (const std::string device : {"ASIC-28nm", "ASIC-40nm", "ASIC-65nm"}) {
        const auto text =
            refused({"--network", layers, "--accelerator", chunk, "--device", device});
        EXPECT_NE(text.find("--device " + device +
                            ": the chunk pipeline is made of DSP slices, an "
                            "ASIC has none. Choose an FPGA"),
                  std::string::npos)
            << text;
    }
}

/// A resource has one number, wherever it stands: here a rule that puts every bank into a block of
/// its own, though a synthesis tool would make tables of banks this small.
TEST_F(CostCliTest, AResourceHasOneNumber) {
    const auto narrow =
        write("narrow.json",
              R"({"buffer_tile": {"rows": 1, "columns": 1, "outputs": 32, "inputs": 32},
                  "loop_tile": {"rows": 1, "columns": 1, "outputs": 32, "inputs": 32}})");
    const auto product = write("product.json", R"({"layers": [
        {"name": "one", "K": 320, "C": 64, "P": 1, "Q": 1, "R": 1, "S": 1}]})");
    const auto priced =
        evaluated({"--network", product, "--accelerator", narrow, "--device", "ZC706"});
    const auto& cost = priced["cost"];
    EXPECT_EQ(cost["dsp"], priced["resources"][0]["used"]);
    EXPECT_EQ(cost["bram18k"], priced["resources"][1]["used"]);
    EXPECT_EQ(cost["chunks"][0]["bram18k"], cost["bram18k"]);
    EXPECT_EQ(priced["resources"][1]["placed"], 0);
    for (const auto& excess : priced["fit"]["excesses"]) {
        const auto& lines = priced["resources"];
        const auto line = std::ranges::find_if(
            lines, [&](const Json& one) { return one["name"] == excess["resource"]; });
        ASSERT_NE(line, lines.end());
        EXPECT_EQ((*line)["used"], excess["need"]) << excess["resource"];
    }
    EXPECT_EQ(priced["fit"]["excesses"][1]["resource"], "BRAM18K");
}

// The buffer has room for a word of each tensor; without the inputs it has room for two outputs.
TEST_F(CostCliTest, TheProofSaysOfWhichMappingsItIs) {
    const auto layer = write("layer.json", R"({"name": "x", "K": 4, "C": 4, "P": 4, "Q": 4})");
    const auto accelerator = write("accelerator.json", R"({"name": "h", "mac_pj": 1, "levels": [
        {"name": "D", "access_pj": 100, "read_words_per_cycle": 1, "shared_bandwidth": true},
        {"name": "b", "access_pj": 1, "capacity_words": 3}]})");
    const auto kept = evaluate({"--layer", layer, "--accelerator", accelerator});
    EXPECT_NE(kept.out.find("the mapper's best by energy times delay of the mappings in which "
                            "memories keep all they can and trips divide, each proven optimal"),
              std::string::npos)
        << kept.out;
    const std::vector<std::string> options = {"--layer", layer, "--accelerator", accelerator};
    const auto less = evaluated(options);
    EXPECT_EQ(less["every_mapping"], false);
    EXPECT_EQ(less["mappings_in_which"], Json({"memories keep all they can", "trips divide"}));
    auto all = options;
    all.insert(all.end(), {"--bypass", "--padding", "100"});
    const auto best = evaluated(all);
    EXPECT_EQ(best["every_mapping"], true);
    EXPECT_EQ(best["layers"][0]["mappings_in_which"], Json::array());
    EXPECT_LT(best["edp"], less["edp"]);
}

// Without mappings a network goes to the mapper, and the output says so; with them to nobody.
TEST_F(CostCliTest, ANetworkIsMappedWhereNoMappingIsGiven) {
    const auto network = write("network.json", kNetwork);
    const auto best = evaluated({"--network", network, "--accelerator", "eyeriss"});
    EXPECT_EQ(best["searched_mappings"], 3);
    EXPECT_TRUE(best["optimal"].get<bool>());
    double cycles = 0;
    Json mappings = Json::array();
    for (const auto& layer : best["layers"]) {
        cycles += layer["cycles"].get<double>();
        EXPECT_EQ(layer["mapped_by"], "mapper");
        mappings.push_back({{"layer", layer["layer"]}, {"levels", layer["mapping"]["levels"]}});
    }
    EXPECT_EQ(best["cycles"], cycles);
    EXPECT_DOUBLE_EQ(best["latency_ms"].get<double>(),
                     cycles / best["clock_mhz"].get<double>() / 1e3);
    const auto text = evaluate({"--network", network, "--accelerator", "eyeriss"});
    EXPECT_NE(text.out.find("no mapping given: the mapper's best"), std::string::npos) << text.out;

    const auto given = evaluated({"--network", network, "--accelerator", "eyeriss", "--mapping",
                                  write("mappings.json", Json{{"mappings", mappings}}.dump())});
    EXPECT_EQ(given["given_mappings"], 3);
    EXPECT_EQ(given["cycles"], best["cycles"]);
    EXPECT_EQ(given["energy_pj"], best["energy_pj"]);

    mappings[1]["layer"] = "nobody";
    EXPECT_NE(refused({"--network", network, "--accelerator", "eyeriss", "--mapping",
                       write("m.json", Json{{"mappings", mappings}}.dump())})
                  .find("m.json/mappings/1/layer: there is no layer 'nobody'"),
              std::string::npos);
}

TEST_F(CostCliTest, WhatAModelDoesNotKnowIsRefused) {
    const auto chunks = write("acc.json", chunksWith(""));
    const auto layer = [&](const char* text) { return write("layer.json", text); };
    const auto conv = R"({"name": "conv", "K": 8, "C": 8, "P": 8, "Q": 8})";
    const auto refuse = [&](const char* text, std::vector<std::string> more) {
        std::vector<std::string> arguments = {"--layer", layer(text), "--accelerator", chunks};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return refused(arguments);
    };
    const auto expect = [](const std::string& error, const char* reason) {
        EXPECT_NE(error.find(reason), std::string::npos) << error;
    };
    expect(refuse(conv, {}),
           "conv: more than one chunk can execute it. Pass --chunk with one of "
           "'large', 'small'\n");
    expect(refuse(conv, {"--chunk", "huge"}), "huge: there is no such chunk");
    expect(refuse(conv, {"--chunk", "pixels"}), "'pixels' is no standard chunk");
    expect(refuse(R"({"K": 8, "S": 5})", {"--chunk", "large"}), "square kernels, not 1 x 5");
    expect(refuse(R"({"K": 8, "N": 2})", {"--chunk", "large"}), "one image, not 2");
    expect(refuse(conv, {"--chunk", "large", "--model", "loop-nest"}), "side-by-side");
    expect(refuse(conv, {"--chunk", "large", "--mapping", "m.json"}), "Leave out --mapping");
    expect(refuse(conv, {"--chunk", "large", "--convention", "timeloop-2022"}), "--convention");
    expect(refuse(conv, {"--chunk", "large", "--device", "nowhere"}), "no such device");
    for (const std::vector<std::string>& unused :
         {std::vector<std::string>{"--constraints", "c.yaml"},
          {"--objective", "edp"},
          {"--seconds", "1"},
          {"--padding", "5"},
          {"--bypass"}}) {
        auto one = unused;
        one.insert(one.end(), {"--chunk", "large"});
        expect(refuse(conv, one), ("Leave out " + unused.front()).c_str());
        one = unused;
        one.insert(one.end(), {"--network", "resnet18", "--accelerator", chunks});
        expect(refused(one), ("Leave out " + unused.front()).c_str());
    }
    expect(refuse(conv, {"--seconds", "1", "--bypass"}), "Leave out --seconds and --bypass");
    for (const char* device : {"nowhere", "ZC706"}) {
        expect(refused({"--layer", layer(conv), "--accelerator", "eyeriss", "--device", device}),
               "Leave out --device");
    }
    expect(
        refused({"--layer", layer(conv), "--accelerator", "eyeriss", "--model", "fpga-pipeline"}),
        "needs chunks");
    expect(refused({"--layer", layer(conv), "--accelerator", "eyeriss", "--form", "corrected"}),
           "Leave out --form");
    expect(refused({"--network", "resnet18", "--accelerator", chunks, "--model", "side-by-side"}),
           "side by side for one layer");
    expect(refused({"--layer", layer(conv), "--accelerator", write("no.json", R"({"chunks": 7})")}),
           "no.json/chunks: must be a list");
}

/// A project with one design of the example, as a search would leave it.
class ExplainCliTest : public CostCliTest {
protected:
    void SetUp() override {
        const auto spec = spec::preset("fashion-mnist-zc706").value();
        store::DesignRow row;
        row.choices.network.assign(spec::networkChoices(spec.network).size(), 1);
        std::vector<int> second;
        for (const auto& choice : hardware::acceleratorChoices(spec.accelerator)) {
            second.push_back(choice.options.size() > 1 ? 1 : 0);
        }
        row.choices.accelerator = canonicalChoices(spec.accelerator, second);
        const auto network = spec::buildNetwork(spec.network, row.choices.network);
        const auto accelerator =
            hardware::buildAccelerator(spec.accelerator, row.choices.accelerator, network);
        const auto cost = hardware::evaluate(
            network, accelerator, hardware::allocateLayers(spec.accelerator, {}, network),
            spec.device);
        ASSERT_TRUE(cost.ok());
        auto project = store::Project::create(path()).value();
        store::RunRow run;
        run.revision = project->addRevision(spec).value();
        row.run = project->addRun(run).value();
        row.grade = model::AccuracyGrade::SupernetEstimate;
        row.accuracy = 0.9;
        store::Commit commit;
        commit.run = row.run;
        commit.designs = {{row, *cost}};
        ASSERT_TRUE(project->commit(commit).ok());
    }
    std::string path() const { return (m_folder / "p.cohelix").string(); }
    test::Outcome explain(std::vector<std::string> more) {
        std::vector<std::string> arguments = {COHELIX_CLI, "explain", path(), "--design", "1"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return test::runToEnd(arguments, m_folder.path());
    }
};

TEST_F(ExplainCliTest, ADesignThatFitsIsToldWhatMoreWouldBuy) {
    const auto why = explain({});
    ASSERT_EQ(why.exitCode, 0) << why.err;
    for (const char* part : {"sets the period", "Where the multipliers' cycles go, %",
                             "It fits the limits", "one more word a cycle from DRAM"}) {
        EXPECT_NE(why.out.find(part), std::string::npos) << part << "\n" << why.out;
    }
}

TEST_F(ExplainCliTest, NoDoorSaysThatAFixedArrayFitsWhereItDoesNot) {
    const auto why = Json::parse(explain({"--format", "json"}).out);
    double placed = 0;
    for (const auto& need : why["fit"]["placed"]) {
        if (need["resource"] == "DSP") placed = need["need"];
    }
    const auto shown = test::runToEnd(
        {COHELIX_CLI, "show", path(), "--design", "1", "--format", "json"}, m_folder.path());
    const auto design = Json::parse(shown.out);
    const auto& dsp = design["resources"][0];
    EXPECT_EQ(dsp["name"], "DSP");
    EXPECT_EQ(dsp["used"], design["cost"]["dsp"]);
    EXPECT_EQ(dsp["placed"], placed);
    const double used = dsp["used"];
    EXPECT_GE(placed, used);
    // 64 x 4 multipliers, of which one layer uses 64 x 3 and the other 16 x 4.
    const auto layers = write("layers.json", R"({"layers": [
        {"name": "one", "K": 64, "C": 3, "P": 4, "Q": 4},
        {"name": "two", "K": 16, "C": 64, "P": 4, "Q": 4}]})");
    const std::string tile = R"({"rows": 4, "columns": 4, "outputs": 64, "inputs": 4})";
    const auto chunk =
        write("chunk.json", R"({"buffer_tile": )" + tile + R"(, "loop_tile": )" + tile + "}");
    const auto tight =
        evaluate({"--network", layers, "--accelerator", chunk, "--device", "PYNQ-Z2"}).out;
    EXPECT_NE(tight.find("As one fixed array it takes 256 DSP of 220"), std::string::npos) << tight;
    EXPECT_EQ(tight.find("\n  DSP: "), std::string::npos) << "192 by the model's count: " << tight;
    const auto text =
        test::runToEnd({COHELIX_CLI, "show", path(), "--design", "1"}, m_folder.path()).out;
    EXPECT_NE(text.find("As one fixed array of its tiles: " + base::fixed(placed, 0) + " DSP of "),
              std::string::npos)
        << text;
}

TEST_F(ExplainCliTest, WhatIsExportedIsPricedAsTheDesign) {
    const auto folder = (m_folder / "exported").string();
    const auto outcome = test::runToEnd(
        {COHELIX_CLI, "export", path(), "--design", "1", "--out", folder}, m_folder.path());
    ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto shown = Json::parse(
        test::runToEnd({COHELIX_CLI, "show", path(), "--design", "1", "--format", "json"},
                       m_folder.path())
            .out);
    std::ifstream file(folder + "/design_1_accelerator.json");
    const auto exported = Json::parse(file);
    EXPECT_EQ(exported["accelerator"], shown["accelerator"]);
    EXPECT_EQ(exported["resources"], shown["resources"]);
    EXPECT_TRUE(exported["idle_chunks"].is_array());
    const auto other = evaluate({"--network", "mobilenetv2", "--accelerator",
                                 folder + "/design_1_accelerator.json", "--device", "ZCU102"});
    EXPECT_EQ(other.exitCode, 0) << other.err;
    EXPECT_NE(other.out.find("cut into runs for the least period"), std::string::npos) << other.out;
    std::ifstream header(folder + "/design_1_accelerator.h");
    const std::string text{std::istreambuf_iterator<char>(header), {}};
    EXPECT_NE(text.find("#define DESIGN_1_PLACED_DSP "), std::string::npos);
    EXPECT_NE(text.find("#define DESIGN_1_MODEL_DSP "), std::string::npos);
}

TEST_F(ExplainCliTest, WhatAPipelineDoesNotModelIsLeftOut) {
    const auto shown = Json::parse(
        test::runToEnd({COHELIX_CLI, "show", path(), "--design", "1", "--format", "json"},
                       m_folder.path())
            .out);
    const auto& layer = shown["cost"]["layers"][1];
    EXPECT_TRUE(layer["energy_pj"].is_null());
    EXPECT_TRUE(layer["traffic"][1]["energy_pj"].is_null());
    EXPECT_TRUE(layer["traffic"][1]["reads"]["weights"].is_null());
    EXPECT_TRUE(layer["traffic"][1]["writes"]["outputs"].is_null());
    EXPECT_GT(layer["traffic"][1]["writes"]["weights"].get<double>(), 0);
    EXPECT_GT(layer["traffic"][0]["reads"]["weights"].get<double>(), 0);
    const auto text =
        test::runToEnd({COHELIX_CLI, "show", path(), "--design", "1"}, m_folder.path()).out;
    const auto buffer = text.find("buffer words:");
    ASSERT_NE(buffer, std::string::npos);
    EXPECT_EQ(text.substr(buffer, text.find('\n', buffer) - buffer).find(" 0 "), std::string::npos);
    EXPECT_EQ(text.find("% (supernet estimate), supernet"), std::string::npos);
}

TEST_F(ExplainCliTest, ADesignThatDoesNotFitIsToldTheSmallestChange) {
    const auto fits = Json::parse(explain({"--format", "json"}).out);
    EXPECT_TRUE(fits["fit"]["fits"].get<bool>());
    const auto why = explain({"--dsp", "300", "--format", "json"});
    ASSERT_EQ(why.exitCode, 0) << why.err;
    const auto fit = Json::parse(why.out)["fit"];
    EXPECT_FALSE(fit["fits"].get<bool>());
    EXPECT_EQ(fit["excesses"][0]["resource"], "DSP");
    ASSERT_TRUE(fit["smallest_fix"].is_object()) << fit;
    EXPECT_LE(fit["smallest_fix"]["dsp"].get<double>(), 300);
    EXPECT_NE(explain({"--dsp", "300"}).out.find("The smallest single change that makes it fit"),
              std::string::npos);
    EXPECT_NE(explain({"--dsp", "1"}).out.find("No single change of a choice makes it fit"),
              std::string::npos);

    const auto other = explain({"--device", "PYNQ-Z2"}).out;
    EXPECT_NE(other.find("PYNQ-Z2 (XC7Z020)"), std::string::npos);
    EXPECT_NE(other.find("Figures are at the accelerator's clock of 200 MHz, the device is listed "
                         "with 100 MHz."),
              std::string::npos)
        << other;
    EXPECT_EQ(explain({"--device", "ZC706"}).out.find("is listed with"), std::string::npos);
    EXPECT_EQ(explain({"--bram", "9"}).out, explain({"--bram18k", "9"}).out);
    EXPECT_EQ(explain({"--device", "nowhere"}).exitCode, 2);
    EXPECT_EQ(explain({"--dsp", "-1"}).exitCode, 2);
}

}  // namespace
}  // namespace cohelix
