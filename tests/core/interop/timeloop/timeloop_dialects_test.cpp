// SPDX-License-Identifier: GPL-3.0-or-later
// Forms of Timeloop's files beyond the convolution on a tree: matrix products, containers, what its
// front end writes, energies that are left to Accelergy.
#include <algorithm>

#include <gtest/gtest.h>

#include "core/interop/timeloop/timeloop_yaml.h"
#include "core/nest/energy_table.h"
#include "core/nest/loop_nest.h"

#include "tests/core/interop/documents/checks.h"

namespace cohelix::interop {
namespace {

using model::Dim;
using model::Tensor;

const std::string kProduct = R"(
problem:
  shape:
    name: product
    dimensions: [M, N, K]
    data_spaces:
    - {name: A, projection: [[[M]], [[K]]]}
    - {name: B, projection: [[[N]], [[K]]]}
    - {name: Z, projection: [[[M]], [[N]]], read_write: true}
  instance: {M: 12, N: 20, K: 28}
)";

TEST(TimeloopDialects, ReadsMatrixProducts) {
    const auto read = layerFromTimeloop(kProduct, "p.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    EXPECT_EQ(model::macs(read->layer), 12 * 20 * 28);
    EXPECT_EQ(model::words(read->layer, Tensor::Inputs), 12 * 28);
    EXPECT_EQ(model::words(read->layer, Tensor::Weights), 20 * 28);
    EXPECT_EQ(model::words(read->layer, Tensor::Outputs), 12 * 20);
    EXPECT_EQ(read->names.dim("N"), Dim::K);
    EXPECT_EQ(read->names.dim("K"), Dim::C);
    EXPECT_EQ(read->names.tensor("B"), Tensor::Weights);
    EXPECT_FALSE(read->names.tensor("Weights"));
    ASSERT_EQ(read->notes.size(), 1U);
    EXPECT_NE(read->notes[0].find("K is C"), std::string::npos);

    // Mappings and constraints for it use its names.
    const nest::Hierarchy hierarchy{.levels = {{.name = "DRAM"}, {.name = "buffer"}}};
    const auto mapping = mappingFromTimeloop(R"(
mapping:
- {target: DRAM, type: temporal, factors: [M=3, N=4], permutation: [N, M, K]}
- {target: buffer, type: temporal, factors: M4 N5 K=-1, permutation: KNM}
- {target: buffer, type: bypass, keep: [A, Z], bypass: [B]}
)",
                                             "m.yaml", read->layer, hierarchy, {}, read->names);
    ASSERT_TRUE(mapping.ok()) << base::toText(mapping.error());
    EXPECT_EQ(mapping->levels[0].keeps, (std::array<bool, 3>{true, true, true}));
    EXPECT_EQ(mapping->levels[1].keeps, (std::array<bool, 3>{false, true, true}));
    const auto cost = nest::evaluateLoopNest(read->layer, *mapping, hierarchy);
    ASSERT_TRUE(cost.ok()) << base::toText(cost.error());
    EXPECT_EQ(cost->macs, 12 * 20 * 28);
    EXPECT_EQ(mapping->levels[1].loops.back().dim, Dim::C);
    EXPECT_EQ(mapping->levels[1].loops.back().trips, 28);
}

TEST(TimeloopDialects, ReadsConvolutionsUnderOtherLetters) {
    const auto read = layerFromTimeloop(R"(
problem:
  shape:
    dimensions: [Batch, Out, In, X, Y, U, V]
    coefficients: [{name: step, default: 2}]
    data_spaces:
    - {name: Filter, projection: [[[Out]], [[In]], [[U]], [[V]]]}
    - {name: Image, projection: [[[Batch]], [[In]], [[X, step], [U]], [[Y], [V, 3]]]}
    - {name: Result, projection: [[[Batch]], [[Out]], [[X]], [[Y]]], read_write: true}
  instance: {Batch: 2, Out: 8, In: 4, X: 5, Y: 6, U: 3, V: 2}
)",
                                        "p.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    EXPECT_EQ(read->layer.sizes, (std::array<std::int64_t, 7>{2, 8, 4, 5, 6, 3, 2}));
    EXPECT_EQ(read->layer.stride, (model::PerAxis{2, 1}));
    EXPECT_EQ(read->layer.dilation, (model::PerAxis{1, 3}));
    EXPECT_EQ(read->names.tensor("Image"), Tensor::Inputs);
}

TEST(TimeloopDialects, ReadsDepthwiseAndBatchedProducts) {
    const auto depthwise = layerFromTimeloop(R"(
problem:
  shape:
    dimensions: [C, P, R]
    data_spaces:
    - {name: Weights, projection: [[[C]], [[R]]]}
    - {name: Inputs, projection: [[[C]], [[P], [R]]]}
    - {name: Outputs, projection: [[[C]], [[P]]], read_write: true}
  instance: {C: 16, P: 7, R: 3}
)",
                                             "p.yaml");
    ASSERT_TRUE(depthwise.ok()) << base::toText(depthwise.error());
    EXPECT_TRUE(depthwise->layer.depthwise());
    EXPECT_EQ(model::macs(depthwise->layer), 16 * 7 * 3);
    EXPECT_EQ(depthwise->names.dim("C"), Dim::G);

