// SPDX-License-Identifier: GPL-3.0-or-later
// kill_and_resume CLI SPEC.json|small KILLS [SEED]
//
// Runs a search undisturbed, then again while killing it (SIGKILL) at random moments and resuming
// it each time. After every kill the file must be sound and hold every design that it held before;
// at the end both files must hold the same designs. The small search is steered while it goes on.
// Exit code 0: so it was; 77: cannot be run here.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <thread>

#include "core/base/random.h"
#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace {

using namespace cohelix;

struct Soak {
    std::string cli;
    std::string spec;
    std::string changes;  ///< file of them; empty: none
    test::TemporaryFolder folder;
    bool failed = false;

    std::string file(const std::string& name) const { return (folder / name).string(); }

    void require(bool condition, const std::string& what) {
        if (condition) return;
        std::fprintf(stderr, "FAILED: %s\n", what.c_str());
        failed = true;
    }

    std::vector<std::string> search(const std::string& project) const {
        std::vector<std::string> arguments = {"search", spec, "--project", project};
        if (!changes.empty()) arguments.insert(arguments.end(), {"--steer", changes});
        return arguments;
    }

    test::Outcome command(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), cli);
        return test::runToEnd(arguments, folder.path());
    }

    /// The designs as CSV lines without their heading; empty when the file has none yet.
    std::set<std::string> designs(const std::string& project) const {
        std::istringstream csv(command({"designs", project, "--format", "csv"}).out);
        std::set<std::string> lines;
        std::string line;
        std::getline(csv, line);
        while (std::getline(csv, line)) lines.insert(line);
        return lines;
    }

    /// Their ids: a design may be trained between two looks, but never vanish.
    static std::set<std::string> ids(const std::set<std::string>& lines) {
        std::set<std::string> out;
        for (const auto& line : lines) out.insert(line.substr(0, line.find(',')));
        return out;
    }
};

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Seconds that the undisturbed search took.
double undisturbed(Soak& soak) {
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = soak.command(soak.search(soak.file("whole.cohelix")));
    soak.require(outcome.exitCode == 0, "the undisturbed search: " + outcome.err);
    return secondsSince(start);
}

/// One stretch of the search, killed after `seconds` unless it ends before; true when it ended.
bool stretch(Soak& soak, const std::string& project, bool first, double seconds) {
    auto arguments = first ? soak.search(project) : std::vector<std::string>{"resume", project};
    arguments.insert(arguments.begin(), soak.cli);
    test::Subprocess search(arguments, soak.folder.path());
    const auto start = std::chrono::steady_clock::now();
    while (secondsSince(start) < seconds) {
        if (search.ended()) {
            const auto outcome = search.wait();
            soak.require(outcome.exitCode == 0, "a stretch ended by itself: " + outcome.err);
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    search.signal(SIGKILL);
    (void)search.wait();
    return false;
}

void killedAndResumed(Soak& soak, int kills, std::uint64_t seed, double seconds) {
    const auto project = soak.file("killed.cohelix");
    base::Random random(seed, "kill");
    std::set<std::string> known;
    bool started = false;
    bool ended = false;
    int done = 0;
    for (int kill = 0; kill < kills && !ended; ++kill) {
        // Mostly within the search's own pace, sometimes at once: while opening or preparing.
        const double pause = 0.05 + random.uniform() * 1.6 * seconds / kills;
        ended = stretch(soak, project, !started, pause);
        if (!ended) ++done;
        const bool exists = std::filesystem::exists(project);
        const auto runs =
            exists ? soak.command({"runs", project, "--format", "json"}) : test::Outcome{};
        started = started || runs.out.find("\"id\"") != std::string::npos;
        if (!exists || (!started && runs.exitCode != 0)) {
            std::filesystem::remove(project);  // killed before the file was whole
            continue;
        }
        const auto check = soak.command({"check", project});
        soak.require(check.exitCode == 0, "check after kill " + std::to_string(kill) + ": " +
                                              check.out + check.err);
        const auto now = Soak::ids(soak.designs(project));
        for (const auto& id : known) soak.require(now.contains(id), "design " + id + " is lost");
        known = now;
        if (!started) std::filesystem::remove(project);
    }
    if (!ended) ended = stretch(soak, project, !started, 1e9);
    std::printf("killed %d times, %zu designs at the last look\n", done, known.size());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fputs("usage: kill_and_resume CLI SPEC.json|small KILLS [SEED]\n", stderr);
        return 2;
    }
    Soak soak{argv[1], argv[2], {}, {}, false};
    if (soak.spec == "small") {
        auto spec = test::smallSpecification(soak.folder.path());
        if (!spec) {
            std::fputs("NOT CHECKED: Fashion-MNIST is not installed\n", stderr);
            return 77;
        }
        spec->search.epochs = 6;
        soak.spec = soak.file("spec.json");
        std::ofstream(soak.spec) << space::toText(*spec);
        soak.changes = soak.file("changes.json");
        std::ofstream(soak.changes) << R"([
            {"step": 4, "change": "pin", "choice": "block1", "option": "k3_e3"},
            {"step": 12, "change": "limit", "limit": "dsp", "value": 150},
            {"step": 25, "change": "weight", "target": 0, "factor": 3},
            {"step": 31, "change": "stop", "target": 1}])";
    }
    const std::uint64_t seed = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 1;
    const double seconds = undisturbed(soak);
    std::printf("undisturbed: %.1f s\n", seconds);
    std::fflush(stdout);
    killedAndResumed(soak, std::atoi(argv[3]), seed, seconds);
    const auto whole = soak.designs(soak.file("whole.cohelix"));
    const auto killed = soak.designs(soak.file("killed.cohelix"));
    soak.require(!whole.empty(), "the undisturbed search has no designs");
    soak.require(whole == killed, "the designs differ: " + std::to_string(whole.size()) + " and " +
                                      std::to_string(killed.size()));
    std::printf("%s: %zu designs\n", soak.failed ? "FAILED" : "equal", whole.size());
    return soak.failed ? 1 : 0;
}
