// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/timeloop/timeloop_yaml.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/random.h"
#include "core/interop/documents/layer_check.h"
#include "core/nest/energy_table.h"
#include "core/nest/loop_nest.h"

#include "tests/core/interop/documents/checks.h"
#include "tests/core/interop/documents/forms.h"

namespace cohelix::interop {
namespace {

using model::Dim;

// ---- problem ----------------------------------------------------------------------------------

RC_GTEST_PROP(TimeloopProblem, SurvivesARoundTrip, ()) {
    const auto layer = forms::layer();
    const auto written = timeloopProblem(layer);
    RC_ASSERT(written.ok());
    const auto read = layerFromTimeloop(written->text, "problem.yaml");
    RC_ASSERT(read.ok());
    RC_ASSERT(read->layer == layer);
    RC_ASSERT(read->notes.empty());
}

TEST(TimeloopProblem, ReadsTheShapeByName) {
    const auto layer = layerFromTimeloop(R"(
problem:
  shape: cnn-layer
  R: 3
  S: 1
  P: 56
  Q: 28
  C: 64
  K: 128
  N: 2
  Wstride: 2
  Hstride: 2
)",
                                         "layer.yaml");
    ASSERT_TRUE(layer.ok()) << base::toText(layer.error());
    EXPECT_EQ(layer->layer.sizes, (std::array<std::int64_t, 7>{2, 128, 64, 56, 28, 3, 1}));
    EXPECT_EQ(layer->layer.stride, 2);
}

TEST(TimeloopProblem, StridesGoWithThePairOfTheirProjection) {
    // Hstride belongs to Q and S whatever H may mean elsewhere; here Q and S have one step each.
    const std::string text = R"(
problem:
  instance: {R: 3, S: 1, P: 10, Q: 1, C: 4, M: 8, N: 1, Wstride: 2, Hstride: 7,
             Wdilation: 3, Hdilation: 5, H: 1, Wpad: 1}
)";
    const auto layer = layerFromTimeloop(text, "p.yaml");
    ASSERT_TRUE(layer.ok()) << base::toText(layer.error());
    EXPECT_EQ(layer->layer.stride, 2);
    EXPECT_EQ(layer->layer.dilation, 3);
    EXPECT_EQ(layer->layer.size(Dim::K), 8);

    const auto uneven = layerFromTimeloop(R"(
problem:
  instance: {R: 3, S: 3, P: 10, Q: 8, C: 4, M: 8, N: 1, Wstride: 2, Hstride: 1, Hdilation: 3}
)",
                                          "p.yaml");
    ASSERT_TRUE(uneven.ok()) << base::toText(uneven.error());
    EXPECT_EQ(uneven->layer.stride, (model::PerAxis{2, 1}));
    EXPECT_EQ(uneven->layer.dilation, (model::PerAxis{1, 3}));

    const auto crossed = layerFromTimeloop(R"(
problem:
  shape:
    dimensions: [R, P]
    coefficients:
    - {name: step, default: 4}
    data_spaces:
    - {name: Weights, projection: [[[R]]]}
    - {name: Inputs, projection: [[[R], [P, step]]]}
    - {name: Outputs, projection: [[[P]]]}
  instance: {R: 3, P: 16}
)",
                                           "p.yaml");
    ASSERT_TRUE(crossed.ok()) << base::toText(crossed.error());
    EXPECT_EQ(crossed->layer.stride, 4);
    EXPECT_EQ(crossed->layer.size(Dim::P), 16);
    EXPECT_EQ(crossed->layer.size(Dim::Q), 1);
}