    const auto refused = [](const std::string& spaces, const std::string& reason) {
        expectRefused(layerFromTimeloop("problem:\n  shape:\n    dimensions: [A, B, C]\n"
                                        "    data_spaces:\n" +
                                            spaces + "  instance: {A: 1, B: 2, C: 3}\n",
                                        "p.yaml"),
                      reason);
    };
    refused("    - {name: X, projection: [[[A]]]}\n    - {name: Y, projection: [[[A]]]}\n",
            "the shape has 2 data spaces; a layer has three");
    refused(
        "    - {name: X, projection: [[[A]], [[B]]]}\n    - {name: Y, projection: [[[B]]]}\n"
        "    - {name: Z, projection: [[[B]]], read_write: true}\n",
        "the dimension 'A' has no counterpart in a layer: it indexes X");
    refused(
        "    - {name: X, projection: [[[A]], [[D]]]}\n    - {name: Y, projection: [[[B]]]}\n"
        "    - {name: Z, projection: [[[B]]], read_write: true}\n",
        "line 5: the projection of X has 'D', which is none of the shape's dimensions");
}

/// What has no counterpart among layers must not pass for the layer that is nearest to it.
TEST(TimeloopDialects, RefusesADimensionAlongTwoAxesOfATensor) {
    const auto refused = [](const std::string& inputs, const std::string& weights,
                            const std::string& outputs, const std::string& reason) {
        expectRefused(layerFromTimeloop("problem:\n  shape:\n    dimensions: [C, K, R, S, P, Q]\n"
                                        "    data_spaces:\n"
                                        "    - {name: Weights, projection: " +
                                            weights +
                                            "}\n"
                                            "    - {name: Inputs, projection: " +
                                            inputs +
                                            "}\n"
                                            "    - {name: Outputs, projection: " +
                                            outputs +
                                            ", read_write: true}\n"
                                            "  instance: {C: 2, K: 3, R: 3, S: 2, P: 4, Q: 5}\n",
                                        "p.yaml"),
                      reason);
    };
    const std::string weights = "[[[C]], [[K]], [[R]], [[S]]]";
    const std::string inputs = "[[[C]], [[R], [P]], [[S], [Q]]]";
    const std::string outputs = "[[[K]], [[P]], [[Q]]]";
    refused("[[[C]], [[R], [P]], [[R]], [[S], [Q]]]", weights, outputs,
            "line 6: the projection of Inputs has 'R' twice");
    refused("[[[C]], [[R], [P]], [[S], [P]]]", weights, outputs, "Inputs has 'P' twice");
    refused("[[[C]], [[R], [P]], [[R], [Q]]]", weights, outputs, "Inputs has 'R' twice");
    refused("[[[C]], [[P], [P]], [[S], [Q]]]", weights, outputs, "Inputs has 'P' twice");
    refused("[[[C]], [[C]], [[R], [P]], [[S], [Q]]]", weights, outputs, "Inputs has 'C' twice");
    refused(inputs, "[[[C]], [[K]], [[K]], [[R]], [[S]]]", outputs, "Weights has 'K' twice");
    refused(inputs, weights, "[[[K]], [[P]], [[Q]], [[Q]]]", "Outputs has 'Q' twice");
    refused("[[[C]], [[R], [P, 0]], [[S], [Q]]]", weights, outputs, "a coefficient is 0");
}

