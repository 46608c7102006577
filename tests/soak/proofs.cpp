// SPDX-License-Identifier: GPL-3.0-or-later
// Proven accelerators held against trying every one and against every search, on drawn networks,
// spaces, limits and forms of the FPGA model, until the draws or the seconds are spent:
//
//     proof_soak [DRAWS [SECONDS [FIRST_SEED]]]
//
// A fault is printed with its seed and ends it with code 1.
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tests/support/searches_below_proof.h"

namespace {

std::uint64_t argument(int argc, char** argv, int index, std::uint64_t usual) {
    return argc > index ? std::strtoull(argv[index], nullptr, 10) : usual;
}

}  // namespace

int main(int argc, char** argv) {
    using namespace cohelix;
    constexpr std::int64_t kEvaluations = 40;
    const auto draws = argument(argc, argv, 1, 10000);
    const auto seconds = static_cast<double>(argument(argc, argv, 2, 600));
    const auto first = argument(argc, argv, 3, 1000);
    const auto start = std::chrono::steady_clock::now();
    const auto spent = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    std::uint64_t done = 0;
    std::int64_t proofs = 0;
    std::int64_t tried = 0;
    std::int64_t searches = 0;
    for (; done < draws && spent() < seconds; ++done) {
        const auto drawn = test::drawnAccelerators(first + done);
        const auto proven = test::provenPeriod(drawn);
        proofs += proven ? 1 : 0;
        auto fault = test::faultOfProof(drawn, proven, tried);
        if (fault.empty()) {
            fault = test::searchBelowProof(drawn, proven, kEvaluations, searches);
        }
        if (fault.empty()) continue;
        std::printf("%s\n", fault.c_str());
        return 1;
    }
    std::printf(
        "%llu draws (%lld proven, %lld accelerators tried, %lld searches with a result) in "
        "%.0f s: no fault\n",
        static_cast<unsigned long long>(done), static_cast<long long>(proofs),
        static_cast<long long>(tried), static_cast<long long>(searches), spent());
    return 0;
}