TEST(TimeloopProblem, RefusesWithTheLine) {
    const auto refused = [](const std::string& text, const std::string& reason) {
        expectRefused(layerFromTimeloop(text, "p.yaml"), reason);
    };
    const std::string rest = "S: 1, P: 4, Q: 4, C: 4, K: 8, N: 1";
    refused("problem:\n  instance: {" + rest + "}", "p.yaml, line 2: 'R' is missing here");
    refused("problem:\n  instance: {R: 0, " + rest + "}", "line 2: '0' is no whole number from 1");
    refused("problem:\n  instance: {R: 99999999999999999999, " + rest + "}", "no whole number");
    refused("problem:\n  instance: {R: 3x, " + rest + "}", "'3x' is no whole number");
    refused("problem:\n  instance: {R: [3], " + rest + "}", "line 2: this is no text");
    refused("problem:\n  instance:\n    {R: 3, " + rest +
                ",\n    densities: {Inputs: {distribution: hypergeometric, density: 0.5}}}",
            "line 4: the density of Inputs is 0.5; layers are dense");
    refused("problem:\n  shape: gemm\n  R: 3\n", "line 2: the shape 'gemm' is not known");
    refused("problem:\n  shape:\n    dimensions: [M, N, X]\n", "'data_spaces' is missing here");
    refused(R"(
problem:
  shape:
    dimensions: [R, P, Q]
    data_spaces:
    - {name: Weights, projection: [[[R]]]}
    - {name: Inputs, projection: [[[R], [Q]]]}
    - {name: Outputs, projection: [[[P]]]}
  instance: {R: 3, P: 16}
)",
            "p.yaml, line 7: the dimensions R and Q do not slide along each other");
    refused("just a text", "p.yaml, line 1: this is no problem of Timeloop");
    refused("", "this is no problem of Timeloop");
    refused("problem: {instance: {R: 3", "this is not YAML");
    refused(std::string(100000, '['), "p.yaml");
    refused(
        "problem:\n  instance: {R: 1, S: 1, P: 4, Q: 2000000000, C: 40, "
        "K: 2000000000, N: 1}",
        "larger than 2^62");
}

// ---- architecture -----------------------------------------------------------------------------

/// Without what Timeloop's files cannot say.
nest::Hierarchy sayable() {
    auto hierarchy = forms::hierarchy();
    hierarchy.pes = 1;
    hierarchy.overlap = nest::Overlap::Full;
    hierarchy.staticPicojoulePerCycle = 0;
    hierarchy.readsZeros = false;
    for (auto& level : hierarchy.levels) {
        level.fillPicojoule = level.updatePicojoule = level.readPicojoule;
        level.multicast = true;
        level.forwards = false;
        level.exposesFirstFill = false;
        level.refillsInPlace = false;
        level.rows = std::max<std::int64_t>(1, level.rows);
        level.columns = std::max<std::int64_t>(1, level.columns);
        hierarchy.pes *= level.rows * level.columns;
        if (level.sharedBandwidth) level.writeWordsPerCycle = 0;
        if (level.readWordsPerCycle == 0) level.sharedBandwidth = false;
    }
    return hierarchy;
}

RC_GTEST_PROP(TimeloopArchitecture, SurvivesARoundTrip, ()) {
    const auto hierarchy = sayable();
    RC_PRE(hierarchy.pes <= kMostSize);
    const auto written = timeloopArchitecture(hierarchy);
    RC_ASSERT(written.ok());
    RC_ASSERT(written->leftOut.empty());
    const auto read = hierarchyFromTimeloop(written->text, "arch.yaml");
    RC_ASSERT(read.ok());
    RC_ASSERT(read->notes.empty());
    const auto& back = read->hierarchy;
    RC_ASSERT(back.pes == hierarchy.pes && back.macPicojoule == hierarchy.macPicojoule);
    RC_ASSERT(back.levels.size() == hierarchy.levels.size());
    for (std::size_t l = 0; l < back.levels.size(); ++l) {
        const auto& a = hierarchy.levels[l];
        const auto& b = back.levels[l];
        RC_ASSERT(a.name == b.name && a.capacityWords == b.capacityWords &&
                  a.blockWords == b.blockWords);
        RC_ASSERT(a.readPicojoule == b.readPicojoule && b.fillPicojoule == b.readPicojoule);
        RC_ASSERT(a.readWordsPerCycle == b.readWordsPerCycle &&
                  a.writeWordsPerCycle == b.writeWordsPerCycle &&
                  a.sharedBandwidth == b.sharedBandwidth);
        RC_ASSERT(a.rows == b.rows && a.columns == b.columns);
        RC_ASSERT(a.mayKeep == b.mayKeep && a.reduces == b.reduces &&
                  a.doubleBuffered == b.doubleBuffered);
    }
}