TEST(TimeloopDialects, TakesDenseTensorsAlone) {
    const auto with = [](const std::string& densities) {
        return layerFromTimeloop(
            "problem:\n  instance: {R: 3, S: 1, P: 4, Q: 4, C: 4, K: 8, N: 1,\n"
            "    densities: " +
                densities + "}\n",
            "p.yaml");
    };
    for (const char* dense : {"{}", "{Inputs: 1}", "{Weights: {density: 1.0}}"}) {
        const auto read = with(dense);
        ASSERT_TRUE(read.ok()) << base::toText(read.error());
        EXPECT_TRUE(read->notes.empty());
    }
    for (const char* spelled : {"0.5", "{distribution: fixed, density: 0.5}",
                                "{distribution: fixed-structured, density: 0.5}"}) {
        const auto read = with("{Inputs: " + std::string(spelled) + "}");
        ASSERT_TRUE(read.ok()) << base::toText(read.error());
        EXPECT_TRUE(read->hasZeros) << spelled;
    }
    expectRefused(with("{Inputs: {distribution: hypergeometric, density: 0.3}}"),
                  "p.yaml, line 3: the density of Inputs is 0.3; layers are dense");
    expectRefused(with("{Inputs: nan}"), "'nan' is no number");
    const auto structured = with("{Inputs: {distribution: fixed_structured, density: 0.5}}");
    ASSERT_TRUE(structured.ok()) << base::toText(structured.error());
    ASSERT_EQ(structured->notes.size(), 1U);
    EXPECT_NE(structured->notes[0].find("counted dense"), std::string::npos);
    EXPECT_TRUE(structured->hasZeros);
    EXPECT_FALSE(with("{Inputs: {distribution: fixed_structured, density: 1}}")->hasZeros);
}

const std::string kTwoFanouts = R"(
architecture:
  version: 0.4
  nodes:
  - !Container {name: system, attributes: {technology: "40nm", datawidth: 8}}
  - !Component {name: memory, class: DRAM, attributes: {width: 64}}
  - !Component {name: buffer, class: smartbuffer_SRAM, attributes: {depth: 2**10, width: 8 * 8}}
  - !Container
    name: column
    spatial: {meshX: 6}
    constraints: {spatial: {permutation: [Q, M], factors: [P=1, C=1, R=1, S=1], split: 999}}
  - !Container
    name: PE
    spatial: {meshY: 4}
    constraints: {spatial: {permutation: [P, Q, S, C], factors: [P=1, Q=1, M=1], split: 0}}
  - !Component
    name: register
    class: regfile
    attributes: {depth: 16, width: datawidth}
    constraints:
      temporal: {factors: "R=1 S<=2 C>=2 M=0", permutation: [C, S]}
      dataspace: {keep: [Weights], bypass: [Inputs]}
  - !Component {name: mac, class: intmac}
)";

