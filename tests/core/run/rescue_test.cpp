// SPDX-License-Identifier: GPL-3.0-or-later
//
// What only this room can judge of a damaged project: weights and states.

#include "core/run/rescue.h"

#include "core/learn/learn.h"
#include "core/run/replay.h"
#include "core/run/session.h"

#include "tests/core/store/rescue_samples.h"

namespace cohelix::run {
namespace {

namespace full = store::samples;

TEST(RescueOfRuns, WeightsAndStatesThatCannotBeReadAreLostAndTold) {
    const full::Folder folder;
    const auto from = folder.file("a.cohelix");
    const auto to = folder.file("b.cohelix");
    full::makeFullProject(from);
    learn::TrainedWeights weights;
    weights.mean = {0.5F};
    weights.deviation = {0.25F};
    {
        const auto project = full::opened(from);
        ASSERT_TRUE(
            project->putArtifact(full::kTrained[0] + 1, {"weights", learn::toBytes(weights)}));
        EXPECT_NE(check(*project).value(), store::Findings{});
    }
    const auto done = rescue(from, to);
    ASSERT_TRUE(done) << toText(done.error());
    const auto project = full::opened(to);
    EXPECT_EQ(check(*project).value(), store::Findings{});
    const std::vector<std::string> lost = {
        "trained weights of design 18, 67: the measured accuracy is kept",
        "the saved state of checkpoint 1 to 2"};
    EXPECT_EQ(done->lost, lost);
    EXPECT_EQ(project->design(full::kTrained[0] + 1)->state, store::DesignState::Trained);
}

TEST(RescueOfRuns, ARunWhoseSpecificationIsLostCannotBeResumed) {
    const full::Folder folder;
    const auto path = folder.file("a.cohelix");
    full::makeFullProject(path);
    full::execute(path, "UPDATE revision SET text = 'lost' WHERE id = 2");
    const auto project = full::opened(path);
    EXPECT_EQ(resumptionOf(*project, 2), Resumption::Nowhere);
    EXPECT_EQ(resumptionOf(*project, 1), Resumption::Nowhere) << "its states are none of a search";
    full::execute(path, "DELETE FROM checksum; DELETE FROM checkpoint");
    EXPECT_EQ(resumptionOf(*full::opened(path, store::Access::ReadOnly), 1), Resumption::Nowhere);
    EXPECT_EQ(resumptionOf(*project, 1), Resumption::FirstStep);
}

}  // namespace
}  // namespace cohelix::run