TEST(TimeloopArchitecture, SaysWhatItLeavesOut) {
    nest::Hierarchy hierarchy{.name = "x", .levels = {{.name = "DRAM"}, {.name = "buffer"}}};
    hierarchy.pes = 64;
    hierarchy.staticPicojoulePerCycle = 2;
    hierarchy.levels[1].multicast = false;
    hierarchy.levels[1].forwards = true;
    hierarchy.levels[1].fillPicojoule = 3;
    hierarchy.levels[1].rows = hierarchy.levels[1].columns = 4;
    const auto written = timeloopArchitecture(hierarchy);
    ASSERT_TRUE(written.ok());
    EXPECT_EQ(
        written->leftOut,
        (std::vector<std::string>{
            "DRAM: rows without bound, written as 1", "DRAM: columns without bound, written as 1",
            "buffer: the energies of fills and updates; that of reads stands for all",
            "buffer: that it does not multicast", "buffer: that it takes words from its neighbours",
            "the bound of 64 multipliers, written as 16", "static energy"}));
}

const char* const kTree = R"(
architecture:
  version: 0.3
  subtree:
  - name: system
    local:
    - name: DRAM
      class: DRAM
      attributes: {type: LPDDR4, width: 64, block-size: 4, word-bits: 16, shared_bandwidth: 8}
    subtree:
    - name: chip
      local:
      - name: glb
        class: smartbuffer_SRAM
        attributes:
          depth: 1024
          width: 128
          word-bits: 16
          read_bandwidth: 16
          write_bandwidth: 8
          multiple-buffering: 2
          vector-access-energy: 24
      - name: router
        class: XY_NoC
      subtree:
      - name: PE[0..167]
        local:
        - name: spad
          class: regfile
          attributes: {sizeKB: 1, word-bits: 8, meshX: 14}
        - name: mac
          class: intmac
          attributes: {meshX: 14, energy: 2}
)";

TEST(TimeloopArchitecture, ReadsATree) {
    const auto read = hierarchyFromTimeloop(kTree, "arch.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    const auto& hierarchy = read->hierarchy;
    ASSERT_EQ(hierarchy.levels.size(), 3U);
    const auto& [dram, glb, spad] =
        std::tie(hierarchy.levels[0], hierarchy.levels[1], hierarchy.levels[2]);
    EXPECT_EQ(dram.capacityWords, 0);
    EXPECT_EQ(dram.blockWords, 4);
    EXPECT_TRUE(dram.sharedBandwidth);
    EXPECT_EQ(dram.rows * dram.columns, 1);
    EXPECT_EQ(glb.blockWords, 8);
    EXPECT_EQ(glb.capacityWords, 8192);
    EXPECT_EQ(glb.readPicojoule, 3);
    EXPECT_TRUE(glb.doubleBuffered);
    EXPECT_EQ(glb.columns, 14);
    EXPECT_EQ(glb.rows, 12);
    EXPECT_EQ(spad.capacityWords, 1024);
    EXPECT_EQ(spad.columns * spad.rows, 1);
    EXPECT_EQ(hierarchy.pes, 168);
    EXPECT_EQ(hierarchy.macPicojoule, 2);
    ASSERT_EQ(read->notes.size(), 3U);
    EXPECT_EQ(read->notes[0], "router: components of class XY_NoC are not priced");
    EXPECT_EQ(read->notes[1], "DRAM: not used: type");
    EXPECT_EQ(read->notes[2].rfind("energies are missing of DRAM, spad: estimated from "
                                   "horowitz-45nm (Horowitz, ISSCC 2014",
                                   0),
              0U);
    EXPECT_TRUE(hierarchy.estimate);
    EXPECT_NE(hierarchy.source.find("DRAM, spad"), std::string::npos);
    const auto table = nest::findEnergyTable("horowitz-45nm");
    EXPECT_EQ(dram.readPicojoule, nest::dramAccess(*table, 16).picojoule);
    EXPECT_EQ(spad.readPicojoule, nest::sramAccess(*table, 1024, 8).picojoule);
}

TEST(TimeloopArchitecture, ReadsNodesAndTheirContainers) {
    const auto read = hierarchyFromTimeloop(R"(
architecture:
  version: 0.4
  nodes:
  - !Container
    name: system
  - !Component
    name: memory
    class: DRAM
    attributes: {width: 256, datawidth: 8}
  - !Component
    name: buffer
    class: SRAM
    attributes: {depth: 512, width: 64, datawidth: 8}
  - !Container
    name: column
    spatial: {meshX: 16}
  - !Component
    name: register
    class: regfile
    spatial: {meshY: 4}
    attributes: {depth: 2, width: 8, datawidth: 8}
  - !Component
    name: mac
    class: intmac
)",
                                            "arch.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    EXPECT_EQ(read->hierarchy.levels[1].columns, 16);
    EXPECT_EQ(read->hierarchy.levels[1].rows, 4);
    EXPECT_EQ(read->hierarchy.pes, 64);
    ASSERT_EQ(read->containers.size(), 2U);
    EXPECT_TRUE(read->containers[0].hasName("column"));
    EXPECT_TRUE(read->containers[0].hasName("inter_column_spatial"));
    EXPECT_EQ(read->containers[0].memory, "buffer");

    model::Layer layer;
    layer.size(Dim::C) = 32;
    const auto mapping = mappingFromTimeloop(R"(
mapping:
- {target: buffer, type: temporal, factors: [C=2]}
- {target: column, type: spatial, factors: C=16, permutation: [C]}
)",
                                             "map.yaml", layer, read->hierarchy, read->containers);
    ASSERT_TRUE(mapping.ok()) << base::toText(mapping.error());
    EXPECT_EQ(compactText(*mapping), "memory[] buffer[C2 C16:columns] register[]");
}