TEST(TimeloopDialects, ContainersUnrollTheirPart) {
    const auto read = hierarchyFromTimeloop(kTwoFanouts, "a.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    const auto& levels = read->hierarchy.levels;
    ASSERT_EQ(levels.size(), 3U);
    EXPECT_EQ(levels[1].columns, 6);
    EXPECT_EQ(levels[1].rows, 4);
    EXPECT_EQ(levels[1].capacityWords, 8192);  // 1,024 lines of eight inherited words
    EXPECT_EQ(levels[2].mayKeep, (std::array<bool, 3>{true, false, true}));

    model::Layer layer;
    layer.size(Dim::Q) = 6;
    layer.size(Dim::C) = 8;
    for (const char* column : {"column", "inter_column_spatial"}) {
        const auto mapping =
            mappingFromTimeloop(std::string(R"(
mapping:
- {target: inter_PE_spatial, type: spatial, factors: C4, permutation: C, split: 0}
- {target: PE, type: datatype, keep: [], bypass: [Weights]}
- {target: PE, type: temporal, factors: C1}
- {target: register, type: temporal, factors: C0}
- {target: )") + column + ", type: spatial, factors: Q6, permutation: Q, split: 1}\n",
                                "m.yaml", layer, read->hierarchy, read->containers);
        ASSERT_TRUE(mapping.ok()) << base::toText(mapping.error());
        EXPECT_EQ(model::compactText(*mapping),
                  "memory[] buffer[Q6:columns C4:rows/1] register[C2]");
    }
}

/// Outputs' columns over the columns of PEs, the kernel's over their rows: each of the 6 x 3 PEs
/// gets its window from the buffer, as two containers merge nothing that only both together make
/// equal.
TEST(TimeloopDialects, ContainersAreFanOutsOfTheirOwn) {
    const auto read = hierarchyFromTimeloop(kTwoFanouts, "a.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    model::Layer layer;
    layer.size(Dim::Q) = 6;
    layer.size(Dim::S) = 3;
    const auto mapping = mappingFromTimeloop(R"(
mapping:
- {target: PE, type: spatial, factors: S3, permutation: S, split: 0}
- {target: column, type: spatial, factors: Q6, permutation: Q, split: 1}
)",
                                             "m.yaml", layer, read->hierarchy, read->containers);
    ASSERT_TRUE(mapping.ok()) << base::toText(mapping.error());
    const auto cost = nest::evaluateLoopNest(layer, *mapping, read->hierarchy, nest::kTimeloop2025);
    ASSERT_TRUE(cost.ok()) << base::toText(cost.error());
    EXPECT_EQ(cost->levels[1].tensors[1].reads, 6 * 3);
    const auto exact = nest::evaluateLoopNest(layer, *mapping, read->hierarchy, nest::kExact);
    ASSERT_TRUE(exact.ok());
    EXPECT_EQ(exact->levels[1].tensors[1].reads, 8) << "columns of the inputs";
    EXPECT_FALSE(timeloopMapping(*mapping, layer)) << "containers are not written";
}

TEST(TimeloopDialects, ReadsConstraintsAtNodes) {
    const auto read = hierarchyFromTimeloop(kTwoFanouts, "a.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    ASSERT_TRUE(read->constraints);
    const auto& levels = read->constraints->levels;
    ASSERT_EQ(levels.size(), 3U);
    const auto of = [](const mapping::TripRules& rules, Dim dim) {
        return rules[static_cast<std::size_t>(dim)];
    };
    using mapping::TripRule;
    EXPECT_EQ(of(levels[1].columns, Dim::C), TripRule::exactly(1));
    EXPECT_TRUE(of(levels[1].columns, Dim::Q).free());
    EXPECT_TRUE(of(levels[1].columns, Dim::K).free());
    EXPECT_EQ(of(levels[1].rows, Dim::Q), TripRule::exactly(1));
    EXPECT_TRUE(of(levels[1].rows, Dim::C).free());
    EXPECT_TRUE(of(levels[1].rows, Dim::R).free());
    EXPECT_EQ(of(levels[2].temporal, Dim::R), TripRule::exactly(1));
    EXPECT_EQ(of(levels[2].temporal, Dim::S), (TripRule{1, 2}));
    EXPECT_EQ(of(levels[2].temporal, Dim::C), (TripRule{2, 0}));
    EXPECT_EQ(of(levels[2].temporal, Dim::K), TripRule::all());
    EXPECT_EQ(levels[2].innermost, (std::vector{Dim::C, Dim::S}));
    EXPECT_EQ(levels[2].keeps[0], true);
    EXPECT_EQ(levels[2].keeps[1], false);
    EXPECT_EQ(levels[2].keeps[2], std::nullopt);
}

/// As Timeloop's front end writes nodes with containers.
const std::string kProcessed = R"(
architecture:
  version: '0.4'
  subtree:
  - name: system
    attributes: {technology: "40nm", power_gated_at: null}
    local:
    - {name: "memory[1..1]", class: DRAM, attributes: {width: 64, datawidth: 8, meshX: 1, meshY: 1,
       power_gated_at: null}, enabled: true}
    - {name: "buffer[1..1]", class: SRAM, attributes: {depth: 64, width: 64, datawidth: 8, meshX: 1}}
    - {name: "inter_column_spatial[1..1]", class: dummy_storage, attributes: {width: 1, depth: 1,
       datawidth: 1, technology: -1, meshX: 1, meshY: 1}}
    - {name: "inter_PE_spatial[1..6]", class: dummy_storage, attributes: {width: 1, depth: 1,
       datawidth: 1, meshX: 6, meshY: 1}}
    - {name: "register[1..24]", class: regfile, attributes: {depth: 16, width: 8, datawidth: 8,
       meshX: 6, meshY: 4}}
    - {name: "mac[1..24]", class: intmac, attributes: {meshX: 6, meshY: 4}}
architecture_constraints:
  targets:
  - {type: spatial, factors: "C=1,R=1", permutation: NCRSQM, split: 7, target: inter_column_spatial}
  - {type: temporal, factors: "C=1,M=1,R=1,S=1,N=1,P=1,Q=1", target: inter_PE_spatial}
  - {type: bypass, bypass: [Weights, Inputs, Outputs], target: inter_PE_spatial}
  - {type: spatial, factors: "Q=1", permutation: NQSC, split: 2, target: inter_PE_spatial}
  - {type: bypass, keep: [Weights], bypass: [Inputs], target: register}
problem: {instance: {R: 3, S: 3, P: 4, Q: 6, C: 4, M: 8, N: 1, densities: {}}}
mapping: []
)";

TEST(TimeloopDialects, PlaceholdersOfTheFrontEndAreContainers) {
    const auto read = hierarchyFromTimeloop(kProcessed, "a.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    const auto& hierarchy = read->hierarchy;
    ASSERT_EQ(hierarchy.levels.size(), 3U);
    EXPECT_EQ(hierarchy.levels[1].columns, 6);
    EXPECT_EQ(hierarchy.levels[1].rows, 4);
    EXPECT_EQ(hierarchy.pes, 24);
    ASSERT_EQ(read->containers.size(), 2U);
    EXPECT_EQ(read->containers[0].meshX, 6);
    EXPECT_EQ(read->containers[0].meshY, 1);
    EXPECT_EQ(read->containers[1].meshX, 1);
    EXPECT_EQ(read->containers[1].meshY, 4);
    ASSERT_TRUE(read->constraints);
    const auto& buffer = read->constraints->levels[1];
    const auto at = [](Dim dim) { return static_cast<std::size_t>(dim); };
    EXPECT_EQ(buffer.columns[at(Dim::C)], mapping::TripRule::exactly(1));
    EXPECT_TRUE(buffer.rows[at(Dim::C)].free());
    EXPECT_TRUE(buffer.columns[at(Dim::Q)].free());
    EXPECT_EQ(buffer.rows[at(Dim::Q)], mapping::TripRule::exactly(1));
    EXPECT_EQ(buffer.rows[at(Dim::N)], mapping::TripRule::exactly(1));
    EXPECT_TRUE(buffer.temporal[at(Dim::K)].free());
    const auto problem = layerFromTimeloop(kProcessed, "a.yaml");
    ASSERT_TRUE(problem.ok()) << base::toText(problem.error());
    EXPECT_EQ(model::macs(problem->layer), 3 * 3 * 4 * 6 * 4 * 8);
}

TEST(TimeloopDialects, FrontEndPutsDimensionsOfOneTripBeforeASplit) {
    const auto with = [](const std::string& spatial) {
        return hierarchyFromTimeloop(R"(
architecture:
  nodes:
  - !Component {name: memory, class: DRAM}
  - !Container {name: PE, spatial: {meshX: 4, meshY: 4}, constraints: {spatial: )" +
                                         spatial + R"(}}
  - !Component {name: register, class: regfile, attributes: {depth: 4, width: 16}}
  - !Component {name: mac, class: intmac}
)",
                                     "a.yaml");
    };
    const auto at = [](Dim dim) { return static_cast<std::size_t>(dim); };
    // Four dimensions of one trip stand before C: nothing is left along X.
    const auto shifted = with("{permutation: [C, M], split: 1, factors: [R=1, S=1, P=1, Q=1]}");
    ASSERT_TRUE(shifted.ok()) << base::toText(shifted.error());
    EXPECT_EQ(shifted->constraints->levels[0].columns[at(Dim::C)], mapping::TripRule::exactly(1));
    EXPECT_EQ(shifted->constraints->levels[0].columns[at(Dim::K)], mapping::TripRule::exactly(1));
    EXPECT_TRUE(shifted->constraints->levels[0].rows[at(Dim::C)].free());
    const auto plain = with("{permutation: [C, M], split: 1}");
    ASSERT_TRUE(plain.ok()) << base::toText(plain.error());
    EXPECT_TRUE(plain->constraints->levels[0].columns[at(Dim::C)].free());
    EXPECT_EQ(plain->constraints->levels[0].rows[at(Dim::C)], mapping::TripRule::exactly(1));
    EXPECT_EQ(plain->constraints->levels[0].columns[at(Dim::K)], mapping::TripRule::exactly(1));
}

TEST(TimeloopDialects, ReadsConstraintsOfAFileOfTheirOwn) {
    auto read = hierarchyFromTimeloop(kTwoFanouts, "a.yaml");
    ASSERT_TRUE(read.ok());
    const auto names = TimeloopNames::ofConvolution();
    const auto added = addTimeloopConstraints(R"(
mapspace_constraints:
  targets:
  - {target: memory, type: temporal, factors: R=3 P1, permutation: "K_N"}
  - target: buffer
    constraints:
    - {type: datatype, attributes: {bypass: [Weights]}}
    - {type: temporal, attributes: {factors: Q<=4}, no_temporal_reuse: [Inputs]}
  - {target: register, type: utilization, min: 0.5}
  - {target: register, type: max_overbooked_proportion, proportion: 0.1}
)",
                                              "c.yaml", names, *read);
    ASSERT_TRUE(added.ok()) << base::toText(added.error());
    const auto& all = *read->constraints;
    const auto at = [](Dim dim) { return static_cast<std::size_t>(dim); };
    EXPECT_EQ(all.levels[0].temporal[at(Dim::R)], mapping::TripRule::exactly(3));
    EXPECT_EQ(all.levels[0].innermost, std::vector{Dim::K});
    EXPECT_EQ(all.levels[0].outermost, std::vector{Dim::N});
    EXPECT_EQ(all.levels[1].keeps[0], false);
    EXPECT_EQ(all.levels[1].temporal[at(Dim::Q)], (mapping::TripRule{1, 4}));
    EXPECT_EQ(all.levels[2].temporal[at(Dim::R)], mapping::TripRule::exactly(1));  // of the nodes
    EXPECT_EQ(all.leastUse, 0.5);
    EXPECT_FALSE(read->hierarchy.levels[1].mayKeep[0]);
    const auto said = [&](const std::string& text) {
        return std::any_of(read->notes.begin(), read->notes.end(), [&](const std::string& note) {
            return note.find(text) != std::string::npos;
        });
    };
    EXPECT_TRUE(said("type max_overbooked_proportion is not honoured"));
    expectRefused(
        addTimeloopConstraints("{targets: [{target: L9, type: temporal}]}", "c.yaml", names, *read),
        "the architecture has no memory 'L9'");
    expectRefused(addTimeloopConstraints("problem: {}", "c.yaml", names, *read),
                  "c.yaml, line 1: there are no constraints of Timeloop");
    expectRefused(addTimeloopConstraints("[{target: buffer, type: dataspace, keep: [Weights]}]",
                                         "c.yaml", names, *read),
                  "both keep and bypass weights");
}

/// Two statements of one target hold together or not at all.
TEST(TimeloopDialects, RefusesConstraintsThatContradictEachOther) {
    const auto names = TimeloopNames::ofConvolution();
    const auto with = [&](const std::string& targets) -> base::Result<mapping::Constraints> {
        auto read = hierarchyFromTimeloop(kTwoFanouts, "a.yaml");
        if (!read) return read.error();
        read->constraints.reset();
        // In two files: what the first one states stays.
        const auto second = targets.find('|');
        auto added =
            addTimeloopConstraints("[" + targets.substr(0, second) + "]", "c.yaml", names, *read);
        if (added && second != targets.npos) {
            added = addTimeloopConstraints("[" + targets.substr(second + 1) + "]", "d.yaml", names,
                                           *read);
        }
        if (!added) return added.error();
        return *read->constraints;
    };
    const std::string pq = "{target: memory, type: temporal, permutation: PQK}";
    const std::string qp = "{target: memory, type: temporal, permutation: QP}";
    const std::string orders =
        "the constraints of 'memory' have two orders of loops that "
        "contradict each other";
    expectRefused(with(pq + ", " + qp), "c.yaml, line 1: " + orders);
    expectRefused(with(pq + "|" + qp), "d.yaml, line 1: " + orders);
    expectRefused(with(pq + ", {target: memory, type: temporal, permutation: \"C _ Q\"}"), orders);
    for (const std::string more : {"P", "PQ", "PQK", "PQKC", "PSQK"}) {
        const std::string other =
            "{target: memory, type: temporal, factors: S=1, permutation: " + more + "}";
        for (const std::string between : {", ", "|"}) {
            for (const auto& both : {pq + between + other, other + between + pq}) {
                const auto merged = with(both);
                ASSERT_TRUE(merged.ok()) << both << ": " << base::toText(merged.error());
                auto order = merged->levels[0].innermost;
                std::erase(order, Dim::S);
                auto wanted = std::vector{Dim::P, Dim::Q, Dim::K};
                if (more == "PQKC") wanted.push_back(Dim::C);
                EXPECT_EQ(order, wanted) << both;
            }
        }
    }
}

TEST(TimeloopDialects, RefusesSplitsThatContradictEachOther) {
    const std::string architecture = R"(
architecture:
  version: 0.4
  nodes:
  - {name: memory, class: DRAM}
  - {name: array, spatial: {meshX: 4, meshY: 4}}
  - {name: mac, class: intmac}
)";
    const auto names = TimeloopNames::ofConvolution();
    const auto refusal = [&](const std::string& first, const std::string& second) {
        auto read = hierarchyFromTimeloop(architecture, "a.yaml");
        EXPECT_TRUE(read.ok()) << base::toText(read.error());
        for (const auto& permutation : {first, second}) {
            const auto added = addTimeloopConstraints(
                "[{target: array, type: spatial, split: 1, factors: N=1 R=1 S=1 P=1 Q=1, "
                "permutation: " +
                    permutation + "}]",
                "c.yaml", names, *read);
            if (!added) return added.error().what;
        }
        return std::string();
    };
    EXPECT_EQ(refusal("KCNRSPQ", "KCNRSPQ"), "");
    EXPECT_EQ(refusal("KCNRSPQ", "KCPQRSN"), "") << "loops of one trip are anywhere";
    EXPECT_EQ(
        refusal("KCNRSPQ", "CKNRSPQ"),
        "the constraints of 'memory' have two splits of what is unrolled that contradict each "
        "other");
}

