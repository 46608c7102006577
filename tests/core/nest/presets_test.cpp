// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nest/presets.h"

#include <map>

#include <gtest/gtest.h>

#include "core/nest/energy_table.h"
#include "core/nest/loop_nest.h"

#include "written_mapping.h"

namespace cohelix::nest {
namespace {

using model::Dim;
using model::Tensor;

/// A 3x3 convolution of ResNet-18's first stage.
model::Layer resnetLayer() {
    model::Layer layer;
    layer.name = "layer1.conv";
    layer.size(Dim::K) = layer.size(Dim::C) = 64;
    layer.size(Dim::P) = layer.size(Dim::Q) = 56;
    layer.size(Dim::R) = layer.size(Dim::S) = 3;
    return layer;
}

/// A legal mapping of it for every preset.
const std::map<std::string, std::string>& writtenMappings() {
    static const std::string kSplit =
        "DRAM[WIO] K4 P8 buffer[IO] C4 Q56 R3:r C4:r P7:c inputs[I] weights[W] sums[O] C4 S3 K16";
    static const std::string kWhole =
        "DRAM[WIO] K4 P8 buffer[WIO] Q56 C16 P7:c K4:r R3:r registers[WIO] K4 C4 S3";
    static const std::map<std::string, std::string> kMappings = {
        {"gemmini",
         "DRAM[WIO] K4 P4 scratchpad[WI] K16:c accumulator[O] C4 R3 S3 P14 Q56 C16:r "
         "register[W]"},
        {"eyeriss", kSplit},
        {"nvdla-like",
         "DRAM[WIO] K2 buffer[WI] P56 Q2 K32:c accumulator[O] R3 S3 Q28 C64:r "
         "register[W]"},
        {"shidiannao-like",
         "DRAM[WIO] P7 Q7 inputs[I] weights[W] K64 outputs[O] P8:r Q8:c "
         "register[O] C64 R3 S3"},
        {"tpu-like", "DRAM[WIO] buffer[IO] K64:c accumulator[O] S3 P56 Q56 C64:r R3:r register[W]"},
        {"authors-asic", kWhole},
        {"A0", "DRAM[WIO] K16 P56 Q14 buffer[WIO] C16 R3 S3 K4:r C4:c registers[WIO] Q4"},
        {"A1", kWhole},
        {"A2", kSplit},
    };
    return kMappings;
}

TEST(Presets, EachEvaluatesAResNetLayerUnderEveryConvention) {
    const auto layer = resnetLayer();
    EXPECT_EQ(presets().size(), writtenMappings().size());
    for (const auto& preset : presets()) {
        const auto mapping = writtenMapping(writtenMappings().at(preset.name()));
        const auto follows = checkDataflow(layer, mapping, preset.dataflow);
        EXPECT_TRUE(follows.ok()) << preset.name() << ": " << follows.error().what;
        for (const auto& convention : kConventions) {
            const auto result = evaluateLoopNest(layer, mapping, preset.hierarchy, convention);
            ASSERT_TRUE(result.ok()) << preset.name() << ": " << result.error().what;
            EXPECT_EQ(result->macs, 115605504);
            EXPECT_GE(result->cycles * static_cast<double>(preset.hierarchy.pes), result->macs);
            EXPECT_GT(result->energyPicojoule, result->macPicojoule);
        }
    }
}

TEST(Presets, SayTheirSourceAndWhatIsAnEstimate) {
    for (const auto& preset : presets()) {
        EXPECT_EQ(preset.dataflow.levels.size(), preset.hierarchy.levels.size()) << preset.name();
        EXPECT_FALSE(preset.hierarchy.source.empty()) << preset.name();
        const bool says = preset.hierarchy.source.find("(estimate)") != std::string::npos;
        EXPECT_EQ(says, preset.hierarchy.estimate) << preset.name();
        ASSERT_TRUE(findPreset(preset.name()));
    }
    EXPECT_FALSE(findPreset("Eyeriss 3"));
}

TEST(Presets, KeepOnlyWhatTheMemoriesMayKeep) {
    for (const auto& preset : presets()) {
        for (std::size_t l = 0; l < preset.hierarchy.levels.size(); ++l) {
            for (std::size_t t = 0; t < model::kTensors; ++t) {
                if (!preset.dataflow.levels[l].keeps[t]) continue;
                EXPECT_TRUE(preset.hierarchy.levels[l].mayKeep[t]) << preset.name() << " " << l;
            }
        }
    }
    const auto eyeriss = *findPreset("eyeriss");
    auto mapping = writtenMapping(writtenMappings().at("eyeriss"));
    mapping.levels[2].keeps = {true, true, false};
    EXPECT_FALSE(evaluateLoopNest(resnetLayer(), mapping, eyeriss.hierarchy).ok());
    EXPECT_FALSE(checkDataflow(resnetLayer(), mapping, eyeriss.dataflow).ok());
}

TEST(Presets, RefuseTilesThatOverflowAScratchpad) {
    const auto mapping = writtenMapping(
        "DRAM[WIO] K4 P8 buffer[IO] C2 Q56 R3:r C4:r P7:c inputs[I] weights[W] sums[O] C8 S3 K16");
    const auto result = evaluateLoopNest(resnetLayer(), mapping, findPreset("eyeriss")->hierarchy);
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().what.find("input scratchpad of 12 words by 12"), std::string::npos)
        << result.error().what;
}

TEST(Presets, TheArrayIsTwoDimensional) {
    const auto gemmini = *findPreset("gemmini");
    const auto mapping = writtenMapping(
        "DRAM[WIO] P4 scratchpad[WI] K64:c accumulator[O] C16 R3 S3 P14 Q56 C4:r register[W]");
    const auto result = evaluateLoopNest(resnetLayer(), mapping, gemmini.hierarchy);
    ASSERT_FALSE(result.ok());  // 256 multipliers as the array has, but 64 of its 16 columns
    EXPECT_NE(result.error().what.find("64 columns"), std::string::npos) << result.error().what;
}

TEST(Presets, EyerissEnergiesKeepItsRatios) {
    const auto eyeriss = *findPreset("eyeriss");
    const auto mapping = writtenMapping(writtenMappings().at("eyeriss"));
    const auto result = evaluateLoopNest(resnetLayer(), mapping, eyeriss.hierarchy);
    ASSERT_TRUE(result.ok());
    const auto moved = [&](std::size_t level, Tensor tensor) {
        return result->levels[level].tensors[static_cast<std::size_t>(tensor)];
    };
    const auto energy = [&](std::size_t level, Tensor tensor) {
        return result->levels[level].energyPicojoule[static_cast<std::size_t>(tensor)];
    };
    EXPECT_EQ(result->macPicojoule, static_cast<double>(result->macs));
    EXPECT_EQ(energy(0, Tensor::Inputs),
              200.0 * static_cast<double>(moved(0, Tensor::Inputs).reads));
    EXPECT_EQ(energy(1, Tensor::Inputs), 6.0 * static_cast<double>(moved(1, Tensor::Inputs).reads));
    const auto spad = moved(3, Tensor::Weights);
    EXPECT_EQ(energy(3, Tensor::Weights),
              2.0 * static_cast<double>(spad.fills) + 1.0 * static_cast<double>(spad.reads));
    EXPECT_EQ(spad.reads, result->macs);
}

TEST(Presets, StaticPowerGrowsWithTime) {
    const auto tpu = *findPreset("tpu-like");
    const auto mapping = writtenMapping(writtenMappings().at("tpu-like"));
    const auto result = evaluateLoopNest(resnetLayer(), mapping, tpu.hierarchy);
    ASSERT_TRUE(result.ok());
    const double seconds = result->cycles / (tpu.clockMhz * 1e6);
    EXPECT_NEAR(result->staticPicojoule * 1e-12, 28 * seconds, 1e-12);
}

TEST(Presets, TheReferenceArchitecturesGiveTheResultsOfTimeloop) {
    auto toy = resnetLayer();
    toy.sizes = {1, 4, 3, 4, 4, 3, 3};
    struct Case {
        const char* preset;
        model::Layer layer;
        const char* mapping;
        double cycles;
        double energy;
    };
    const Case cases[] = {
        {"A0", toy, "DRAM[WIO] K4 P4 buffer[WIO] Q2 R3:r C3:c registers[WIO] Q2 S3", 540, 139292},
        {"A1", resnetLayer(),
         "DRAM[WIO] P4 K8 C2 buffer[WIO] Q8 C8 K4 R3:r C4:r P14:c registers[WIO] K2 Q7 S3", 688128,
         1155047424},
        {"A2", resnetLayer(),
         "DRAM[WIO] C8 P4 K4 buffer[IO] C8 P14 K16 Q56 S3:r inputs[I] weights[W] R3 sums[O]",
         38535168, 2647367168}};
    for (const auto& c : cases) {
        const auto result = evaluateLoopNest(c.layer, writtenMapping(c.mapping),
                                             findPreset(c.preset)->hierarchy, kTimeloop2025);
        ASSERT_TRUE(result.ok()) << c.preset << ": " << result.error().what;
        EXPECT_EQ(result->cycles, c.cycles) << c.preset;
        EXPECT_EQ(result->energyPicojoule, c.energy) << c.preset;
    }
}

TEST(Dataflow, RefusesLoopsThatItDoesNotUnrollOrOrder) {
    const auto layer = resnetLayer();
    const auto nvdla = findPreset("nvdla-like")->dataflow;
    const auto refused = [&](const std::string& text) {
        const auto result = checkDataflow(layer, writtenMapping(text), nvdla);
        return result.ok() ? std::string() : result.error().what;
    };
    EXPECT_NE(refused("DRAM[WIO] K64 buffer[WI] P2 Q28:c accumulator[O] R3 S3 Q2 P28 C64:r "
                      "register[W]")
                  .find("Q cannot be unrolled over columns"),
              std::string::npos);
    EXPECT_NE(refused("DRAM[WIO] K2 buffer[WI] P56 Q2 K32:c accumulator[O] R3 Q28 S3 C64:r "
                      "register[W]")
                  .find("loop over S lies inside Q"),
              std::string::npos);
    EXPECT_NE(refused("DRAM[WIO] K2 buffer[WI] P56").find("levels"), std::string::npos);
}

TEST(EnergyTables, KeepPublishedPointsAndMarkWhatIsScaled) {
    const auto nm45 = *findEnergyTable("horowitz-45nm");
    EXPECT_EQ(addition(nm45, 8).picojoule, 0.03);
    EXPECT_EQ(addition(nm45, 32).picojoule, 0.1);
    EXPECT_EQ(multiplication(nm45, 8).picojoule, 0.2);
    EXPECT_EQ(multiplication(nm45, 32).picojoule, 3.1);
    EXPECT_FALSE(multiplyAccumulate(nm45, 8, 32).estimate);
    EXPECT_TRUE(multiplyAccumulate(nm45, 16, 32).estimate);
    for (const auto& [kib, picojoule] : {std::pair{8, 10.0}, {32, 20.0}, {1024, 100.0}}) {
        const auto read = sramAccess(nm45, kib * 1024, 64);
        EXPECT_DOUBLE_EQ(read.picojoule, picojoule);
        EXPECT_FALSE(read.estimate);
    }
    EXPECT_TRUE(sramAccess(nm45, 64 * 1024, 64).estimate);
    const double dram = dramAccess(nm45, 64).picojoule;
    EXPECT_TRUE(dram >= 1300 && dram <= 2600 && dramAccess(nm45, 64).estimate);

    const auto nm40 = *findEnergyTable("timeloop-40nm");
    const auto scratchpad = gemminiOf2022(16, 256 * 1024, 1024).levels[1].readPicojoule;
    EXPECT_NEAR(sramAccess(nm40, 256 * 1024, 8).picojoule, scratchpad, 1e-12);
    EXPECT_EQ(multiplyAccumulate(nm40, 8, 32).picojoule, 0.5608);
}

TEST(EnergyTables, GrowWithSizeAndWidth) {
    for (const auto& table : energyTables()) {
        for (double bytes = 64; bytes < 1 << 22; bytes *= 2) {
            EXPECT_LT(sramAccess(table, bytes, 16).picojoule,
                      sramAccess(table, 2 * bytes, 16).picojoule);
        }
        for (int bits = 4; bits < 64; bits *= 2) {
            EXPECT_LT(multiplication(table, bits).picojoule,
                      multiplication(table, 2 * bits).picojoule);
        }
    }
}

}  // namespace
}  // namespace cohelix::nest