TEST(TimeloopArchitecture, ParallelNodesKeepATensorEach) {
    const auto read = hierarchyFromTimeloop(R"(
architecture:
  nodes:
  - !Component {name: memory, class: DRAM}
  - !Parallel
    nodes:
    - !Component
      name: inputs
      class: regfile
      attributes: {depth: 12, width: 16}
      constraints: {dataspace: {keep: [Inputs]}}
    - !Component
      name: weights
      class: regfile
      attributes: {depth: 192, width: 16}
      constraints: {dataspace: {keep: [Weights], bypass: [Inputs, Outputs]}}
  - !Component {name: mac, class: intmac}
)",
                                            "arch.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    ASSERT_EQ(read->hierarchy.levels.size(), 3U);
    EXPECT_EQ(read->hierarchy.levels[0].mayKeep, (std::array<bool, 3>{true, true, true}));
    EXPECT_EQ(read->hierarchy.levels[1].mayKeep, (std::array<bool, 3>{false, true, false}));
    EXPECT_EQ(read->hierarchy.levels[2].mayKeep, (std::array<bool, 3>{true, false, false}));
    EXPECT_EQ(read->hierarchy.levels[2].capacityWords, 192);
    const auto mapping = mappingFromTimeloop("mapping: []", "map.yaml", {}, read->hierarchy);
    ASSERT_TRUE(mapping.ok());
    EXPECT_EQ(mapping->levels[1].keeps, (std::array<bool, 3>{false, true, false}));
}

TEST(TimeloopArchitecture, RefusesWithTheLine) {
    const auto refused = [](const std::string& from, const std::string& to,
                            const std::string& reason) {
        std::string text = kTree;
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        expectRefused(hierarchyFromTimeloop(text, "arch.yaml"), reason);
    };
    refused("depth: 1024", "depth: 2**x",
            "arch.yaml, line 16: '2**x' is no number, and no "
            "expression that can be evaluated here");
    refused("depth: 1024", "depth: -1", "line 16: '-1' is no number from 0");
    for (const char* none :
         {"depth: 0", "entries: 0", "sizeKB: 0", "entries: 0.5", "sizeKB: 1e-6"}) {
        refused("depth: 1024", none, "'glb' has no room for a word. Leave out entries, depth");
    }
    for (const char* key : {"bandwidth", "shared_bandwidth"}) {
        refused("depth: 1024", "depth: 1024\n          " + std::string(key) + ": 1e-307",
                "1e-307 words a cycle are fewer than any memory moves");
    }
    for (const char* key : {"read_bandwidth: ", "write_bandwidth: "}) {
        refused(key, key + std::string("1e-307  # "),
                "1e-307 words a cycle are fewer than any memory moves. Give 1e-09 or more");
    }
    refused("depth: 1024", "depth: nan", "line 16: 'nan' is no number");
    refused("depth: 1024", "depth: 8\n          entries: 8", "gives several sizes that differ");
    refused("width: 128", "width: 100", "the width of 'glb' holds no whole number of words");
    refused("meshX: 14}", "meshX: 13}", "meshX of 'spad' does not divide its 168 instances");
    refused("meshX: 14}", "meshY: 336}", "meshY of 'spad' does not divide its 168 instances");
    refused("meshX: 14, energy", "meshX: 12, energy", "are no multiple of the 168 (14) of 'spad'");
    refused("PE[0..167]", "PE[0..x]", "line 26: 'PE[0..x]' is no name with a range");
    refused("PE[0..167]", "PE[5..2]", "is no name with a range");
    refused("PE[0..167]", "PE[0..99999999999999999999]", "is no name with a range");
    refused("intmac", "adder", "has no multiplier");
    refused("name: spad", "name: glb", "two memories are called 'glb'");
    refused("multiple-buffering: 2", "multiple-buffering: 3", "neither 1 nor 2");
    refused("      - name: router", "    - name: router", "this is not YAML");
    expectRefused(hierarchyFromTimeloop("architecture:\n  local: []\n", "arch.yaml"),
                  "arch.yaml, line 2: this is no architecture of Timeloop");
    // A tree that contains itself.
    expectRefused(hierarchyFromTimeloop("architecture: &a\n  subtree: [*a]\n", "arch.yaml"),
                  "arch.yaml");
}