/// A slip in a name would make other hardware of the file, without a word.
TEST(TimeloopDialects, NamesWhatItDoesNotUseOfANode) {
    const std::string good = R"(
architecture:
  version: 0.4
  nodes:
  - !Component {name: memory, class: DRAM, attributes: {width: 64, datawidth: 8}}
  - !Container {name: PE, spatial: {meshX: 16}}
  - !Component {name: register, class: regfile, attributes: {depth: 64, width: 8, datawidth: 8}}
  - !Component {name: mac, class: intmac, attributes: {width: 8}}
)";
    ASSERT_TRUE(hierarchyFromTimeloop(good, "a.yaml").ok());
    const auto with = [&](const std::string& from, const std::string& to) {
        auto changed = good;
        changed.replace(changed.find(from), from.size(), to);
        return hierarchyFromTimeloop(changed, "a.yaml");
    };
    expectRefused(with("class: regfile", "klass: regfile"),
                  "line 7: 'klass' has no meaning here. Write class");
    expectRefused(with("attributes: {depth", "atributes: {depth"), "Write attributes");
    expectRefused(with("spatial: {", "spacial: {"), "Write spatial");
    expectRefused(with("meshX: 16", "meshx: 16"), "'meshx' has no meaning here");
    expectRefused(with("meshX: 16", "meshX: 16, meshZ: 4"), "'meshZ' has no meaning here");
    expectRefused(with("spatial: {", "constraint: {spatial: {factors: [K=8]}}, spatial: {"),
                  "Write constraints");
    expectRefused(with(", class: regfile", ""), "'class' is missing here");
    expectRefused(with("class: regfile", "class: warpdrive"),
                  "'register' has a size, and its class 'warpdrive' is no memory's that is known");
    expectRefused(with("depth: 64", "depth: 64.5"), "'64.5' is no whole number");
    const auto notes = [&](const std::string& from, const std::string& to) {
        const auto read = with(from, to);
        EXPECT_TRUE(read.ok()) << base::toText(read.error());
        return read ? read->notes : std::vector<std::string>{};
    };
    EXPECT_EQ(
        notes("depth: 64", "dpth: 64").front(),
        "register: not used: dpth (depth?); no size is stated, so that it holds any number of "
        "words");
    EXPECT_EQ(notes("depth: 64", "depth: 64, colour: red").front(), "register: not used: colour");
    EXPECT_EQ(notes("class: regfile", "class: regfile, colour: red").front(),
              "register: not used: colour");
}

