// SPDX-License-Identifier: GPL-3.0-or-later
// fuzz_seeds FOLDER: writes FOLDER/TARGET/seed-N for every fuzzer.
#include "tests/fuzz/seeds.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

namespace {

using namespace cohelix::fuzz;
namespace fs = std::filesystem;

void write(const fs::path& folder, const std::vector<Seed>& seeds,
           std::map<std::string, int>& counts) {
    for (const auto& seed : seeds) {
        fs::create_directories(folder / seed.target);
        const auto name = "seed-" + std::to_string(counts[seed.target]++);
        std::ofstream(folder / seed.target / name, std::ios::binary) << seed.content;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: fuzz_seeds FOLDER\n", stderr);
        return 2;
    }
    std::map<std::string, int> counts;
    for (const auto& seeds :
         {documentSeeds(), modelSeeds(), tableSeeds(), imageSeeds(), runSeeds()}) {
        write(argv[1], seeds, counts);
    }
    return 0;
}
