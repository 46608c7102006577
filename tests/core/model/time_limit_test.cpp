// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include <gtest/gtest.h>

#include "core/base/words.h"
#include "core/model/design.h"

namespace cohelix::model {
namespace {

TEST(TimeLimit, OfEveryKindAndMemoryHasATextOfItsOwnThatReadsBack) {
    LayerCost layer;
    for (const char* memory : {"DRAM", "buffer", "register file"}) {
        layer.traffic.push_back({.memory = memory});
    }
    std::set<std::string> texts;
    for (const auto kind : base::kValues<TimeLimit::Kind>) {
        const bool ofMemory = kind == TimeLimit::Kind::Bandwidth || kind == TimeLimit::Kind::Refill;
        for (int memory = 0; memory < (ofMemory ? 3 : 1); ++memory) {
            layer.limit = {kind, memory};
            EXPECT_EQ(limitFromText(limitText(layer), layer.traffic), layer.limit);
            EXPECT_TRUE(texts.insert(limitText(layer)).second) << limitText(layer);
        }
    }
    EXPECT_TRUE(texts.contains("buffer refill"));
    EXPECT_TRUE(texts.contains("write-back"));
}

TEST(TimeLimit, OfNoMemoryOfTheLayerIsNone) {
    const std::vector<MemoryTraffic> traffic = {{.memory = "DRAM"}};
    for (const char* text : {"", "refill of DRAM", "buffer bandwidth", "DRAM", "foo"}) {
        EXPECT_FALSE(limitFromText(text, traffic)) << text;
    }
}

}  // namespace
}  // namespace cohelix::model