TEST(TimeloopDialects, RefusesAMappingThatKeepsAndBypassesATensor) {
    const auto architecture = hierarchyFromTimeloop(kTwoFanouts, "a.yaml");
    ASSERT_TRUE(architecture.ok());
    model::Layer layer{.name = "one"};
    const auto refused = [&](const std::string& directives) {
        expectRefused(mappingFromTimeloop("mapping: [" + directives + "]", "m.yaml", layer,
                                          architecture->hierarchy),
                      "m.yaml, line 1: 'buffer' both keeps and bypasses Weights");
    };
    refused("{target: buffer, type: bypass, keep: [Weights], bypass: [Weights]}");
    refused(
        "{target: buffer, type: bypass, bypass: [Weights]}, "
        "{target: buffer, type: datatype, keep: [Inputs, Weights]}");
}

TEST(TimeloopDialects, EstimatesMissingEnergiesAndSaysSo) {
    const auto read = hierarchyFromTimeloop(kTwoFanouts, "a.yaml");
    ASSERT_TRUE(read.ok());
    const auto table = nest::findEnergyTable("timeloop-40nm");
    EXPECT_EQ(read->hierarchy.levels[0].readPicojoule, nest::dramAccess(*table, 8).picojoule);
    EXPECT_EQ(read->hierarchy.levels[1].readPicojoule, nest::sramAccess(*table, 8192, 8).picojoule);
    EXPECT_EQ(read->hierarchy.macPicojoule, nest::multiplyAccumulate(*table, 8, 16).picojoule);
    EXPECT_TRUE(read->hierarchy.estimate);
    EXPECT_NE(read->hierarchy.source.find("memory, buffer, register, mac"), std::string::npos);
    EXPECT_NE(read->hierarchy.source.find("timeloop-40nm"), std::string::npos);
    std::string given = kTwoFanouts;
    for (const auto& [from, to] : {std::pair<std::string, std::string>{
             "{width: 64}", "{width: 64, vector_access_energy: 0}"}}) {
        given.replace(given.find(from), from.size(), to);
    }
    const auto zero = hierarchyFromTimeloop(given, "a.yaml");
    ASSERT_TRUE(zero.ok()) << base::toText(zero.error());
    EXPECT_EQ(zero->hierarchy.levels[0].readPicojoule, 0);  // said, not missing
}

