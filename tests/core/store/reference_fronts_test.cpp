// SPDX-License-Identifier: GPL-3.0-or-later
// True fronts in the project file, and files from before there were any.
#include <limits>

#include "samples.h"

namespace cohelix::store {
namespace {

using namespace samples;

ReferenceFront sample(const std::string& networks = "nasbench-macro", double dsp = 900) {
    ReferenceFront front;
    front.created = "2026-01-31T09:15:00.250Z";
    front.programVersion = "0.1.0";
    front.networkSpace = networks;
    front.source = "NAS-Bench-Macro, CIFAR-10, 'mean' accuracy";
    front.network = spaceText(specification().network);
    front.acceleratorSpace = "wide";
    front.accelerator = spaceText(specification().accelerator);
    front.limits.dsp = dsp;
    front.limits.bram18k = 700;
    front.leastAccuracy = 0.85;
    front.seconds = 0.43;
    front.designs = {{{885.5, 700}, "22212202", {0, 3, 12}, 341.1124, 0.931267},
                     {{624, 312}, "11201000", {}, 1144.112, 0.903267}};
    return front;
}

/// A file of the first version, as an older program left it.
void makeFirstVersion(const std::string& path) {
    makeProject(path, 3);
    for (const char* later :
         {"checksum", "reached", "reference_design", "reference_front", "steering"}) {
        execute(path, std::string("DROP TABLE IF EXISTS ") + later);
    }
    execute(path, "PRAGMA user_version = 1");
}

TEST(ReferenceFronts, AreReadBackExactly) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    auto front = sample();
    {
        const auto project = created(path);
        EXPECT_TRUE(project->referenceFronts()->empty());
        const auto id = project->putReferenceFront(front);
        ASSERT_TRUE(id) << toText(id.error());
        front.id = *id;
    }
    const auto project = opened(path, Access::ReadOnly);
    EXPECT_EQ(project->referenceFronts().value(), std::vector{front});
    EXPECT_EQ(project->check().value(), Findings{});
    EXPECT_FALSE(project->latestSpecification().value()) << "a front alone is a whole project";
}

TEST(ReferenceFronts, OfTheSameTableSpacesAndLimitsIsReplaced) {
    const Folder folder;
    const auto project = created(folder.file("a.cohelix"));
    ASSERT_TRUE(project->putReferenceFront(sample()));
    ASSERT_TRUE(project->putReferenceFront(sample("nasbench201:cifar100")));
    ASSERT_TRUE(project->putReferenceFront(sample("nasbench-macro", 450)));
    auto again = sample();
    again.seconds = 9;
    again.designs.pop_back();
    again.id = project->putReferenceFront(again).value();
    const auto fronts = project->referenceFronts().value();
    ASSERT_EQ(fronts.size(), 3u);
    EXPECT_EQ(fronts.back(), again) << "the newest is the last";

    ASSERT_TRUE(project->removeReferenceFront(again.id));
    EXPECT_EQ(project->referenceFronts()->size(), 2u);
    EXPECT_FALSE(project->removeReferenceFront(again.id));
    EXPECT_EQ(project->check().value(), Findings{});
}

TEST(ReferenceFronts, WithoutDesignsOrWithImpossibleFiguresAreRefusedWhole) {
    const Folder folder;
    const auto project = created(folder.file("a.cohelix"));
    auto empty = sample();
    empty.designs.clear();
    EXPECT_FALSE(project->putReferenceFront(empty));
    for (const double wrong : {std::numeric_limits<double>::infinity(),
                               std::numeric_limits<double>::quiet_NaN(), -1.0}) {
        auto front = sample();
        front.designs.back().fps = wrong;
        EXPECT_FALSE(project->putReferenceFront(front)) << wrong;
        front = sample();
        front.limits.dsp = wrong;
        EXPECT_FALSE(project->putReferenceFront(front)) << wrong;
    }
    auto percent = sample();
    percent.designs.front().accuracy = 93;
    EXPECT_FALSE(project->putReferenceFront(percent));
    EXPECT_TRUE(project->referenceFronts()->empty()) << "nothing of a refused front is kept";
}

TEST(ReferenceFronts, AReadOnlyProjectKeepsNone) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    makeProject(path, 1);
    const auto project = opened(path, Access::ReadOnly);
    const auto kept = project->putReferenceFront(sample());
    ASSERT_FALSE(kept);
    EXPECT_NE(kept.error().what.find("reading only"), std::string::npos);
}

TEST(OlderFiles, AreBroughtUpToDateWhenTheyMayBeWritten) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    makeFirstVersion(path);
    const auto designs = [&](Access access) { return opened(path, access)->designs({}).value(); };
    const auto before = designs(Access::ReadOnly);
    EXPECT_EQ(before.size(), 3u);
    {
        const auto project = opened(path);
        EXPECT_FALSE(project->readOnly());
        ASSERT_TRUE(project->putReferenceFront(sample()));
        EXPECT_EQ(project->check().value(), Findings{});
    }
    EXPECT_EQ(opened(path, Access::ReadOnly)->referenceFronts()->size(), 1u);
    EXPECT_EQ(designs(Access::ReadOnly).size(), before.size());
}

TEST(OlderFiles, AreReadAsTheyAreWhenTheyMayNot) {
    const Folder folder;
    const auto path = folder.file("a.cohelix");
    makeFirstVersion(path);
    const auto content = contentOf(path);
    const auto copy = folder.file("copy.cohelix");
    {
        const auto project = opened(path, Access::ReadOnly);
        EXPECT_TRUE(project->referenceFronts()->empty());
        EXPECT_EQ(project->designs({})->size(), 3u);
        EXPECT_EQ(project->check().value(), Findings{});
        EXPECT_FALSE(project->putReferenceFront(sample()));
        ASSERT_TRUE(project->copyTo(copy));
    }
    EXPECT_EQ(contentOf(path), content) << "reading leaves a file as it is";
    EXPECT_TRUE(opened(copy)->putReferenceFront(sample()));
}

TEST(ReferenceFronts, ValuesThatTheTablesForbidAreErrorsWhenRead) {
    const Folder folder;
    const std::vector<std::string> changes = {"reference_front SET dsp_limit = 9e999",
                                              "reference_front SET least_accuracy = 2",
                                              "reference_design SET fps = -1",
                                              "reference_design SET accuracy = 9e999",
                                              "reference_design SET accelerator = '1.-2'",
                                              "reference_design SET accelerator = '1..2'",
                                              "reference_design SET accelerator = '1.'",
                                              "reference_design SET accelerator = 'x'"};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto path = folder.file(std::to_string(i));
        ASSERT_TRUE(created(path)->putReferenceFront(sample()));
        execute(path, "PRAGMA ignore_check_constraints = ON; UPDATE " + changes[i]);
        const auto project = opened(path, Access::ReadOnly);
        const auto read = project->referenceFronts();
        ASSERT_FALSE(read) << changes[i];
        EXPECT_FALSE(read.error().advice.empty());
        EXPECT_FALSE(project->check()->empty()) << changes[i];
    }
}

}  // namespace
}  // namespace cohelix::store