// ---- mapping ----------------------------------------------------------------------------------

RC_GTEST_PROP(TimeloopMapping, SurvivesARoundTrip, ()) {
    const auto layer = forms::layer();
    const auto hierarchy = forms::hierarchy();
    const auto mapping = forms::mapping(layer, hierarchy);
    const auto written = timeloopMapping(mapping, layer);
    RC_ASSERT(written.ok());
    const auto read = mappingFromTimeloop(*written, "map.yaml", layer, hierarchy);
    RC_ASSERT(read.ok());
    RC_ASSERT(*read == mapping);
}

const nest::Hierarchy kArray = {
    .levels = {{.name = "DRAM"}, {.name = "glb", .rows = 12, .columns = 14}, {.name = "spad"}}};

model::Layer someLayer() {
    model::Layer layer;
    layer.name = "conv";
    layer.size(Dim::K) = 32;
    layer.size(Dim::C) = 8;
    layer.size(Dim::P) = 13;
    layer.size(Dim::R) = 3;
    return layer;
}

TEST(TimeloopMapping, PermutationsAreInnermostFirstAndXIsColumns) {
    const auto mapping = mappingFromTimeloop(R"(
mapping:
  - target: glb
    type: datatype
    keep: [Inputs, Outputs]
    bypass: [Weights]
  - target: DRAM
    type: temporal
    factors: K4 C2
    permutation: KC
  - target: glb
    type: spatial
    factors: C=4 R=3 K=2
    permutation: CRK
    split: 1
  - target: glb
    type: temporal
    factors: P=4,3 K=0004
    permutation: PK
  - target: spad
    type: temporal
    factors: P5,1
)",
                                             "map.yaml", someLayer(), kArray);
    // The last of 4 steps of 5 rows being the third with one row: 11 rows.
    expectRefused(mapping, "map.yaml, line 3: the factors of P make 11 of 13");

    const std::string good = R"(
mapping:
  - {target: glb, type: bypass, keep: [Inputs, Outputs], bypass: [Weights]}
  - {target: DRAM, type: temporal, factors: K4 C2, permutation: KC}
  - {target: glb, type: spatial, factors: C=4 R=3 K=2, permutation: CRK, split: 1}
  - {target: glb, type: temporal, factors: "P=3,3 K=4", permutation: P K}
  - {target: spad, type: temporal, factors: "P=5,3"}
)";
    const auto read = mappingFromTimeloop(good, "map.yaml", someLayer(), kArray);
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    EXPECT_EQ(compactText(*read), "DRAM[C2 K4] glb[K4 P3 K2:rows R3:rows C4:columns] spad[P5]");
    EXPECT_EQ(read->levels[1].keeps, (std::array<bool, 3>{false, true, true}));
    EXPECT_EQ(read->levels[0].keeps, (std::array<bool, 3>{true, true, true}));
    EXPECT_TRUE(nest::evaluateLoopNest(someLayer(), *read, kArray).ok());
}