TEST(TimeloopDialects, MultipliersMayStandBeforeRegistersInATree) {
    const auto read = hierarchyFromTimeloop(R"(
architecture:
  version: 0.3
  subtree:
  - name: system
    local:
    - {name: memory, class: DRAM}
    - {name: "mac[0..15]", class: intmac, attributes: {meshX: 4}}
    - {name: "register[0..15]", class: regfile, attributes: {depth: 1, width: 16, meshX: 4}}
)",
                                            "a.yaml");
    ASSERT_TRUE(read.ok()) << base::toText(read.error());
    ASSERT_EQ(read->hierarchy.levels.size(), 2U);
    EXPECT_EQ(read->hierarchy.levels[0].columns, 4);
    EXPECT_EQ(read->hierarchy.levels[1].name, "register");
    EXPECT_EQ(read->hierarchy.pes, 16);
}

TEST(TimeloopDialects, ARowTooShortForAClusterIsEachInstancesOwn) {
    const auto levels = [](const char* width) {
        return hierarchyFromTimeloop(R"(
architecture:
  version: 0.3
  subtree:
  - name: system
    local:
    - {name: memory, class: DRAM}
    - {name: "buffer[0..15]", class: SRAM, attributes: {depth: 128, width: )" +
                                         std::string(width) + R"(, word_bits: 24,
       cluster_size: 16}}
    - {name: "mac[0..15]", class: intmac}
)",
                                     "a.yaml");
    };
    const auto own = levels("24");
    ASSERT_TRUE(own.ok()) << base::toText(own.error());
    EXPECT_EQ(own->hierarchy.levels[1].capacityWords, 128);
    const auto shared = levels("768");
    ASSERT_TRUE(shared.ok()) << base::toText(shared.error());
    EXPECT_EQ(shared->hierarchy.levels[1].blockWords, 2);
}

TEST(TimeloopDialects, SaysWhatAListingIs) {
    expectRefused(mappingFromTimeloop("DRAM [ Weights:864 (864) ] \n-------\n"
                                      "| for P in [0:8)\n|   for Q in [0:2) (Spatial-X)\n",
                                      "run.map.txt", {}, {}),
                  "run.map.txt: this is the listing of a mapping that Timeloop writes for people "
                  "(map.txt). Give the file beside it that ends in map.yaml");
}

}  // namespace
}  // namespace cohelix::interop
