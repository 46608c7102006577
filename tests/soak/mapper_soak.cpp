// SPDX-License-Identifier: GPL-3.0-or-later
// mapper_soak DRAWS [SEED] [KIND]
//
// Draws so many small map spaces of every kind, or of one, and holds what the mapper calls the
// optimum of each against every mapping in it, and of every fourth the bounds by which it leaves
// parts out. Prints how many of each kind there were, and of the
// first that is falsified what a test can be made of. Exit code 0: none was.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/core/mapping/every_mapping.h"

namespace {

using namespace cohelix::mapping::test;

/// Bounds take longer than the optimum.
constexpr std::uint64_t kBoundsOnceIn = 4;

struct Soak {
    std::uint64_t seed = 1;
    std::string only;  ///< kind; empty: all
    std::array<std::uint64_t, kKinds.size()> tried = {};

    /// Whether the mapper is right about the draw.
    bool holds(std::uint64_t number) {
        const Kind kind = kKinds[number % kKinds.size()];
        if (!only.empty() && only != kindName(kind)) return true;
        ++tried[static_cast<std::size_t>(kind)];
        const auto sample = drawSample(kind, seed, number);
        auto falsehood = falsehoodAbout(sample);
        if (falsehood.empty() && number / kKinds.size() % kBoundsOnceIn == 0) {
            falsehood = brokenBound(sample);
        }
        if (falsehood.empty()) return true;
        std::printf("FALSIFIED by draw %llu of seed %llu (%s): %s\n\n%s\n",
                    static_cast<unsigned long long>(number), static_cast<unsigned long long>(seed),
                    std::string(kindName(kind)).c_str(), falsehood.c_str(), codeOf(sample).c_str());
        return false;
    }

    void report(double seconds) const {
        std::uint64_t all = 0;
        for (const Kind kind : kKinds) {
            const auto spaces = tried[static_cast<std::size_t>(kind)];
            all += spaces;
            std::printf("%10llu %s\n", static_cast<unsigned long long>(spaces),
                        std::string(kindName(kind)).c_str());
        }
        std::printf("%10llu spaces of seed %llu in %.1f s\n", static_cast<unsigned long long>(all),
                    static_cast<unsigned long long>(seed), seconds);
    }
};

std::uint64_t numberIn(const char* text) { return std::strtoull(text, nullptr, 10); }

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc > 4) {
        std::fprintf(stderr, "mapper_soak DRAWS [SEED] [KIND]\n");
        return 2;
    }
    Soak soak{.seed = argc > 2 ? numberIn(argv[2]) : 1, .only = argc > 3 ? argv[3] : ""};
    const auto begin = std::chrono::steady_clock::now();
    bool holds = true;
    for (std::uint64_t i = 0; i < numberIn(argv[1]) && holds; ++i) holds = soak.holds(i);
    soak.report(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    return holds ? 0 : 1;
}