TEST(TimeloopMapping, RefusesWithTheLine) {
    const auto refused = [](const std::string& directive, const std::string& reason) {
        expectRefused(mappingFromTimeloop("mapping:\n- target: DRAM\n  type: temporal\n"
                                          "  factors: K32 C8 P13 R3\n" +
                                              directive,
                                          "map.yaml", someLayer(), kArray),
                      reason);
    };
    refused("- {target: L2, type: temporal}", "line 5: the architecture has no memory 'L2'");
    refused("- {target: glb, type: skew}", "line 5: a directive of type 'skew' has no counterpart");
    refused("- {target: glb}", "line 5: 'type' is missing here");
    refused("- {target: DRAM, type: temporal}", "has a temporal directive already");
    refused("- {target: glb, type: temporal, factors: X2}", "names no dimension at 'X2'");
    refused("- {target: glb, type: temporal, factors: K}", "has no factor from 0");
    refused("- {target: glb, type: temporal, factors: K-2}", "has no factor from 0");
    refused("- {target: glb, type: temporal, factors: K2 K2}", "the factors have K twice");
    refused("- {target: glb, type: temporal, factors: K99999999999999999999}", "no factor from 0");
    refused("- {target: glb, type: temporal, factors: K2}",
            "line 2: the factors of K make 64 of 32");
    refused("- {target: glb, type: temporal, factors: 'K2,3'}",
            "the last trips of K are not from 1");
    refused("- {target: glb, type: temporal, permutation: KK}", "has K twice");
    refused("- {target: glb, type: temporal, permutation: KZ}", "names a dimension 'Z'");
    refused("- {target: glb, type: spatial, split: x}", "'x' is no whole number from 0");
    refused("- {target: glb, type: temporal, factors: K<=2}", "a mapping has no bounds on K");
    refused("- {target: glb, type: bypass, keep: [Weight]}", "there is no data space 'Weight'");
    refused(
        "- {target: glb, type: temporal, factors: K2000000000}\n"
        "- {target: spad, type: temporal, factors: K2000000000}",
        "multiply to more than 2^62");
    expectRefused(mappingFromTimeloop("mapping: 3", "map.yaml", someLayer(), kArray),
                  "map.yaml, line 1: this is no mapping of Timeloop");
}

TEST(TimeloopMapping, SaysWhichLoopsTimeloopCannotSay) {
    const auto refused = [](std::vector<model::Loop> loops, const std::string& reason) {
        model::Mapping mapping;
        mapping.levels = {{"DRAM", {{Dim::C, 8}, {Dim::P, 13}, {Dim::R, 3}}, {}},
                          {"glb", std::move(loops), {}}};
        expectRefused(timeloopMapping(mapping, someLayer()), reason);
    };
    using model::LoopKind;
    refused({{Dim::K, 2, LoopKind::Rows}, {Dim::K, 16}},
            "conv: at glb a temporal loop is inside a spatial one");
    refused({{Dim::K, 2}, {Dim::K, 16}}, "at glb there are two temporal loops over K");
    refused({{Dim::K, 2, LoopKind::Rows}, {Dim::K, 16, LoopKind::Columns}},
            "at glb there are two spatial loops over K");
    refused({{Dim::K, 16}}, "the mapping does not cover K");
    refused({{Dim::K, -1}}, "a loop has no trips");
}

TEST(TimeloopYaml, DamagedFilesNeverCrash) {
    base::Random random(3, "damage");
    const auto layer = someLayer();
    const auto problem = timeloopProblem(layer)->text;
    const std::string mapping =
        "mapping:\n- {target: DRAM, type: temporal, factors: K32 C8 P13 "
        "R3, permutation: KCPR}\n- {target: glb, type: bypass, keep: "
        "[Inputs], bypass: [Weights]}\n";
    for (int round = 0; round < 1000; ++round) {
        for (const std::string& whole : {problem, std::string(kTree), mapping}) {
            std::string text = whole;
            if (round % 3 == 0) text.resize(random.below(text.size()));
            for (int flips = static_cast<int>(random.below(4)); flips > 0 && !text.empty();
                 --flips) {
                text[random.below(text.size())] = static_cast<char>(random.below(256));
            }
            const auto asLayer = layerFromTimeloop(text, "x");
            EXPECT_TRUE(!asLayer || checkLayer(asLayer->layer).ok());
            EXPECT_TRUE(asLayer || asLayer.error().where.rfind("x", 0) == 0);
            const auto asArray = hierarchyFromTimeloop(text, "x");
            EXPECT_TRUE(!asArray || !asArray->hierarchy.levels.empty());
            const auto asMapping = mappingFromTimeloop(text, "x", layer, kArray);
            EXPECT_TRUE(!asMapping || asMapping->levels.size() == 3U);
        }
    }
}

}  // namespace
}  // namespace cohelix::interop
