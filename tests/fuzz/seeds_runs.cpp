// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <iterator>

#include "core/store/project.h"

#include "tests/fuzz/checkpoint.h"
#include "tests/fuzz/scratch_folder.h"
#include "tests/fuzz/seeds.h"

namespace cohelix::fuzz {
namespace {

std::string textOf(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

store::DesignRecord recordOf(const search::ReportedDesign& design) {
    store::DesignRecord record;
    record.row.choices = design.choices;
    record.row.target = design.target;
    record.row.grade = model::AccuracyGrade::SupernetEstimate;
    record.row.accuracy = design.accuracy;
    record.row.macs = design.macs;
    record.row.parameters = design.parameters;
    record.cost = design.cost;
    return record;
}

/// Every state of a whole search, and what it found.
void runSmallSearch(std::vector<Seed>& seeds, std::vector<store::DesignRecord>& found) {
    auto search = smallSearch();
    require(search.ok(), search ? "" : base::toText(search.error()));
    while (!(*search)->done()) {
        seeds.push_back({"checkpoint", textOf((*search)->save())});
        const auto report = (*search)->step();
        require(report.ok(), report ? "" : base::toText(report.error()));
        for (const auto& design : report->designs) {
            if (found.size() < 4) found.push_back(recordOf(design));
        }
    }
    seeds.push_back({"checkpoint", textOf((*search)->save())});
}

std::string projectWith(const std::vector<store::DesignRecord>& designs) {
    const ScratchFolder folder;
    const auto path = folder.file("p.cohelix");
    {
        auto project = store::Project::create(path);
        if (!project) return {};
        store::RunRow run;
        run.name = "run";
        run.revision = (*project)->addRevision(smallSpecification()).value();
        run.threads = 1;
        const auto id = (*project)->addRun(run, {{1, spec::WeighTarget{0, 2}}}).value();
        store::Commit commit;
        commit.run = id;
        commit.designs = designs;
        commit.checkpoint = store::Checkpoint{1, {1, 2, 3}};
        (void)(*project)->commit(commit);
        (void)(*project)->addEvent({0, id, {}, "info", "an event"});
        (void)(*project)->setRunState(id, store::RunState::Finished, "");
    }
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

std::vector<Seed> runSeeds() {
    std::vector<Seed> seeds;
    std::vector<store::DesignRecord> found;
    runSmallSearch(seeds, found);
    seeds.push_back({"project", projectWith({})});
    seeds.push_back({"project", projectWith(found)});
    return seeds;
}

}  // namespace cohelix::fuzz
