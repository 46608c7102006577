// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interop/designs/c_header.h"

#include <cstdlib>

#include "core/base/output_file.h"

#include "samples.h"

namespace cohelix::interop {
namespace {

using namespace samples;

/// Compiles a C99 program that includes the header twice, runs it and gives its exit code.
int run(const std::string& header, const std::string& program) {
    const Folder folder;
    EXPECT_TRUE(base::writeFile(folder.file("design.h"), header));
    EXPECT_TRUE(
        base::writeFile(folder.file("main.c"),
                        "#include \"design.h\"\n#include \"design.h\"\n#include <string.h>\n"
                        "int main(void) {\n" +
                            program + "\n}\n"));
    const std::string compile = "cc -std=c99 -pedantic -Wall -Wextra -Werror -o '" +
                                folder.file("main") + "' '" + folder.file("main.c") + "'";
    EXPECT_EQ(std::system(compile.c_str()), 0) << header;
    const int status = std::system(folder.file("main").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(CHeader, IsValidCAndSaysWhatTheDesignIs) {
    auto design = document();
    design.network.layers[1].stride = {2, 1};
    const auto& layers = design.network.layers;
    std::int64_t loops = 0;
    for (const auto& layer : design.cost.layers) {
        for (const auto& level : layer.mapping.levels) {
            loops += static_cast<std::int64_t>(level.loops.size());
        }
    }
    const auto last = std::to_string(layers.size() - 1);
    EXPECT_EQ(run(cHeader(design, "small-design 12"),
                  "if (SMALL_DESIGN_12_LAYERS != " + std::to_string(layers.size()) +
                      ") return 1;\n"
                      "if (SMALL_DESIGN_12_CHUNK0_BUFFER_OUTPUTS != 4) return 2;\n"
                      "if (SMALL_DESIGN_12_CHUNK0_BITS != 16) return 3;\n"
                      "if (SMALL_DESIGN_12_CHUNK0_PORT_WORDS != 4) return 3;\n"
                      "if (SMALL_DESIGN_12_CHUNK0_DOUBLE_WEIGHTS != 0) return 3;\n"
                      "if (strcmp(SMALL_DESIGN_12_CHUNK0_NAME, \"main \\\"one\\\"\")) return 4;\n"
                      "if (strcmp(small_design_12_layers[0].name, \"stem\")) return 5;\n"
                      "if (small_design_12_layers[0].sizes[1] != 8) return 6;\n"
                      "if (small_design_12_layers[0].tile_trips[1] != 2) return 7;\n"
                      "if (small_design_12_layers[0].input != -1) return 8;\n"
                      "if (small_design_12_layers[1].stride[0] != 2) return 16;\n"
                      "if (small_design_12_layers[1].stride[1] != 1) return 17;\n"
                      "if (SMALL_DESIGN_12_LOOPS != " +
                      std::to_string(loops) +
                      ") return 9;\n"
                      "if (small_design_12_layers[" +
                      last + "].first_loop + small_design_12_layers[" + last +
                      "].loops != SMALL_DESIGN_12_LOOPS) return 10;\n"
                      "if (small_design_12_loops[2].kind != SMALL_DESIGN_12_ROWS) return 11;\n"
                      "if (small_design_12_loops[2].level != 1) return 12;\n"
                      "if (small_design_12_loops[2].trips != 4) return 13;\n"
                      "if (small_design_12_loops[2].dim != 'K') return 14;\n"
                      "return SMALL_DESIGN_12_CLOCK_MHZ == 200.0 ? 0 : 15;"),
              0);
}

TEST(CHeader, SaysInWhichPrecisionAccuraciesWereEvaluated) {
    auto design = document();
    EXPECT_NE(cHeader(design, "x").find("evaluated in floating point"), std::string::npos);
    design.precision.assign(design.network.layers.size(), {8, -1.5F, 3.25F});
    design.precision[1] = {4, 0, 6};
    EXPECT_EQ(run(cHeader(design, "x"),
                  "if (sizeof x_precision / sizeof x_precision[0] != X_LAYERS) return 1;\n"
                  "if (x_precision[0].bits != 8 || x_precision[1].bits != 4) return 2;\n"
                  "return x_precision[0].least == -1.5 && x_precision[0].most == 3.25 ? 0 : 3;"),
              0);
}

TEST(CHeader, SurvivesHostileNamesAndEmptyMappings) {
    auto design = document();
    design.accelerator.pipeline[0].name = "*/ ?\?/ \\ \n \xc3\xbc\" #error";
    design.network.layers[0].name = "a\"b\\c\n";
    for (auto& layer : design.cost.layers) layer.mapping = {};
    EXPECT_EQ(run(cHeader(design, "9 */ lives\n#error \xc3\xbc"),
                  "return strlen(DESIGN_9____LIVES__ERROR____LAYERS ? "
                  "design_9____lives__error____layers[0].name : \"\") == 6 ? 0 : 1;"),
              0);
}

TEST(CHeader, DescribesLoopNestArraysToo) {
    auto design = document();
    design.accelerator.kind = model::Template::LoopNest;
    design.accelerator.pipeline.clear();
    model::ArrayChunk chunk;
    chunk.name = "array";
    chunk.spatial = {1, 4, 8, 1, 1, 1, 1};
    chunk.peCount = 32;
    chunk.bufferWords = std::int64_t{1} << 40;
    design.accelerator.arrays = {chunk};
    EXPECT_EQ(run(cHeader(design, "asic"),
                  "return ASIC_CHUNK0_PES == 32 && ASIC_CHUNK0_SPATIAL_C == 8 && "
                  "ASIC_CHUNK0_BUFFER_WORDS == INT64_C(1099511627776) && asic_layers[0].chunk == 0 "
                  "&& asic_loops[0].trips > 0 ? 0 : 1;"),
              0);
}

TEST(CHeader, IdentifiersAreValid) {
    EXPECT_EQ(cIdentifier("good_Name9"), "good_Name9");
    EXPECT_EQ(cIdentifier("a b-c"), "a_b_c");
    EXPECT_EQ(cIdentifier("9lives"), "design_9lives");
    EXPECT_EQ(cIdentifier("__x"), "design___x");
    EXPECT_EQ(cIdentifier(""), "design_");
}

}  // namespace
}  // namespace cohelix::interop
